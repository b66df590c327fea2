/** All that is known of one label. */

import { clock } from "./data.js";
import { h, icon } from "./dom.js";
import { kindClass, kindName } from "./kinds.js";
import { portions } from "./list.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./state.js").Selected} Selected */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

/** How many occurrences are shown at once. */
const FIRST = 24;

/**
 * Whether a text is a web address and nothing else.
 * @param {string} text
 */
export function address(text) {
  if (!/^https?:\/\/\S+$/i.test(text)) return false;
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

/**
 * @param {number} row of labels
 * @param {Selected} chosen
 * @param {Data} data
 * @param {State} state
 * @param {Words} t
 * @param {() => void} close
 * @returns {Node[]}
 */
export function details(row, chosen, data, state, t, close) {
  const { labels, occurrences } = data.tables;
  const { kind, name, level1, level2, category, ratio, measured, seconds, knowledge } = labels;
  const several = chosen.table === "labels" && chosen.rows.length > 1;
  const score = data.score(row);
  const facts = definitions(
    [
      [t.kind, kindName(kind[row], t)],
      [t.level1, level1[row]],
      [t.level2, level2[row]],
      [t.category, category[row]],
      [t.score, score === score ? score.toFixed(3) : null],
      [t.ratioReported, ratio[row] === ratio[row] ? percent(ratio[row], 1) : null],
      [t.ratioMeasured, measured[row] === measured[row] ? percent(measured[row], 1) : null],
      [t.secondsShown, seconds[row] > 0 ? clock(seconds[row], 1) : null],
    ],
    "facts",
  );
  const made = [
    h(
      "header",
      {},
      h("i", { class: `dot ${kindClass(kind[row])}` }),
      h("h3", { dir: "auto" }, name[row] ?? "–"),
      several ? h("small", {}, t.several.replace("{n}", String(chosen.rows.length))) : null,
      h(
        "button",
        { type: "button", class: "close", "aria-label": t.close, title: t.close, onclick: close },
        icon("close"),
      ),
    ),
    facts,
  ];
  // In an image, an occurrence has no time and tells nothing more.
  const seen = [...data.occurrencesOf(row)].filter((one) => occurrences.start[one] > -Infinity);
  const begin = (/** @type {number} */ one) =>
    occurrences.start[one] === occurrences.start[one] ? occurrences.start[one] : Infinity;
  seen.sort((one, other) => (begin(one) < begin(other) ? -1 : begin(one) > begin(other) ? 1 : 0));
  if (seen.length) {
    const item = (/** @type {number} */ place) => {
      const one = seen[place];
      return occurrence(one, chosen.table === "occurrences" && chosen.rows.includes(one), data, state);
    };
    made.push(
      h("h4", {}, t.occurrences, h("small", {}, String(seen.length))),
      ...portions(seen.length, FIRST, item, t.more, h("ul", { class: "times" })),
    );
  }
  const fields = knowledge[row];
  if (fields?.length) made.push(h("h4", {}, t.knowledge), definitions(fields, null));
  return made;
}

/**
 * When a label was seen, to go there.
 * @param {number} row of occurrences
 * @param {boolean} picked
 * @param {Data} data
 * @param {State} state
 */
function occurrence(row, picked, data, state) {
  const { start, end, score, shot } = data.tables.occurrences;
  const timed = start[row] === start[row];
  const until = end[row] > start[row] ? `–${clock(end[row], 1)}` : "";
  const told = [shot[row], score[row] === score[row] ? score[row].toFixed(2) : null].filter((one) => one);
  return h(
    "li",
    { class: picked ? "picked" : null },
    h(
      "button",
      { type: "button", class: "time", disabled: !timed, onclick: () => state.seek(start[row]) },
      `${clock(start[row], 1)}${until}`,
    ),
    told.length ? h("small", { dir: "auto" }, told.join(" · ")) : null,
  );
}

/**
 * Names and texts as a list of definitions; those that have a text.
 * @param {[string, string | null][]} pairs
 * @param {string | null} name of the list, for its looks
 */
function definitions(pairs, name) {
  const made = h("dl", { class: name });
  for (const [term, text] of pairs) {
    if (text === null || text === "") continue;
    made.append(
      h("dt", { dir: "auto" }, term),
      h(
        "dd",
        { dir: "auto" },
        address(text) ? h("a", { href: text, rel: "noreferrer noopener", target: "_blank" }, text) : text,
      ),
    );
  }
  return made;
}

/**
 * A share as it is read.
 * @param {number} share
 * @param {number} digits
 */
export function percent(share, digits = 0) {
  return `${(share * 100).toFixed(digits)}%`;
}
