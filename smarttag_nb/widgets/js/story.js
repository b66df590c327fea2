/** What it is all about: chapters, summaries, questions, topics, actions, key sentences, keywords. */

import { clock, Ranges } from "./data.js";
import { h } from "./dom.js";
import { portions } from "./list.js";
import { once } from "./state.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

/**
 * @typedef {object} Branch
 * @property {number} row
 * @property {Branch[]} branches
 */

/** How many items of a part are there at first. */
const FIRST = 60;

/**
 * A tree of rows that name their parents. What names itself, none, or goes in a circle is a root.
 * @param {ArrayLike<number>} parent
 * @returns {Branch[]}
 */
export function tree(parent) {
  const branches = Array.from({ length: parent.length }, (_, row) => ({
    row,
    branches: /** @type {Branch[]} */ ([]),
  }));
  /** @type {Branch[]} */
  const roots = [];
  // 0: not seen, 1: on the way up that is being gone, 2: known to end at a root.
  const seen = new Uint8Array(parent.length);
  for (let first = 0; first < parent.length; first++) {
    const way = [];
    let row = first;
    while (row >= 0 && row < parent.length && !seen[row]) {
      seen[row] = 1;
      way.push(row);
      row = parent[row];
    }
    const circle = row >= 0 && row < parent.length && seen[row] === 1 ? row : -1;
    for (const one of way) {
      seen[one] = 2;
      const above = parent[one];
      if (one === circle || !(above >= 0 && above < parent.length)) roots.push(branches[one]);
      else branches[above].branches.push(branches[one]);
    }
  }
  const sorted = (/** @type {Branch[]} */ some) => some.sort((one, other) => one.row - other.row);
  for (const { branches: some } of branches) sorted(some);
  return sorted(roots);
}

/**
 * Ends of ranges, where one is missing the beginning of the next.
 * @param {ArrayLike<number>} start
 * @param {ArrayLike<number>} end
 * @param {number} last
 */
export function closed(start, end, last) {
  return Float64Array.from({ length: start.length }, (_, row) => {
    if (end[row] === end[row]) return end[row];
    let next = last;
    for (let k = 0; k < start.length; k++) if (start[k] > start[row] && start[k] < next) next = start[k];
    return next;
  });
}

/**
 * @param {HTMLElement} host
 * @param {Data} data
 * @param {State} state
 * @param {Words} t
 */
export function story(host, data, state, t) {
  const { chapters, summaries, mindmap, highlights, texts } = data.tables;
  host.classList.add("story");
  if (![chapters, summaries, mindmap, highlights, texts].some(({ rows }) => rows)) {
    host.append(h("p", { class: "nothing" }, t.nothing));
    return { empty: true, destroy: () => host.replaceChildren() };
  }

  /** Go to a moment, or search for a text whose moment is not known. */
  const go = (/** @type {number} */ start, /** @type {string} */ text) => {
    if (start === start) state.seek(start);
    else state.set("query", text);
  };

  /**
   * One thing to read and to go to.
   * @param {number} start
   * @param {(Node | null)[]} content
   * @param {string} wanted searched for where the time is not known
   */
  const item = (start, content, wanted) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "item",
          tabindex: -1,
          title: start === start ? null : t.searchThis,
          onclick: () => go(start, wanted),
        },
        h("span", { class: "time" }, start === start ? clock(start) : ""),
        h("span", { class: "what" }, ...content),
      ),
    );
  const text = (/** @type {string} */ name, /** @type {string | null} */ told) =>
    told ? h("span", { class: name, dir: "auto" }, told) : null;

  /** @param {string} name @param {string} title @param {(Node)[]} content */
  const part = (name, title, ...content) =>
    host.append(h("section", { class: name, "aria-label": title }, h("h3", {}, title), ...content));
  const items = (/** @type {number[]} */ rows, /** @type {(row: number) => Node} */ make, kind = "items") =>
    portions(rows.length, FIRST, (place) => make(rows[place]), t.more, h("ul", { class: kind }));
  const rowsOf = (/** @type {(string | null)[]} */ column, /** @type {string} */ kind) =>
    [...column.keys()].filter((row) => column[row] === kind);

  /** @type {Map<number, Element>} */
  const chapterItems = new Map();
  /** The chapter of the moment, -1 for none. */
  let current = -1;
  const prose = [...summaries.kind.keys()].filter(
    (row) => summaries.kind[row] !== "speaker" && summaries.kind[row] !== "question" && summaries.text[row],
  );
  const paragraphs = (/** @type {(string | null)[]} */ some) =>
    some.filter((told) => told).map((told) => h("p", { dir: "auto" }, told));
  if (prose.length) part("prose", t.summary, ...paragraphs(prose.map((row) => summaries.text[row])));
  if (texts.rows) part("prose", t.texts, ...paragraphs(texts.text));
  if (chapters.rows) {
    const made = items([...chapters.headline.keys()], (row) => {
      const span =
        chapters.end[row] > chapters.start[row]
          ? h("span", { class: "soft" }, clock(chapters.end[row] - chapters.start[row]))
          : null;
      const one = item(
        chapters.start[row],
        [
          h("span", { class: "headline" }, h("span", { dir: "auto" }, chapters.headline[row] ?? "–"), span),
          text("soft", chapters.summary[row]),
        ],
        chapters.headline[row] ?? "",
      );
      chapterItems.set(row, one);
      one.classList.toggle("now", row === current);
      return one;
    });
    part("chapters", t.chapters, ...made);
  }
  const speakers = rowsOf(summaries.kind, "speaker");
  if (speakers.length) {
    part(
      "speakers",
      t.speakers,
      ...items(speakers, (row) =>
        item(
          summaries.start[row],
          [text("headline", summaries.speaker[row]), text("soft", summaries.text[row])],
          summaries.speaker[row] ?? summaries.text[row] ?? "",
        ),
      ),
    );
  }
  const questions = rowsOf(summaries.kind, "question");
  if (questions.length) {
    part(
      "questions",
      t.questions,
      ...items(questions, (row) =>
        item(
          summaries.start[row],
          [text("headline", summaries.question[row]), text("soft", summaries.text[row])],
          summaries.question[row] ?? "",
        ),
      ),
    );
  }
  if (mindmap.rows) part("mindmap", t.mindmap, topics(data, go, t));
  for (const [kind, title] of [
    ["action", t.actions],
    ["sentence", t.keySentences],
    ["keyword", t.keywords],
  ]) {
    const rows = rowsOf(highlights.kind, kind);
    if (!rows.length) continue;
    part(
      `${kind}s`,
      title,
      ...items(
        rows,
        (row) => item(highlights.start[row], [text("", highlights.text[row])], highlights.text[row] ?? ""),
        kind === "keyword" ? "chips" : "items",
      ),
    );
  }

  const ends = closed(chapters.start, chapters.end, data.duration);
  const chaptersAt = new Ranges(chapters.start, ends);
  const moment = () => {
    const now = chaptersAt.at(state.get("time")).at(-1) ?? -1;
    if (now === current) return;
    for (const [row, on] of /** @type {[number, boolean][]} */ ([
      [current, false],
      [now, true],
    ])) {
      const element = chapterItems.get(row);
      element?.classList.toggle("now", on);
      if (on) element?.setAttribute("aria-current", "true");
      else element?.removeAttribute("aria-current");
    }
    current = now;
  };
  const momentSoon = once(moment);
  moment();

  // Tab goes from part to part, the arrows from item to item.
  const every = (/** @type {ParentNode} */ part = host) =>
    /** @type {HTMLElement[]} */ ([...part.querySelectorAll(".item")]);
  for (const part of host.children) for (const one of every(part).slice(0, 1)) one.tabIndex = 0;
  const key = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.classList.contains("item") || event.ctrlKey || event.metaKey || event.altKey) return;
    const some = every();
    const at = some.indexOf(target);
    /** @type {Record<string, number>} */
    const goal = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: some.length - 1 };
    if (!(event.key in goal)) return;
    some[goal[event.key]]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  const focused = (/** @type {FocusEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.classList.contains("item")) return;
    for (const one of every(/** @type {Element} */ (target.closest("section")))) one.tabIndex = -1;
    target.tabIndex = 0;
  };
  host.addEventListener("keydown", key);
  host.addEventListener("focusin", focused);
  const end = state.on("time", momentSoon);
  return {
    empty: false,
    destroy: () => {
      end();
      momentSoon.cancel();
      host.removeEventListener("keydown", key);
      host.removeEventListener("focusin", focused);
      host.replaceChildren();
    },
  };
}

/**
 * The mind map as a tree that the keyboard walks in.
 * @param {Data} data
 * @param {(start: number, text: string) => void} go
 * @param {Words} t
 */
function topics(data, go, t) {
  const { start, title, parent } = data.tables.mindmap;
  /** @type {HTMLElement[]} */
  const nodes = [];
  const make = (/** @type {Branch[]} */ branches, /** @type {number} */ level) =>
    branches.map(({ row, branches: under }) => {
      const name = title[row] ?? "–";
      const node = h(
        "li",
        {
          role: "treeitem",
          "aria-level": level,
          "aria-expanded": under.length ? "true" : null,
          tabindex: nodes.length ? -1 : 0,
          "aria-label": start[row] === start[row] ? `${name}, ${clock(start[row])}` : name,
        },
        h(
          "div",
          { class: "topic", title: start[row] === start[row] ? null : t.searchThis },
          h("i", { class: under.length ? "fold" : "leaf", "aria-hidden": "true" }),
          h("span", { class: "what", dir: "auto" }, name),
          h("span", { class: "time" }, start[row] === start[row] ? clock(start[row]) : ""),
        ),
      );
      node.dataset.row = String(row);
      nodes.push(node);
      if (under.length) node.append(h("ul", { role: "group" }, ...make(under, level + 1)));
      return node;
    });
  const element = h("ul", { role: "tree", "aria-label": t.mindmap }, ...make(tree(parent), 1));

  const focus = (/** @type {HTMLElement | undefined} */ node) => {
    if (!node) return;
    for (const one of nodes) one.tabIndex = one === node ? 0 : -1;
    node.focus();
  };
  const open = (/** @type {HTMLElement} */ node) => node.getAttribute("aria-expanded") === "true";
  const turn = (/** @type {HTMLElement} */ node) => node.setAttribute("aria-expanded", String(!open(node)));
  const visit = (/** @type {HTMLElement} */ node) => {
    const row = Number(node.dataset.row);
    go(start[row], title[row] ?? "");
  };
  /** @param {Event} event */
  const nodeOf = (event) =>
    /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=treeitem]"));

  element.addEventListener("click", (event) => {
    const node = nodeOf(event);
    if (!node) return;
    focus(node);
    if (/** @type {Element} */ (event.target).closest(".fold")) turn(node);
    else visit(node);
  });
  element.addEventListener("keydown", (event) => {
    const node = nodeOf(event);
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const seen = nodes.filter((one) => !one.parentElement?.closest("[aria-expanded=false]"));
    const at = seen.indexOf(node);
    if (event.key === "ArrowDown") focus(seen[at + 1]);
    else if (event.key === "ArrowUp") focus(seen[at - 1]);
    else if (event.key === "Home") focus(seen[0]);
    else if (event.key === "End") focus(seen[seen.length - 1]);
    else if (event.key === "Enter") visit(node);
    else if (event.key === "ArrowRight") {
      if (node.getAttribute("aria-expanded") === "false") turn(node);
      else if (open(node)) focus(seen[at + 1]);
    } else if (event.key === "ArrowLeft") {
      if (open(node)) turn(node);
      else
        focus(
          /** @type {HTMLElement | undefined} */ (
            node.parentElement?.closest("[role=treeitem]") ?? undefined
          ),
        );
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return element;
}
