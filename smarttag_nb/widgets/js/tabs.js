/** The panels beside the stage, one shown at a time. */

import { h } from "./dom.js";
import { labels } from "./labels.js";
import { search } from "./search.js";
import { story } from "./story.js";
import { transcript } from "./transcript.js";

/**
 * The panels beside the stage. Those without anything to show have no tab.
 * @param {HTMLElement} host
 * @param {import("./data.js").Data} data
 * @param {import("./state.js").State} state
 * @param {import("./words.js").Words} t
 * @param {HTMLElement} root
 */
export function tabs(host, data, state, t, root) {
  const bar = h("div", { class: "tabs", role: "tablist", "aria-label": t.panels });
  const frame = h("div", { class: "panels" });
  host.append(bar, frame);
  /** @type {{name: string, tab: HTMLButtonElement, panel: HTMLElement}[]} */
  const there = [];
  const prefix = `smarttag-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  let before = "";

  /** @param {string} name */
  const open = (name) => {
    for (const one of there) {
      const here = one.name === name;
      one.tab.setAttribute("aria-selected", String(here));
      one.tab.tabIndex = here ? 0 : -1;
      one.panel.hidden = !here;
    }
  };
  /**
   * @template {{destroy(): void, empty: boolean}} View
   * @param {string} name
   * @param {string} title
   * @param {(panel: HTMLElement) => View} make
   */
  const add = (name, title, make) => {
    const panel = h("div", { class: "panel", role: "tabpanel", id: `${prefix}-${name}`, "aria-label": title });
    const tab = h("button", {
      type: "button",
      role: "tab",
      "aria-controls": panel.id,
      onclick: () => open(name),
    }, title);
    frame.append(panel);
    const view = make(panel);
    bar.append(tab);
    if (view.empty) {
      tab.hidden = true;
      panel.hidden = true;
    }
    there.push({ name, tab, panel });
    return view;
  };
  const views = {
    transcript: add("transcript", t.transcript, (panel) => transcript(panel, data, state, t)),
    labels: add("labels", t.labels, (panel) => labels(panel, data, state, t, root)),
    story: add("story", t.story, (panel) => story(panel, data, state, t)),
    found: add("found", t.results, (panel) => search(panel, data, state, t)),
  };
  const results = there[there.length - 1];
  results.tab.hidden = true;
  const first = there.find((one) => !one.tab.hidden);
  if (first) open(first.name);
  else frame.append(h("p", { class: "nothing" }, t.nothing));

  bar.addEventListener("keydown", (event) => {
    const shown = there.filter((one) => !one.tab.hidden);
    const at = shown.findIndex((one) => one.tab === event.target);
    /** @type {Record<string, number>} */
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: shown.length - 1 };
    const next = shown.at(to[event.key] % shown.length);
    if (at < 0 || !(event.key in to) || !next) return;
    open(next.name);
    next.tab.focus();
    event.preventDefault();
  });
  // A search opens its results, and its end the panel that was open before.
  const off = state.on("query", () => {
    const asked = state.get("query").trim() !== "";
    const now = there.find((one) => !one.panel.hidden)?.name ?? "";
    if (asked && results.tab.hidden) before = now;
    results.tab.hidden = !asked;
    if (asked) open("found");
    else if (now === "found") open(before || (first?.name ?? ""));
  });
  return { ...views, tabs: { destroy: off } };
}
