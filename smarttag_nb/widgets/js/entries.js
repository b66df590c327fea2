/** Sentences, lines on screen and translations as the transcript's rows. */

/** @typedef {import("./data.js").Tables} Tables */
/** @typedef {import("./words.js").Words} Words */

/**
 * @typedef {object} Entry a row of the transcript
 * @property {"speech" | "lines" | "translations"} table
 * @property {number} row
 * @property {number} start
 * @property {{line: number, link: number}[]} lines beside the sentence
 * @property {number[]} translations beside the sentence
 */

/**
 * @typedef {object} Shown
 * @property {boolean} speech
 * @property {boolean} screen
 * @property {boolean} translations
 * @property {Set<string>} roles of lines on screen
 */

/** Roles in the order in which they are offered, and what they are called. */
export const ROLES = new Map(
  /** @type {[string, keyof Words][]} */ ([
    ["subtitle", "roleSubtitle"],
    ["translation", "roleTranslation"],
    ["caption", "roleCaption"],
    ["slide", "roleSlide"],
    ["ticker", "roleTicker"],
    ["fixed", "roleFixed"],
    ["scene", "roleScene"],
    ["", "roleOther"],
  ]),
);

const OFFERED = [...ROLES.keys()];

/**
 * Rows of the transcript in the order of time. Lines and translations stand beside the sentences
 * they belong to; all others have rows of their own. What has no time stays behind what it follows.
 * @param {Tables} tables
 * @param {(speech: number) => Iterable<number>} linksOf
 * @param {(speech: number) => Iterable<number>} translationsOf
 * @param {Shown} shown
 * @returns {Entry[]}
 */
export function entries(tables, linksOf, translationsOf, shown) {
  const { speech, lines, links, translations } = tables;
  const visible = Uint8Array.from(lines.role, (name) =>
    shown.screen && shown.roles.has(role(name)) ? 1 : 0,
  );
  const placed = new Uint8Array(lines.rows);
  const told = new Uint8Array(translations.rows);
  /** @type {Entry[]} */
  const made = [];
  const add = (
    /** @type {Entry["table"]} */ table,
    /** @type {number} */ row,
    /** @type {number} */ last,
  ) => {
    const start = tables[table].start[row];
    /** @type {Entry} */
    const entry = { table, row, start: start === start ? start : last, lines: [], translations: [] };
    made.push(entry);
    return entry;
  };
  let last = -Infinity;
  for (let row = 0; shown.speech && row < speech.rows; row++) {
    const entry = add("speech", row, last);
    last = entry.start;
    for (const link of linksOf(row)) {
      const line = links.line[link];
      if (line < 0 || !visible[line]) continue;
      placed[line] = 1;
      if (!entry.lines.some((one) => one.line === line)) entry.lines.push({ line, link });
    }
    const rank = (/** @type {{line: number}} */ one) => OFFERED.indexOf(role(lines.role[one.line]));
    if (entry.lines.length > 1) entry.lines.sort((one, other) => rank(one) - rank(other));
    if (!shown.translations) continue;
    for (const translation of translationsOf(row)) {
      told[translation] = 1;
      entry.translations.push(translation);
    }
  }
  last = -Infinity;
  for (let line = 0; line < lines.rows; line++) {
    if (!placed[line] && visible[line]) last = add("lines", line, last).start;
  }
  last = -Infinity;
  for (let row = 0; shown.translations && row < translations.rows; row++) {
    if (!told[row]) last = add("translations", row, last).start;
  }
  return made.sort((one, other) => (one.start < other.start ? -1 : one.start > other.start ? 1 : 0));
}

/**
 * The role of a line, "" for one that is not known.
 * @param {string | null} name
 */
export function role(name) {
  return name && ROLES.has(name) ? name : "";
}

/**
 * The word being said: among words in order, the one that a moment lies in, else -1.
 * @param {ArrayLike<number>} rows of words
 * @param {{start: ArrayLike<number>, end: ArrayLike<number>}} words
 * @param {number} time
 */
export function wordAt(rows, words, time) {
  for (let k = 0; k < rows.length; k++) {
    if (words.start[rows[k]] <= time && time < words.end[rows[k]]) return rows[k];
  }
  return -1;
}
