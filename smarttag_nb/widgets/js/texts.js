/** Where a text is marked, and what differs between two. Positions count UTF-16 units. */

import { fold } from "./data.js";

/**
 * @typedef {object} Mark a part of a text with a meaning
 * @property {number} from
 * @property {number} to
 * @property {string} name
 * @property {number} [row] whose it is, where it belongs to a row
 */

/**
 * @typedef {object} Change a part of two texts set beside each other
 * @property {"same" | "gone" | "new"} what in both, in the first alone, in the second alone
 * @property {number} from in the first text where it is gone, else in the second
 * @property {number} to
 */

/**
 * Every place of what is searched. Where folding changes a text's length, the whole of it.
 * @param {string} text
 * @param {string} wanted folded already
 * @returns {Mark[]}
 */
export function hits(text, wanted) {
  if (!wanted) return [];
  const folded = fold(text);
  /** @type {Mark[]} */
  const found = [];
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + wanted.length)) {
    if (folded.length !== text.length) return [{ from: 0, to: text.length, name: "hit" }];
    found.push({ from: at, to: at + wanted.length, name: "hit" });
  }
  return found;
}

/**
 * Cut a text where a mark begins or ends: pieces in order, each with the marks that cover it.
 * @param {number} length of the text
 * @param {Mark[]} marks
 */
export function pieces(length, marks) {
  const cuts = new Set([0, length]);
  for (const { from, to } of marks) {
    for (const cut of [from, to]) if (cut > 0 && cut < length) cuts.add(cut);
  }
  const places = [...cuts].sort((a, b) => a - b);
  /** @type {{from: number, to: number, marks: Mark[]}[]} */
  const made = [];
  for (let k = 0; k + 1 < places.length; k++) {
    const [from, to] = [places[k], places[k + 1]];
    made.push({ from, to, marks: marks.filter((mark) => mark.from < to && mark.to > from) });
  }
  return made;
}

/**
 * A second text as it reads beside a first: what both have, what only one has.
 * @param {number} length of the second text
 * @param {[string, number, number, number, number][]} differences operation, from and to in the
 *   first text, from and to in the second
 * @returns {Change[]}
 */
export function changes(length, differences) {
  /** @type {Change[]} */
  const made = [];
  let read = 0;
  const ordered = [...differences].sort((one, other) => one[3] - other[3] || one[1] - other[1]);
  for (const [, from, to, begin, end] of ordered) {
    const start = Math.min(Math.max(begin, read), length);
    const stop = Math.min(Math.max(end, start), length);
    if (start > read) made.push({ what: "same", from: read, to: start });
    if (to > from) made.push({ what: "gone", from, to });
    if (stop > start) made.push({ what: "new", from: start, to: stop });
    read = stop;
  }
  if (read < length) made.push({ what: "same", from: read, to: length });
  return made;
}

/**
 * Whether two texts read the same: spaces, punctuation, width and case aside.
 * @param {string} one
 * @param {string} other
 */
export function alike(one, other) {
  const bare = (/** @type {string} */ text) => fold(text).replace(/[\p{P}\p{Z}\p{S}\p{C}]/gu, "");
  return bare(one) === bare(other);
}

/**
 * The part of a long text around a hit, cut at characters.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {number} before how much of the text before the hit is kept
 * @param {number} after
 */
export function around(text, from, to, before = 48, after = 160) {
  let start = from > before ? from - before : 0;
  let stop = text.length > to + after ? to + after : text.length;
  // Neither end may part the two units of one character.
  if (start > 0 && /[\uDC00-\uDFFF]/.test(text[start])) start--;
  if (stop < text.length && /[\uDC00-\uDFFF]/.test(text[stop])) stop++;
  return { start, text: `${start > 0 ? "…" : ""}${text.slice(start, stop)}${stop < text.length ? "…" : ""}` };
}
