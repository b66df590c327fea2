/** Persons, tags, categories and all else that was found: how much, where, and what is known. */

import { details, percent } from "./card.js";
import { clock, fold } from "./data.js";
import { h } from "./dom.js";
import { KINDS, kindClass, kindName } from "./kinds.js";
import { list } from "./list.js";
import { once } from "./state.js";
import { hits, pieces } from "./texts.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./data.js").Filters} Filters */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

/** @typedef {"ratio" | "name" | "first"} Order */

/** Milliseconds between two looks at which labels are present. */
const LOOK = 200;

/** @type {Filters} */
const ALL = { kinds: null, score: 0, ratio: 0, name: "" };

/**
 * Labels that pass the filters, in an order: of equal ones, as received.
 * @param {Data} data
 * @param {Filters} filters
 * @param {Order} order
 * @param {(one: string, other: string) => number} compare
 */
export function ordered(data, filters, order, compare) {
  const passed = data.passing(filters);
  const rows = [...passed.keys()].filter((row) => passed[row]);
  const { name } = data.tables.labels;
  if (order === "name") return rows.sort((one, other) => compare(name[one] ?? "", name[other] ?? ""));
  // What has no number stands last, whichever way the others go.
  const sign = order === "ratio" ? -1 : 1;
  const key = new Map(
    rows.map((row) => {
      const value = order === "ratio" ? data.ratio(row) : data.times("labels", row).start;
      return [row, value === value ? sign * value : Infinity];
    }),
  );
  const score = (/** @type {number} */ row) => {
    const value = data.score(row);
    return value === value ? value : -1;
  };
  return rows.sort((one, other) => {
    const [a, b] = [/** @type {number} */ (key.get(one)), /** @type {number} */ (key.get(other))];
    return a < b ? -1 : a > b ? 1 : score(other) - score(one);
  });
}

/**
 * The filters with one kind switched: from all to it alone, then more; none is all again.
 * @param {string[] | null} kinds
 * @param {string} kind
 */
export function switched(kinds, kind) {
  const now = kinds ?? [];
  const next = now.includes(kind) ? now.filter((one) => one !== kind) : [...now, kind];
  return next.length ? next : null;
}

/**
 * @param {HTMLElement} host
 * @param {Data} data
 * @param {State} state
 * @param {Words} t
 * @param {HTMLElement} root
 */
export function labels(host, data, state, t, root) {
  const { labels: table, occurrences } = data.tables;
  host.classList.add("labels");
  if (!table.rows) {
    host.append(h("p", { class: "nothing" }, t.nothing));
    return { empty: true, destroy: () => host.replaceChildren() };
  }
  const scores = Float64Array.from({ length: table.rows }, (_, row) => data.score(row));
  const ratios = Float64Array.from({ length: table.rows }, (_, row) => data.ratio(row));
  const some = (/** @type {Float64Array} */ numbers) => numbers.some((one) => one === one);
  const counts = new Map();
  for (const kind of table.kind) counts.set(kind ?? "", (counts.get(kind ?? "") ?? 0) + 1);
  const known = [...KINDS.keys()].filter((kind) => counts.has(kind));
  const kinds = [...known, ...[...counts.keys()].filter((kind) => !known.includes(kind))];

  /** @type {Intl.Collator | undefined} made when it is needed: that takes a while */
  let collator;
  const compare = (/** @type {string} */ one, /** @type {string} */ other) =>
    (collator ??= new Intl.Collator(root.lang || undefined, { numeric: true })).compare(one, other);

  /** @type {number[]} */
  let rows = [];
  /** @type {Order} */
  let order = "ratio";
  let wanted = "";
  /** @type {Set<number>} labels at the moment */
  let present = new Set();

  const change = (/** @type {Partial<Filters>} */ part) =>
    state.set("filters", { ...state.get("filters"), ...part });

  // The bar: kinds, name and order, thresholds.
  const chips = kinds.map((kind) =>
    h(
      "button",
      {
        type: "button",
        class: "chip",
        onclick: () => change({ kinds: switched(state.get("filters").kinds, kind) }),
      },
      h("i", { class: `dot ${kindClass(kind)}` }),
      h("span", {}, kindName(kind, t)),
      h("small", {}, String(counts.get(kind))),
    ),
  );
  const name = h("input", {
    type: "search",
    class: "name",
    placeholder: t.filterByName,
    "aria-label": t.filterByName,
    dir: "auto",
    oninput: () => change({ name: name.value }),
  });
  const orders = h("select", {
    "aria-label": t.sortBy,
    onchange: () => {
      order = /** @type {Order} */ (orders.value);
      again();
    },
  });
  for (const [value, text] of [
    ["ratio", t.ratio],
    ["name", t.ascending],
    ["first", t.firstSeen],
  ]) {
    orders.append(h("option", { value }, text));
  }
  const slider = (
    /** @type {"score" | "ratio"} */ key,
    /** @type {string} */ text,
    /** @type {(value: number) => string} */ told,
  ) => {
    const output = h("output", {});
    const input = h("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.01,
      "aria-label": text,
      oninput: () => change({ [key]: Number(input.value) }),
    });
    return {
      element: h("label", { class: "slider" }, h("span", {}, text), input, output),
      show: (/** @type {number} */ value) => {
        input.value = String(value);
        output.textContent = told(value);
        input.setAttribute("aria-valuetext", told(value));
      },
    };
  };
  const sliders = {
    score: slider("score", t.leastScore, (value) => value.toFixed(2)),
    ratio: slider("ratio", t.leastRatio, percent),
  };
  const thresholds = h("div", { class: "sliders" });
  if (some(scores)) thresholds.append(sliders.score.element);
  if (some(ratios)) thresholds.append(sliders.ratio.element);
  const bar = h(
    "div",
    { class: "bar" },
    kinds.length > 1
      ? h("div", { class: "chips", role: "group", "aria-label": t.labelKinds }, ...chips)
      : null,
    h("div", { class: "finding" }, name, orders),
    thresholds.childElementCount ? thresholds : null,
  );
  const reset = h(
    "button",
    { type: "button", class: "more", onclick: () => state.set("filters", ALL) },
    t.removeFilters,
  );
  const nothing = h("div", { class: "nothing", hidden: true }, h("p", {}, t.noLabels), reset);
  const body = h("div", { class: "rows" });
  let about = h("section", { class: "card", hidden: true });
  host.append(bar, nothing, h("div", { class: "split" }, body, about));

  const fill = (/** @type {HTMLElement} */ element, /** @type {number} */ place) => {
    const row = rows[place];
    const text = table.name[row] ?? "–";
    const kind = table.kind[row] ?? "";
    const seen = data.occurrencesOf(row).length;
    const named = pieces(text.length, hits(text, wanted)).map(({ from, to, marks }) =>
      marks.length ? h("mark", {}, text.slice(from, to)) : document.createTextNode(text.slice(from, to)),
    );
    const length = h("div", { class: `length ${kindClass(kind)}` });
    const share = ratios[row];
    if (share === share) length.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
    const told = [];
    if (table.seconds[row] > 0) told.push(clock(table.seconds[row]));
    if (seen > 1 || (seen === 1 && !told.length)) told.push(`${seen}×`);
    const value =
      share === share ? percent(share) : scores[row] === scores[row] ? scores[row].toFixed(2) : "";
    element.classList.toggle("now", present.has(row));
    pick(element, place);
    element.append(
      h("i", { class: `dot ${kindClass(kind)}`, title: kindName(kind, t) }),
      h(
        "span",
        { class: "name" },
        h("span", { dir: "auto", title: text }, ...named),
        h("i", { class: "present", title: t.now }),
      ),
      h("span", { class: "value", title: share === share ? t.ratio : value ? t.score : null }, value),
      h("div", { class: share === share ? "ratio" : "ratio none" }, length),
      h("span", { class: "told" }, told.join(" · ")),
    );
  };

  const pick = (/** @type {HTMLElement} */ element, /** @type {number} */ place) => {
    const chosen = state.get("selected");
    const some = chosen?.table === "labels";
    const picked = some && chosen.rows.includes(rows[place]);
    element.classList.toggle("dimmed", some && !picked);
    element.setAttribute("aria-selected", String(picked));
  };

  const view = list(body, {
    label: t.labels,
    role: "listbox",
    rows: 0,
    guess: () => 44,
    fill,
    activate: (place, event) => {
      const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent | KeyboardEvent} */ (event);
      state.choose("labels", rows[place], ctrlKey || metaKey || shiftKey);
    },
  });

  const again = () => {
    const filters = state.get("filters");
    wanted = fold(filters.name.trim());
    kinds.forEach((kind, place) =>
      chips[place].setAttribute("aria-pressed", String(!!filters.kinds?.includes(kind))),
    );
    if (name.value !== filters.name) name.value = filters.name;
    sliders.score.show(filters.score);
    sliders.ratio.show(filters.ratio);
    rows = ordered(data, filters, order, compare);
    nothing.hidden = rows.length > 0;
    body.hidden = !rows.length;
    view.reset(rows.length);
  };

  /** The label that the card is about: the last one chosen, or that of an occurrence. */
  const subject = () => {
    const chosen = state.get("selected");
    if (chosen?.table === "labels") return chosen.rows[chosen.rows.length - 1];
    if (chosen?.table === "occurrences") return occurrences.label[chosen.rows[chosen.rows.length - 1]];
    return -1;
  };

  const card = () => {
    const row = subject();
    const chosen = state.get("selected");
    // A new one begins at its top, without the layout that scrolling there would take.
    const before = about;
    about = h("section", { class: "card", hidden: !(row >= 0 && row < table.rows) });
    before.replaceWith(about);
    if (about.hidden || !chosen) return;
    about.setAttribute("aria-label", table.name[row] ?? "–");
    const close = () => {
      state.set("selected", null);
      view.focusRow(Math.max(0, rows.indexOf(row)));
    };
    about.append(...details(row, chosen, data, state, t, close));
  };

  let looked = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  const look = () => {
    looked = performance.now();
    const now = new Set();
    for (const row of data.occurrencesAt.at(state.get("time"))) now.add(occurrences.label[row]);
    if (now.size === present.size && [...now].every((row) => present.has(row))) return;
    present = now;
    for (const [place, element] of view.shown) element.classList.toggle("now", present.has(rows[place]));
  };
  const lookSoon = () => {
    clearTimeout(later);
    const wait = looked + LOOK - performance.now();
    if (wait <= 0) look();
    else later = setTimeout(look, wait);
  };

  const againSoon = once(again);
  // A frame later: the card has taken its room by then, and where rows are need not be asked for.
  const bringSoon = once(() => {
    const place = rows.indexOf(subject());
    view.scrollToRow(place);
    if (place >= 0) view.enterAt(place);
  });
  const chosenSoon = once(() => {
    for (const [place, element] of view.shown) pick(element, place);
    card();
    bringSoon();
  });
  again();
  look();
  card();
  const ends = [state.on("filters", againSoon), state.on("selected", chosenSoon), state.on("time", lookSoon)];
  return {
    empty: false,
    destroy: () => {
      for (const end of ends) end();
      clearTimeout(later);
      againSoon.cancel();
      chosenSoon.cancel();
      bringSoon.cancel();
      view.destroy();
      host.replaceChildren();
    },
  };
}
