/** Where what is searched was found, in the order of time. */

import { clock, fold } from "./data.js";
import { h } from "./dom.js";
import { ROLES } from "./entries.js";
import { KINDS, kindClass } from "./kinds.js";
import { list } from "./list.js";
import { once } from "./state.js";
import { around, hits, pieces } from "./texts.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./data.js").Hit} Hit */
/** @typedef {import("./data.js").TableName} TableName */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

/** What each table's hits are called. */
const TABLES = /** @type {Partial<Record<TableName, keyof Words>>} */ ({
  labels: "labels",
  speech: "speech",
  lines: "onScreen",
  translations: "translations",
  chapters: "chapters",
  summaries: "summary",
  mindmap: "mindmap",
  highlights: "highlights",
  texts: "texts",
});

/** What the parts of summaries and highlights are called. */
const PARTS = new Map(
  /** @type {[string, keyof Words][]} */ ([
    ["text", "summary"],
    ["speaker", "speakers"],
    ["question", "questions"],
    ["action", "actions"],
    ["sentence", "keySentences"],
    ["keyword", "keywords"],
  ]),
);

/**
 * How many hits each table has, in the order in which they are offered.
 * @param {Hit[]} found
 * @returns {[TableName, number][]}
 */
export function counted(found) {
  const counts = new Map();
  for (const { table } of found) counts.set(table, (counts.get(table) ?? 0) + 1);
  return /** @type {TableName[]} */ (Object.keys(TABLES))
    .filter((name) => counts.has(name))
    .map((name) => [name, counts.get(name)]);
}

/**
 * @param {HTMLElement} host
 * @param {Data} data
 * @param {State} state
 * @param {Words} t
 */
export function search(host, data, state, t) {
  host.classList.add("search");
  const empty = !Object.keys(TABLES).some((name) => data.tables[/** @type {TableName} */ (name)].rows);
  const count = h("p", { class: "count", role: "status" });
  const chips = h("div", { class: "chips", role: "group", "aria-label": t.results });
  const nothing = h("p", { class: "nothing" });
  const body = h("div", { class: "rows" });
  host.append(h("div", { class: "bar" }, count, chips), nothing, body);

  /** @type {Hit[]} */
  let all = [];
  /** @type {Hit[]} */
  let found = [];
  /** @type {TableName | null} */
  let only = null;
  let wanted = "";
  /** Which result was gone to last; -1 for none. */
  let at = -1;

  const fill = (/** @type {HTMLElement} */ element, /** @type {number} */ place) => {
    const { table, row, start, text } = found[place];
    const marks = hits(text, wanted);
    const { from, to } = around(text, marks[0]?.from ?? 0);
    const parts = pieces(text.length, [{ from, to, name: "kept" }, ...marks])
      .filter((piece) => piece.from >= from && piece.to <= to)
      .map((piece) => {
        const part = text.slice(piece.from, piece.to);
        return piece.marks.length > 1 ? h("mark", {}, part) : document.createTextNode(part);
      });
    element.classList.toggle("picked", place === at);
    if (place === at) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
    element.append(
      h(
        "div",
        { class: "of" },
        h("i", { class: `dot ${colourOf(table, row)}` }),
        h("span", {}, whatOf(table, row)),
        start === start ? h("button", { type: "button", class: "time", tabindex: "-1" }, clock(start)) : null,
      ),
      h(
        "div",
        { class: "text", dir: "auto" },
        from > 0 ? "…" : null,
        ...parts,
        to < text.length ? "…" : null,
      ),
    );
  };

  const nameOf = (/** @type {TableName} */ table) => t[/** @type {keyof Words} */ (TABLES[table])];

  /** What a row is called: by its kind or role, where its table has several. */
  const whatOf = (/** @type {TableName} */ table, /** @type {number} */ row) => {
    const { labels, lines, summaries, highlights } = data.tables;
    const name =
      table === "labels"
        ? KINDS.get(labels.kind[row] ?? "")
        : table === "lines"
          ? ROLES.get(lines.role[row] ?? "")
          : table === "summaries"
            ? PARTS.get(summaries.kind[row] ?? "")
            : table === "highlights"
              ? PARTS.get(highlights.kind[row] ?? "")
              : undefined;
    return name ? t[name] : nameOf(table);
  };

  const colourOf = (/** @type {TableName} */ table, /** @type {number} */ row) => {
    const { labels, lines } = data.tables;
    if (table === "labels") return kindClass(labels.kind[row]);
    if (table === "lines" && ROLES.has(lines.role[row] ?? "")) return `role-${lines.role[row]}`;
    return "";
  };

  const visit = (/** @type {number} */ place) => {
    at = place;
    const { table, row, start } = found[place];
    state.set("selected", { table, rows: [row] });
    if (start === start) state.seek(start);
    view.refresh();
  };

  const view = list(body, {
    label: t.results,
    rows: 0,
    guess: () => 53,
    fill,
    activate: visit,
    sized: () => view.scrollToRow(at),
  });

  const narrow = () => {
    found = only ? all.filter(({ table }) => table === only) : all;
    at = -1;
    for (const chip of chips.children)
      chip.setAttribute("aria-pressed", String(chip.getAttribute("data-table") === (only ?? "")));
    view.reset(found.length);
  };

  const again = () => {
    againSoon.cancel();
    const query = state.get("query").trim();
    wanted = fold(query);
    all = data.search(query);
    const counts = counted(all);
    if (!counts.some(([table]) => table === only)) only = null;
    count.textContent = !query
      ? ""
      : all.length === 1
        ? t.foundOne
        : t.found.replace("{n}", String(all.length));
    count.hidden = !all.length;
    nothing.textContent = query ? t.nothingFound.replace("{query}", () => query) : t.nothingSearched;
    nothing.hidden = all.length > 0;
    body.hidden = !all.length;
    const chip = (
      /** @type {TableName | null} */ table,
      /** @type {string} */ text,
      /** @type {number} */ n,
    ) =>
      h(
        "button",
        {
          type: "button",
          class: "chip",
          "data-table": table ?? "",
          onclick: () => {
            only = table;
            narrow();
          },
        },
        h("span", {}, text),
        h("small", {}, String(n)),
      );
    chips.replaceChildren(
      ...(counts.length > 1
        ? [chip(null, t.allResults, all.length), ...counts.map(([table, n]) => chip(table, nameOf(table), n))]
        : []),
    );
    narrow();
  };

  const againSoon = once(again);
  again();
  const end = state.on("query", againSoon);
  return {
    empty,
    /**
     * Go to the next hit, or with -1 to the one before; around at both ends.
     * @param {number} step
     */
    next: (step) => {
      if (fold(state.get("query").trim()) !== wanted) again();
      if (!found.length) return;
      const place = at < 0 ? (step > 0 ? 0 : found.length - 1) : (at + step + found.length) % found.length;
      visit(place);
      view.scrollToRow(place);
    },
    destroy: () => {
      end();
      againSoon.cancel();
      view.destroy();
      host.replaceChildren();
    },
  };
}
