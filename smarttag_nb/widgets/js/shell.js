/**
 * The explorer as a whole: it asks for the payload, lays out the views, listens to the keyboard, and
 * keeps the model (the kernel's, or a page's own) and the views' state in step.
 */

import { clock, Data } from "./data.js";
import { h, icon } from "./dom.js";
import { player, shuttled } from "./player.js";
import { State } from "./state.js";
import { tabs } from "./tabs.js";
import { themed } from "./theme.js";
import { timeline } from "./timeline.js";
import { keys as keysOf, words } from "./words.js";

/** @typedef {import("./data.js").TableName} TableName */
/** @typedef {import("./player.js").Media} Media */

/**
 * @typedef {object} Model what anywidget gives: traits and messages
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, listener: (...told: any[]) => void) => void} on
 * @property {(event: string, listener: (...told: any[]) => void) => void} off
 * @property {(content: any) => void} send
 */

/** Milliseconds between two times told to the kernel while media plays. */
const TELL = 250;

/** Milliseconds until an unanswered page says so. */
const PATIENCE = 8000;

/** Keys that move a slider. */
const SLIDES = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);

const NO_FILTERS = { kinds: null, score: 0, ratio: 0, name: "" };

/**
 * Show the explorer in an element.
 * @param {Model} model
 * @param {HTMLElement} host
 * @returns {() => void} what takes it away again
 */
export function start(model, host) {
  const t = words(model.get("lang") ?? "en");
  const root = h("section", {
    class: "smarttag-explorer",
    role: "region",
    "aria-label": t.explorer,
    lang: model.get("lang") === "zh" ? "zh-CN" : "en",
    // JupyterLab leaves the keys pressed in here to us.
    "data-lm-suppress-shortcuts": "true",
    tabindex: "-1",
  });
  const waiting = h("p", { class: "waiting", role: "status" }, t.loading);
  root.append(waiting);
  host.append(root);
  const unthemed = themed(root);

  const view = crypto.getRandomValues(new Uint32Array(2)).join("-");
  /** @type {ReturnType<typeof build> | null} */
  let built = null;
  const patience = setTimeout(() => (waiting.textContent = t.noKernel), PATIENCE);
  let asText = false;

  /** @param {any} content @param {any[]} buffers */
  const hear = (content, buffers) => {
    if (content.view !== undefined && content.view !== view) return;
    const bytes = received(content, buffers);
    if (content.type === "payload") {
      if (!bytes) {
        if (!asText) model.send({ type: "ready", view, base64: true });
        asText = true;
        return;
      }
      clearTimeout(patience);
      if (built) return;
      try {
        built = build(model, root, new Data(bytes), t);
        waiting.remove();
        root.dataset.ready = "true";
      } catch (error) {
        waiting.textContent = `${t.failed} ${error instanceof Error ? error.message : error}`;
      }
    } else if (content.type === "media" && built) {
      /** @type {"unreadable" | "unreachable" | undefined} */
      const problem = content.problem;
      if (problem) built.player.tell(content.why ?? t[problem]);
      else built.show(content.kind, content.mime, bytes ?? content.url);
    } else if (content.type === "seek" && built) built.seek(content.time);
  };
  model.on("msg:custom", hear);
  model.send({ type: "ready", view });

  return () => {
    clearTimeout(patience);
    model.off("msg:custom", hear);
    unthemed();
    built?.destroy();
    root.remove();
  };
}

/**
 * The bytes that came with a message, in a buffer of their own: typed arrays have to be aligned.
 * @param {any} content
 * @param {any[]} buffers
 * @returns {ArrayBuffer | null}
 */
function received(content, buffers) {
  if (typeof content.base64 === "string") return fromBase64(content.base64).buffer;
  const given = buffers?.[0];
  if (!given) return null;
  const bytes = given instanceof ArrayBuffer ? new Uint8Array(given) : new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  return bytes.slice().buffer;
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let k = 0; k < raw.length; k++) bytes[k] = raw.charCodeAt(k);
  return bytes;
}

/**
 * Lay out the views over a payload.
 * @param {Model} model
 * @param {HTMLElement} root
 * @param {Data} data
 * @param {import("./words.js").Words} t
 */
function build(model, root, data, t) {
  const state = new State({
    time: model.get("time") ?? 0,
    seek: 0,
    duration: data.duration,
    playing: false,
    rate: 1,
    range: model.get("range") ?? null,
    selected: chosenRows(data, model.get("_selected")),
    filters: { ...NO_FILTERS, ...model.get("filters") },
    query: "",
    hover: null,
    view: [0, data.duration || 1],
    theme: root.dataset.theme === "dark" ? "dark" : "light",
  });

  const stage = h("div", { class: "stage-host" });
  const side = h("div", { class: "side" });
  const track = h("div", { class: "timeline-host" });
  const field = h("input", {
    type: "search",
    class: "query",
    placeholder: t.search,
    "aria-label": t.search,
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => state.set("query", field.value),
  });
  const help = keyboardHelp(t, keysOf(model.get("lang") ?? "en"));
  const helpButton = h(
    "button",
    { type: "button", class: "plain", "aria-label": t.help, title: t.help, onclick: () => help.toggle() },
    icon("help"),
  );
  const chosen = h("div", { class: "chosen" });
  root.append(
    h(
      "header",
      { class: "head" },
      h("h2", { class: "title", dir: "auto", title: data.title }, data.title || t.explorer),
      data.status && !/^(success|finished)$/i.test(data.status)
        ? h("span", { class: "badge", dir: "auto" }, [data.status, data.reason].filter(Boolean).join(": "))
        : null,
      chosen,
      h("label", { class: "find" }, icon("search"), field),
      helpButton,
    ),
    h("div", { class: "body" }, stage, side),
    track,
    help.element,
  );

  const views = {
    player: player(stage, data, state, t, root),
    timeline: timeline(track, data, state, t, root),
    ...tabs(side, data, state, t, root),
  };
  const found = views.found;
  if (!data.duration) root.classList.add("timeless");

  // The model and the state.

  /** Whether what changes now came from the model, and need not go back to it. */
  let hearing = false;
  let told = state.get("time");
  let telling = 0;
  /** @param {string} name @param {any} value */
  const tell = (name, value) => {
    if (hearing) return;
    model.set(name, value);
    model.save_changes();
  };
  const tellTime = () => {
    telling = 0;
    told = state.get("time");
    tell("time", told);
  };
  /** @param {() => void} act */
  const listen = (act) => () => {
    hearing = true;
    act();
    hearing = false;
  };
  const heard = {
    "change:time": () => {
      if (model.get("time") !== told) state.seek(model.get("time"));
    },
    "change:range": listen(() => state.set("range", model.get("range") ?? null)),
    "change:filters": listen(() => state.set("filters", { ...NO_FILTERS, ...model.get("filters") })),
    "change:_selected": listen(() => state.set("selected", chosenRows(data, model.get("_selected")))),
  };
  for (const [event, act] of Object.entries(heard)) model.on(event, act);
  const offs = [
    state.on("time", () => {
      if (!telling) telling = window.setTimeout(tellTime, TELL);
    }),
    state.on("range", () => tell("range", state.get("range"))),
    state.on("filters", () => tell("filters", state.get("filters"))),
    state.on("selected", () => tell("_selected", chosenIds(data, state.get("selected")))),
    state.on("query", () => {
      if (field.value !== state.get("query")) field.value = state.get("query");
    }),
    state.on(["selected", "range"], () => showChosen(chosen, data, state, t)),
  ];
  showChosen(chosen, data, state, t);
  const watched = new MutationObserver(() =>
    state.set("theme", root.dataset.theme === "dark" ? "dark" : "light"),
  );
  watched.observe(root, { attributes: true, attributeFilter: ["data-theme"] });

  // Links of a page to a moment (#t=12.4), such as a report's times.
  const byHash = () => {
    const time = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash)?.[1];
    if (time === undefined) return;
    state.seek(Number(time));
    // Where not all of it has room, its first part does: that is the player.
    const block = root.offsetHeight > innerHeight ? "start" : "nearest";
    root.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });
    root.focus({ preventScroll: true });
  };
  /** @param {MouseEvent} event */
  const again = (event) => {
    // Who follows the link of the address again changes no address.
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link?.hash && link.href === location.href && !event.defaultPrevented) byHash();
  };
  if (model.get("_page")) {
    addEventListener("hashchange", byHash);
    document.addEventListener("click", again);
    byHash();
  }

  // The keyboard.

  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const writes = target.matches("input:not([type=range]), select");
    // Who writes Chinese ends a word by the keys that mean something else here.
    if (event.isComposing) return;
    if (event.key === "Escape") {
      if (help.element.open) help.toggle();
      else if (writes) root.focus();
      else if (state.get("query")) state.set("query", "");
      else if (state.get("range")) state.set("range", null);
      else if (state.get("selected")) state.set("selected", null);
      else return;
    } else if (target === field && event.key === "Enter") found.next(event.shiftKey ? -1 : 1);
    else if (writes || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === " " && target.matches("button")) return;
    else if (target.matches("input") && SLIDES.has(event.key)) return;
    else if (!act(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** @param {KeyboardEvent} event */
  const act = (event) => {
    const time = state.get("time");
    const step = event.shiftKey ? 1 : 5;
    /** @type {Record<string, () => void>} */
    const keys = {
      " ": () => state.set("playing", !state.get("playing")),
      k: () => shuttle(0),
      l: () => shuttle(1),
      j: () => shuttle(-1),
      ArrowLeft: () => state.seek(time - step),
      ArrowRight: () => state.seek(time + step),
      Home: () => state.seek(0),
      End: () => state.seek(state.get("duration")),
      ",": () => views.player.step(-1),
      ".": () => views.player.step(1),
      i: () => bound(0),
      o: () => bound(1),
      m: () => views.player.mute(),
      f: () => views.player.fill(),
      n: () => found.next(event.shiftKey ? -1 : 1),
      "/": () => field.focus(),
      "?": () => help.toggle(),
    };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!(key in keys)) return false;
    keys[key]();
    return true;
  };
  /** Let the range begin (0) or end (1) here. @param {0 | 1} side */
  const bound = (side) => {
    const time = state.get("time");
    const [start, end] = state.get("range") ?? [0, state.get("duration")];
    state.set("range", side ? [Math.min(start, time), time] : [time, Math.max(time, end)]);
  };
  /** @param {-1 | 0 | 1} direction */
  const shuttle = (direction) => {
    const to = shuttled({ playing: state.get("playing"), rate: state.get("rate") }, direction);
    state.set("rate", to.rate);
    state.set("playing", to.playing);
  };
  root.addEventListener("keydown", press);

  let blob = "";
  return {
    player: views.player,
    seek: (/** @type {number} */ time) => state.seek(time),
    /** @param {"video" | "image"} kind @param {string} mime @param {ArrayBuffer | string} from */
    show(kind, mime, from) {
      URL.revokeObjectURL(blob);
      const url = typeof from === "string" ? from : URL.createObjectURL(new Blob([from], { type: mime }));
      blob = typeof from === "string" ? "" : url;
      views.player.show({ kind, url });
    },
    destroy() {
      window.clearTimeout(telling);
      watched.disconnect();
      removeEventListener("hashchange", byHash);
      document.removeEventListener("click", again);
      for (const [event, act] of Object.entries(heard)) model.off(event, act);
      for (const off of offs) off();
      for (const one of Object.values(views)) one.destroy();
      URL.revokeObjectURL(blob);
    },
  };
}

/**
 * Say what is chosen, and let go of it on a click.
 * @param {HTMLElement} host
 * @param {Data} data
 * @param {State} state
 * @param {import("./words.js").Words} t
 */
function showChosen(host, data, state, t) {
  const selected = state.get("selected");
  const range = state.get("range");
  /** @param {string} text @param {() => void} drop */
  const chip = (text, drop) =>
    h(
      "span",
      { class: "chip", dir: "auto" },
      h("span", { class: "text" }, text),
      h("button", { type: "button", class: "plain", "aria-label": `${t.drop}: ${text}`, onclick: drop }, icon("close")),
    );
  host.replaceChildren();
  if (selected) {
    // Several rows may have one name, such as a label of two results.
    const names = [...new Set(selected.rows.map((row) => nameOf(data, selected.table, row) || t.unnamed))];
    const more = names.length - 3;
    const text = names.slice(0, 3).join(" · ") + (more > 0 ? ` +${more}` : "");
    host.append(chip(text, () => state.set("selected", null)));
  }
  if (range) {
    const [start, end] = range;
    const text = `${clock(start, 1)} – ${clock(end, 1)} (${(end - start).toFixed(1)} s)`;
    host.append(chip(text, () => state.set("range", null)));
  }
}

/**
 * What a row is called.
 * @param {Data} data
 * @param {TableName} table
 * @param {number} row
 * @returns {string}
 */
function nameOf(data, table, row) {
  const rows = /** @type {any} */ (data.tables[table]);
  if (table === "occurrences") return nameOf(data, "labels", rows.label[row]);
  const told = rows.name ?? rows.headline ?? rows.title ?? rows.text;
  return told?.[row] ?? clock(data.times(table, row).start, 1);
}

/**
 * @param {Data} data
 * @param {{table: TableName, ids: number[]} | null} chosen
 * @returns {import("./state.js").Selected | null}
 */
function chosenRows(data, chosen) {
  const rows = /** @type {any} */ (chosen && data.tables[chosen.table]);
  if (!chosen || !rows?.id) return null;
  const found = chosen.ids.map((id) => rows.id.indexOf(id)).filter((row) => row >= 0);
  return found.length ? { table: chosen.table, rows: found } : null;
}

/**
 * @param {Data} data
 * @param {import("./state.js").Selected | null} selected
 */
function chosenIds(data, selected) {
  if (!selected) return null;
  const { id } = /** @type {any} */ (data.tables[selected.table]);
  return { table: selected.table, ids: selected.rows.map((row) => id[row]) };
}

/**
 * The keys, in a dialog.
 * @param {import("./words.js").Words} t
 * @param {[string, string][]} keys
 */
function keyboardHelp(t, keys) {
  const rows = keys.map(([keys, what]) =>
    h(
      "div",
      {},
      h("dt", {}, ...keys.split(" ").map((key) => h("kbd", {}, key))),
      h("dd", {}, what),
    ),
  );
  const element = h("dialog", { class: "help", "aria-label": t.help });
  const toggle = () => (element.open ? element.close() : element.show());
  element.append(
    h("h3", {}, t.help),
    h("button", { type: "button", class: "plain shut", "aria-label": t.close, onclick: toggle }, icon("close")),
    h("dl", {}, ...rows),
  );
  return { element, toggle };
}

/** Whether the reader asked for less motion. */
function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
