/** The kinds of labels: what they are called and how they look. */

/** @typedef {import("./words.js").Words} Words */

/** Kinds in the order in which they are offered, and what they are called. */
export const KINDS = new Map(
  /** @type {[string, keyof Words][]} */ ([
    ["person", "kindPerson"],
    ["tag", "kindTag"],
    ["category", "kindCategory"],
    ["entity", "kindEntity"],
    ["hotword", "kindHotword"],
    ["keyword", "kindKeyword"],
    ["text", "kindText"],
  ]),
);

/**
 * What a kind is called; one that is not known, as it is.
 * @param {string | null} kind
 * @param {Words} t
 */
export function kindName(kind, t) {
  const name = KINDS.get(kind ?? "");
  return name ? t[name] : kind || "–";
}

/**
 * The class that gives an element a kind's colour.
 * @param {string | null} kind
 */
export function kindClass(kind) {
  return `kind-${kind && KINDS.has(kind) ? kind : "text"}`;
}
