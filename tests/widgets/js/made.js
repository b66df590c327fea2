/** Payloads made by hand, as payload.py makes them. */

const EMPTY = {
  labels: ["id", "kind", "name", "level1", "level2", "category", "score", "ratio", "measured", "seconds", "knowledge"],
  occurrences: ["id", "label", "start", "end", "score", "shot", "source", "sub_source"],
  tracks: ["label", "occurrence", "first", "stop"],
  boxes: ["time", "x1", "y1", "x2", "y2", "score"],
  speech: ["id", "start", "end", "text", "speaker"],
  words: ["id", "start", "end", "speech", "from", "to"],
  lines: ["id", "start", "end", "text", "role", "x1", "y1", "x2", "y2"],
  links: ["speech", "line", "kind", "differences"],
  translations: ["id", "start", "end", "speech", "text", "language"],
  shots: ["id", "start", "end"],
  chapters: ["id", "start", "end", "headline", "summary"],
  summaries: ["id", "start", "kind", "speaker", "question", "text"],
  mindmap: ["id", "parent", "depth", "start", "title"],
  highlights: ["id", "start", "end", "kind", "text"],
  texts: ["id", "text"],
};
const INTEGERS = new Set(["id", "label", "occurrence", "first", "stop", "from", "to", "parent", "depth", "speech", "line"]);
const TEXTS = new Set(["kind", "name", "level1", "level2", "category", "knowledge", "shot", "source", "sub_source", "text", "role", "differences", "language", "headline", "summary", "speaker", "question", "title"]);
const COORDINATES = new Set(["x1", "y1", "x2", "y2"]);

/**
 * Pack tables of columns. Columns that are not given are missing values, or count from 0 (id).
 * @param {Record<string, Record<string, any[]>>} given
 * @param {Record<string, any>} header
 * @returns {ArrayBuffer}
 */
export function made(given, header = {}) {
  /** @type {Record<string, any>} */
  const tables = {};
  /** @type {Uint8Array[]} */
  const numbers = [];
  let at = 0;
  for (const [name, columns] of Object.entries(EMPTY)) {
    const rows = Math.max(0, ...Object.values(given[name] ?? {}).map((column) => column.length));
    /** @type {Record<string, any>} */
    const placed = {};
    for (const column of columns) {
      const values = given[name]?.[column];
      if (TEXTS.has(column)) {
        placed[column] = values ?? Array(rows).fill(null);
        continue;
      }
      const isInteger = INTEGERS.has(column);
      const type = isInteger ? "i4" : COORDINATES.has(column) || (name === "boxes" && column === "score") ? "f4" : "f8";
      const missing = [...Array(rows).keys()].map((row) => (column === "id" ? row : isInteger ? -1 : NaN));
      const Made = { i4: Int32Array, f4: Float32Array, f8: Float64Array }[type];
      const raw = new Uint8Array(new Made(values ?? missing).buffer);
      placed[column] = { type, at };
      numbers.push(raw);
      at += Math.ceil(raw.length / 8) * 8;
    }
    tables[name] = { rows, columns: placed };
  }
  const told = { version: 1, title: "made", status: "Success", duration: 60, maxGap: 1, size: [640, 360], ...header, tables };
  let text = JSON.stringify(told);
  let head = new TextEncoder().encode(text);
  text += " ".repeat((8 - ((head.length + 4) % 8)) % 8);
  head = new TextEncoder().encode(text);
  const buffer = new ArrayBuffer(4 + head.length + at);
  new DataView(buffer).setUint32(0, head.length, true);
  new Uint8Array(buffer).set(head, 4);
  let place = 4 + head.length;
  for (const raw of numbers) {
    new Uint8Array(buffer).set(raw, place);
    place += Math.ceil(raw.length / 8) * 8;
  }
  return buffer;
}
