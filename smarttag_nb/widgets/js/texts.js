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
 * Every place of what is searched, none within another.
 * @param {string} text
 * @param {string} wanted folded already
 * @returns {Mark[]}
 */
export function hits(text, wanted) {
  if (!wanted) return [];
  let folded = fold(text);
  /** @type {number[] | null} */
  let places = null;
  if (folded.length !== text.length) {
    // Some letters fold to several ("…" to three dots): remember where each came from.
    folded = "";
    places = [];
    let at = 0;
    for (const letter of text) {
      const made = fold(letter);
      for (let k = 0; k < made.length; k++) places.push(at);
      folded += made;
      at += letter.length;
    }
    places.push(at);
  }
  /** @type {Mark[]} */
  const found = [];
  for (let at = folded.indexOf(wanted); at >= 0;) {
    let end = at + wanted.length;
    // A letter that is found in part is found.
    while (places && end < folded.length && places[end] === places[end - 1]) end++;
    found.push({ from: places ? places[at] : at, to: places ? places[end] : end, name: "hit" });
    at = folded.indexOf(wanted, end);
  }
  return found;
}

/**
 * Cut a text where a mark begins or ends: pieces in order, each with the marks that cover it.
 * @param {number} length of the text
 * @param {Mark[]} marks
 */
export function pieces(length, marks) {
  const sorted = marks.filter(({ from, to }) => from < to).sort((one, other) => one.from - other.from);
  const cuts = new Set([0, length]);
  for (const { from, to } of sorted) {
    for (const cut of [from, to]) if (cut > 0 && cut < length) cuts.add(cut);
  }
  const places = [...cuts].sort((a, b) => a - b);
  /** @type {{from: number, to: number, marks: Mark[]}[]} */
  const made = [];
  /** @type {Mark[]} */
  let open = [];
  let next = 0;
  for (let k = 0; k + 1 < places.length; k++) {
    const [from, to] = [places[k], places[k + 1]];
    open = open.filter((mark) => mark.to > from);
    for (; next < sorted.length && sorted[next].from < to; next++) {
      if (sorted[next].to > from) open.push(sorted[next]);
    }
    made.push({ from, to, marks: open });
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
 * The part of a long text around a place, cut between characters.
 * @param {string} text
 * @param {number} place
 * @param {number} before how much of the text before the place is kept
 * @param {number} after
 */
export function around(text, place, before = 48, after = 200) {
  const part = (/** @type {number} */ at) => at > 0 && /[\uDC00-\uDFFF]/.test(text[at] ?? "");
  let from = Math.max(0, place - before);
  let to = Math.min(text.length, place + after);
  if (part(from)) from--;
  if (part(to)) to++;
  return { from, to };
}
