/** What is said, what stands on screen and what is translated, in the order of time. */

import { clock, fold, upper } from "./data.js";
import { h, icon } from "./dom.js";
import { entries, role, ROLES, wordAt } from "./entries.js";
import { list } from "./list.js";
import { once } from "./state.js";
import { alike, changes, hits, pieces } from "./texts.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {import("./texts.js").Mark} Mark */

/** Roles that say little about what is going on: shown when asked for. */
const BEHIND = new Set(["ticker", "fixed", "scene"]);

/** How many colours there are for speakers. */
const COLOURS = 6;

/**
 * @param {HTMLElement} host
 * @param {Data} data
 * @param {State} state
 * @param {Words} t
 */
export function transcript(host, data, state, t) {
  const { speech, lines, links, translations, words } = data.tables;
  host.classList.add("transcript");
  if (!speech.rows && !lines.rows && !translations.rows) {
    host.append(h("p", { class: "nothing" }, t.nothing));
    return { empty: true, destroy: () => host.replaceChildren() };
  }

  const counts = new Map();
  for (const name of lines.role) counts.set(role(name), (counts.get(role(name)) ?? 0) + 1);
  const roles = [...ROLES.keys()].filter((name) => counts.has(name));
  const shown = {
    speech: speech.rows > 0,
    screen: lines.rows > 0,
    translations: translations.rows > 0,
    roles: new Set(roles.filter((name) => !BEHIND.has(name) || !speech.rows)),
  };
  const speakers = [...new Set(speech.speaker.filter((id) => id !== null))];
  const different = links.differences.some((one) => one?.length);

  /** @type {Entry[]} */
  let rows = [];
  /** Which row of the transcript a sentence or line has; -1 for none. */
  const placeOf = { speech: new Int32Array(speech.rows), lines: new Int32Array(lines.rows) };
  /** For each row the last sentence up to it, or where nothing is said the row itself; -1 for none. */
  let upTo = new Int32Array(0);
  let starts = new Float64Array(0);
  /** @type {Set<number>} rows of the transcript at the moment */
  let current = new Set();
  /** The row to keep in view, -1 for none. */
  let latest = -1;
  let word = -1;
  let following = true;
  let wanted = "";

  const arrange = () => {
    rows = entries(data.tables, data.linksOf, data.translationsOf, shown);
    placeOf.speech.fill(-1);
    placeOf.lines.fill(-1);
    rows.forEach((entry, place) => {
      if (entry.table === "speech") placeOf.speech[entry.row] = place;
      else if (entry.table === "lines") placeOf.lines[entry.row] = place;
    });
    starts = Float64Array.from(rows, ({ start }) => start);
    upTo = new Int32Array(rows.length);
    let spoken = -1;
    rows.forEach(({ table, start }, place) => {
      if (start > -Infinity && (table === "speech" || !speech.rows || !shown.speech)) spoken = place;
      upTo[place] = spoken;
    });
    for (const name of COLUMNS) host.classList.toggle(`with-${name}`, shown[name]);
    nothing.hidden = rows.length > 0;
  };

  const roleName = (/** @type {string} */ name) => t[/** @type {keyof Words} */ (ROLES.get(name))];

  /** @typedef {"speech" | "screen" | "translations"} Column */
  const COLUMNS = /** @type {Column[]} */ (["speech", "screen", "translations"]);
  const names = { speech: t.speech, screen: t.onScreen, translations: t.translations };
  const present = COLUMNS.filter((name) => shown[name]);

  // The bar: columns and roles, switched on and off.
  const toggle = (
    /** @type {string} */ text,
    /** @type {() => boolean} */ on,
    /** @type {() => void} */ change,
  ) => {
    const button = h("button", {
      type: "button",
      class: "chip",
      "aria-pressed": String(on()),
      onclick: () => {
        change();
        button.setAttribute("aria-pressed", String(on()));
        again();
      },
    });
    button.append(h("span", {}, text));
    return button;
  };
  const bar = h("div", { class: "bar" });
  if (present.length > 1) {
    bar.append(
      h(
        "div",
        { class: "chips", role: "group", "aria-label": t.columns },
        ...present.map((name) =>
          toggle(
            names[name],
            () => shown[name],
            () => (shown[name] = !shown[name]),
          ),
        ),
      ),
    );
  }
  const roleChips = h(
    "div",
    { class: "chips roles", role: "group", "aria-label": t.roles },
    ...roles.map((name) => {
      const button = toggle(
        roleName(name),
        () => shown.roles.has(name),
        () => {
          if (!shown.roles.delete(name)) shown.roles.add(name);
        },
      );
      button.prepend(h("i", { class: `dot role-${name || "other"}` }));
      button.append(h("small", {}, String(counts.get(name))));
      return button;
    }),
  );
  const more = h(
    "button",
    {
      type: "button",
      class: "chip",
      "aria-expanded": "false",
      onclick: () => {
        roleChips.hidden = !roleChips.hidden;
        more.setAttribute("aria-expanded", String(!roleChips.hidden));
      },
    },
    t.roles,
  );
  roleChips.hidden = true;
  if (roles.length > 1) bar.append(more);
  if (different) {
    bar.append(h("div", { class: "legend" }, h("del", {}, t.saidAlone), h("ins", {}, t.onScreenAlone)));
  }
  if (roles.length > 1) bar.append(roleChips);
  const heads = h(
    "div",
    { class: "heads", "aria-hidden": "true" },
    h("span", {}),
    ...present.map((name) => h("span", { class: `head-${name}` }, names[name])),
  );
  heads.hidden = present.length < 2;
  const nothing = h("p", { class: "nothing", hidden: true }, t.nothingShown);
  const body = h("div", { class: "rows" });
  const follow = h(
    "button",
    {
      type: "button",
      class: "follow",
      hidden: true,
      onclick: () => {
        following = true;
        keep();
      },
    },
    icon("forward"),
    h("span", {}, t.follow),
  );
  host.append(bar, heads, nothing, body);

  /**
   * A text with its hits and, where there are any, its words.
   * @param {string} text
   * @param {Mark[]} marks
   */
  const painted = (text, marks) =>
    pieces(text.length, marks).map((piece) => {
      const part = text.slice(piece.from, piece.to);
      const said = piece.marks.find((mark) => mark.name === "word");
      const hit = piece.marks.some((mark) => mark.name === "hit");
      if (!said) return hit ? h("mark", {}, part) : document.createTextNode(part);
      const span = h(
        "span",
        { class: said.row === word ? "word now" : "word" },
        hit ? h("mark", {}, part) : part,
      );
      span.dataset.word = String(said.row);
      return span;
    });

  const when = (/** @type {number} */ start) =>
    start === start
      ? h("button", { type: "button", class: "time", tabindex: "-1" }, clock(start))
      : h("span", { class: "time" });

  const sentence = (/** @type {Entry} */ entry) => {
    const { row } = entry;
    const text = speech.text[row] ?? "";
    /** @type {Mark[]} */
    const marks = hits(text, wanted);
    for (const one of data.wordsOf(row)) {
      marks.push({ from: words.from[one], to: words.to[one], name: "word", row: one });
    }
    const id = speech.speaker[row];
    const before = row > 0 ? speech.speaker[row - 1] : null;
    const who =
      id !== null && id !== before
        ? h(
            "div",
            { class: "who", dir: "auto" },
            h("i", { class: `dot speaker-${speakers.indexOf(id) % COLOURS}` }),
            /^\d+$/.test(id) ? t.speaker.replace("{id}", id) : id,
          )
        : null;
    return h(
      "div",
      { class: "cell said" },
      who,
      h("div", { class: "text", dir: "auto" }, ...painted(text, marks)),
    );
  };

  /** A line on screen; beside a sentence, with what differs. */
  const line = (/** @type {number} */ row, /** @type {number} */ link, /** @type {string} */ beside) => {
    const text = lines.text[row] ?? "";
    const found = hits(text, wanted);
    const differences = link >= 0 ? links.differences[link] : null;
    const parts = changes(text.length, differences ?? []).flatMap(({ what, from, to }) => {
      if (what === "gone") return [h("del", { title: t.saidAlone }, beside.slice(from, to))];
      const inside = found
        .filter((hit) => hit.from < to && hit.to > from)
        .map((hit) => ({ ...hit, from: Math.max(0, hit.from - from), to: Math.min(to, hit.to) - from }));
      const nodes = painted(text.slice(from, to), inside);
      return what === "new" ? [h("ins", { title: t.onScreenAlone }, ...nodes)] : nodes;
    });
    const name = role(lines.role[row]);
    const same = differences !== null && !differences.length && alike(text, beside);
    return h(
      "div",
      { class: `line role-${name || "other"}${same ? " same" : ""}` },
      h("span", { class: "role" }, roleName(name)),
      same ? h("span", { class: "as" }, t.same) : null,
      h("span", { class: "text", dir: "auto" }, ...parts),
    );
  };

  const translated = (/** @type {number} */ row, /** @type {string[]} */ besides) => {
    const text = translations.text[row] ?? "";
    const language = translations.language[row];
    const same = besides.some((one) => alike(one, text));
    return h(
      "div",
      { class: same ? "translated same" : "translated" },
      language ? h("span", { class: "language" }, language) : null,
      h("span", { class: "text", dir: "auto" }, ...painted(text, hits(text, wanted))),
    );
  };

  const fill = (/** @type {HTMLElement} */ element, /** @type {number} */ place) => {
    const entry = rows[place];
    const { table, row } = entry;
    element.classList.add(`of-${table}`);
    element.append(when(data.tables[table].start[row]));
    const beside = table === "speech" ? (speech.text[row] ?? "") : "";
    const told = [beside, ...entry.lines.map((one) => lines.text[one.line] ?? "")];
    if (shown.speech) element.append(table === "speech" ? sentence(entry) : h("div", { class: "cell said" }));
    if (shown.screen) {
      element.append(
        h(
          "div",
          { class: "cell screen" },
          ...(table === "lines"
            ? [line(row, -1, "")]
            : entry.lines.map((one) => line(one.line, one.link, beside))),
        ),
      );
    }
    if (shown.translations) {
      element.append(
        h(
          "div",
          { class: "cell other" },
          ...(table === "translations"
            ? [translated(row, [])]
            : entry.translations.map((one) => translated(one, told))),
        ),
      );
    }
    pick(element, place);
    lit(element, place);
  };

  const pick = (/** @type {HTMLElement} */ element, /** @type {number} */ place) => {
    const chosen = state.get("selected");
    element.classList.toggle("picked", !!chosen && isChosen(chosen, rows[place]));
  };

  /** @param {{table: string, rows: number[]}} chosen @param {Entry} entry */
  const isChosen = (chosen, entry) =>
    (chosen.table === entry.table && chosen.rows.includes(entry.row)) ||
    (chosen.table === "lines" && entry.lines.some(({ line }) => chosen.rows.includes(line))) ||
    (chosen.table === "translations" && entry.translations.some((row) => chosen.rows.includes(row)));

  const lit = (/** @type {HTMLElement} */ element, /** @type {number} */ place) => {
    const now = current.has(place);
    element.classList.toggle("now", now);
    if (now) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  };

  const activate = (/** @type {number} */ place, /** @type {Event} */ event) => {
    const { table, row } = rows[place];
    const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent | KeyboardEvent} */ (event);
    if (ctrlKey || metaKey || shiftKey) {
      state.choose(table, row, true);
      return;
    }
    const at = /** @type {Element} */ (event.target).closest("[data-word]");
    const one = at instanceof HTMLElement ? Number(at.dataset.word) : -1;
    following = true;
    state.seek(one >= 0 ? words.start[one] : data.tables[table].start[row]);
  };

  const view = list(body, {
    label: t.transcript,
    rows: 0,
    guess: (place) => guess(place),
    fill,
    activate,
    moved: () => {
      following = false;
      keep();
    },
    sized: () => keep(),
  });
  body.append(follow);

  /** How high a row may be: by the lengths of its texts. */
  const guess = (/** @type {number} */ place) => {
    const { table, row, lines: besides, translations: others } = rows[place];
    const wide = view.scroller.clientWidth >= 640;
    const each = wide
      ? (view.scroller.clientWidth - 72) / Math.max(1, present.length)
      : view.scroller.clientWidth - 72;
    const high = (/** @type {string | null} */ text) =>
      20 * Math.max(1, Math.ceil(breadth(text ?? "") / Math.max(each, 80)));
    const parts = [
      high(data.tables[table].text[row]),
      besides.reduce((sum, one) => sum + high(lines.text[one.line]), 0),
      others.reduce((sum, one) => sum + high(translations.text[one]), 0),
    ];
    return 13 + (wide ? Math.max(...parts) : parts[0] + parts[1] + parts[2]);
  };

  /** Keep the current sentence in view, or offer to come back to it. */
  const keep = () => {
    follow.hidden = following || latest < 0;
    if (!following || latest < 0) return;
    view.enterAt(latest);
    if (!view.inView(latest)) view.scrollToRow(latest, "upper", true);
  };

  const again = () => {
    arrange();
    current = new Set();
    latest = -1;
    view.reset(rows.length);
    moment();
    keep();
  };

  const moment = () => {
    const time = state.get("time");
    const now = new Set();
    for (const row of data.speechAt.at(time)) now.add(placeOf.speech[row]);
    for (const row of data.linesAt.at(time)) now.add(placeOf.lines[row]);
    now.delete(-1);
    const changed = now.size !== current.size || [...now].some((place) => !current.has(place));
    if (changed) {
      const touched = new Set([...current, ...now]);
      current = now;
      for (const place of touched) {
        const element = view.shown.get(place);
        if (element) lit(element, place);
      }
    }
    const place = upTo[upper(starts, time) - 1] ?? -1;
    if (place !== latest) {
      latest = place;
      keep();
    }
    let said = -1;
    for (const row of data.speechAt.at(time)) {
      if (said < 0) said = wordAt(data.wordsOf(row), words, time);
    }
    if (said === word) return;
    for (const element of view.scroller.querySelectorAll(".word.now")) element.classList.remove("now");
    word = said;
    if (word < 0) return;
    for (const element of view.scroller.querySelectorAll(`[data-word="${word}"]`))
      element.classList.add("now");
  };

  const momentSoon = once(moment);
  const refreshSoon = once(() => {
    wanted = fold(state.get("query").trim());
    view.refresh();
  });
  const pickAll = () => {
    for (const [place, element] of view.shown) pick(element, place);
  };
  wanted = fold(state.get("query").trim());
  again();
  const ends = [
    state.on("time", momentSoon),
    state.on("selected", pickAll),
    state.on("query", refreshSoon),
  ];
  return {
    empty: false,
    destroy: () => {
      for (const end of ends) end();
      momentSoon.cancel();
      refreshSoon.cancel();
      view.destroy();
      host.replaceChildren();
    },
  };
}

/**
 * How broad a text is in pixels, about: letters of East Asia are twice as broad as Latin ones.
 * @param {string} text
 */
function breadth(text) {
  let sum = 0;
  for (let k = 0; k < text.length; k++) sum += text.charCodeAt(k) >= 0x2e80 ? 13 : 6.6;
  return sum;
}
