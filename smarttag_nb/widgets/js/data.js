/**
 * The payload that payload.py packs, as tables of columns, and what the views ask of them.
 */

/** @typedef {Float64Array | Float32Array | Int32Array} Numbers */

/**
 * @typedef {object} Box
 * @property {number} track
 * @property {number} label row of labels
 * @property {number} x1
 * @property {number} y1
 * @property {number} x2
 * @property {number} y2
 * @property {number} score NaN where it is unknown or drawn between two others
 * @property {boolean} drawn whether it lies between two boxes that the service gave, or near one
 */

/**
 * @typedef {object} Hit
 * @property {TableName} table
 * @property {number} row
 * @property {number} start NaN where no time is known
 * @property {number} end
 * @property {string} text
 */

/**
 * @typedef {object} Filters
 * @property {string[] | null} kinds null: all of them
 * @property {number} score
 * @property {number} ratio
 * @property {string} name
 */

/**
 * @typedef {object} Tables
 * @property {{rows: number, id: Int32Array, kind: (string|null)[], name: (string|null)[],
 *   level1: (string|null)[], level2: (string|null)[], category: (string|null)[],
 *   score: Float64Array, ratio: Float64Array, measured: Float64Array, seconds: Float64Array,
 *   knowledge: ([string, string][]|null)[]}} labels
 * @property {{rows: number, id: Int32Array, label: Int32Array, start: Float64Array,
 *   end: Float64Array, score: Float64Array, shot: (string|null)[], source: (string|null)[],
 *   sub_source: (string|null)[]}} occurrences
 * @property {{rows: number, label: Int32Array, occurrence: Int32Array, first: Int32Array,
 *   stop: Int32Array}} tracks
 * @property {{rows: number, time: Float64Array, x1: Float32Array, y1: Float32Array,
 *   x2: Float32Array, y2: Float32Array, score: Float32Array}} boxes
 * @property {{rows: number, id: Int32Array, start: Float64Array, end: Float64Array,
 *   text: (string|null)[], speaker: (string|null)[]}} speech
 * @property {{rows: number, id: Int32Array, start: Float64Array, end: Float64Array,
 *   speech: Int32Array, from: Int32Array, to: Int32Array}} words
 * @property {{rows: number, id: Int32Array, start: Float64Array, end: Float64Array,
 *   text: (string|null)[], role: (string|null)[], x1: Float32Array, y1: Float32Array,
 *   x2: Float32Array, y2: Float32Array}} lines
 * @property {{rows: number, speech: Int32Array, line: Int32Array, kind: string[],
 *   differences: ([string, number, number, number, number][]|null)[]}} links
 * @property {{rows: number, id: Int32Array, start: Float64Array, end: Float64Array,
 *   speech: Int32Array, text: (string|null)[], language: (string|null)[]}} translations
 * @property {{rows: number, id: Int32Array, start: Float64Array, end: Float64Array}} shots
 * @property {{rows: number, id: Int32Array, start: Float64Array, end: Float64Array,
 *   headline: (string|null)[], summary: (string|null)[]}} chapters
 * @property {{rows: number, id: Int32Array, start: Float64Array, kind: (string|null)[],
 *   speaker: (string|null)[], question: (string|null)[], text: (string|null)[]}} summaries
 * @property {{rows: number, id: Int32Array, parent: Int32Array, depth: Int32Array,
 *   start: Float64Array, title: (string|null)[]}} mindmap
 * @property {{rows: number, id: Int32Array, start: Float64Array, end: Float64Array,
 *   kind: (string|null)[], text: (string|null)[]}} highlights
 * @property {{rows: number, id: Int32Array, text: (string|null)[]}} texts
 */

/** @typedef {keyof Tables} TableName */

const VERSION = 1;

/** @type {Record<string, any>} */
const NUMBERS = { f8: Float64Array, f4: Float32Array, i4: Int32Array };

/** Seconds around a lone box in which it is shown all the same. */
const HOLD = 0.5;

/** What is searched in each table. */
const SEARCHED = /** @type {[TableName, string[]][]} */ ([
  ["labels", ["name"]],
  ["speech", ["text"]],
  ["lines", ["text"]],
  ["translations", ["text"]],
  ["chapters", ["headline", "summary"]],
  ["summaries", ["question", "text"]],
  ["mindmap", ["title"]],
  ["highlights", ["text"]],
  ["texts", ["text"]],
]);

/** Ranges in time, found by a moment: each second or so knows the ranges that touch it. */
export class Ranges {
  /**
   * @param {ArrayLike<number>} start
   * @param {ArrayLike<number>} end
   */
  constructor(start, end) {
    this.start = start;
    this.end = end;
    let last = 0;
    for (let row = 0; row < end.length; row++) if (end[row] > last && end[row] < Infinity) last = end[row];
    const cells = Math.max(1, Math.min(4096, Math.ceil(last)));
    this.width = Math.max(last / cells, 1e-3);
    const first = (/** @type {number} */ row) => Math.max(0, Math.floor(start[row] / this.width));
    const stop = (/** @type {number} */ row) => Math.min(cells - 1, Math.floor(end[row] / this.width));
    this.begins = new Int32Array(cells + 1);
    for (let row = 0; row < start.length; row++) {
      for (let cell = first(row); cell <= stop(row); cell++) this.begins[cell + 1]++;
    }
    for (let cell = 0; cell < cells; cell++) this.begins[cell + 1] += this.begins[cell];
    this.rows = new Int32Array(this.begins[cells]);
    const filled = this.begins.slice(0, cells);
    for (let row = 0; row < start.length; row++) {
      for (let cell = first(row); cell <= stop(row); cell++) this.rows[filled[cell]++] = row;
    }
  }

  /**
   * Rows whose range a moment lies in, in their order.
   * @param {number} time
   */
  at(time) {
    const cell = Math.min(this.begins.length - 2, Math.floor(time / this.width));
    /** @type {number[]} */
    const found = [];
    if (!(cell >= 0)) return found;
    for (let k = this.begins[cell]; k < this.begins[cell + 1]; k++) {
      const row = this.rows[k];
      if (this.start[row] <= time && time <= this.end[row]) found.push(row);
    }
    return found;
  }
}

/**
 * Rows of one table by the row of another that they belong to.
 * @param {Int32Array} owner
 * @param {number} owners
 * @returns {(row: number) => Int32Array}
 */
export function grouped(owner, owners) {
  const begins = new Int32Array(owners + 1);
  for (const row of owner) if (row >= 0) begins[row + 1]++;
  for (let row = 0; row < owners; row++) begins[row + 1] += begins[row];
  const members = new Int32Array(begins[owners]);
  const filled = begins.slice(0, owners);
  owner.forEach((row, member) => {
    if (row >= 0) members[filled[row]++] = member;
  });
  return (row) => members.subarray(begins[row], begins[row + 1]);
}

export class Data {
  /** @param {ArrayBuffer} payload */
  constructor(payload) {
    const length = new DataView(payload).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(payload, 4, length)));
    if (header.version !== VERSION) {
      throw new Error(`a payload of version ${header.version}, expected ${VERSION}`);
    }
    /** @type {Tables} */
    this.tables = /** @type {any} */ ({});
    for (const [name, table] of Object.entries(header.tables)) {
      /** @type {Record<string, any>} */
      const columns = { rows: table.rows };
      for (const [column, told] of Object.entries(table.columns)) {
        columns[column] = Array.isArray(told)
          ? told
          : new NUMBERS[told.type](payload, 4 + length + told.at, table.rows);
      }
      /** @type {any} */ (this.tables)[name] = columns;
    }
    /** @type {string} */
    this.title = header.title ?? "";
    /** @type {string} */
    this.status = header.status ?? "";
    /** @type {string} */
    this.reason = header.reason ?? "";
    /** @type {[number, number] | null} */
    this.size = header.size;
    /** @type {number} */
    this.maxGap = header.maxGap;
    /** @type {number} */
    this.duration = header.duration ?? 0;
    const { labels, occurrences, tracks, boxes, speech, words, lines, links, translations } = this.tables;
    for (const { start, end } of [occurrences, speech, lines, this.tables.chapters]) {
      for (let row = 0; row < start.length; row++) {
        const last = end[row] >= start[row] ? end[row] : start[row];
        if (last > this.duration && last < Infinity) this.duration = last;
      }
    }
    this.occurrencesOf = grouped(occurrences.label, labels.rows);
    this.wordsOf = grouped(words.speech, speech.rows);
    this.linksOf = grouped(Int32Array.from(links.speech), speech.rows);
    this.linksTo = grouped(Int32Array.from(links.line), lines.rows);
    this.translationsOf = grouped(translations.speech, speech.rows);
    this.occurrencesAt = new Ranges(occurrences.start, occurrences.end);
    this.speechAt = new Ranges(speech.start, speech.end);
    this.linesAt = new Ranges(lines.start, lines.end);
    const begins = new Float64Array(tracks.rows);
    const ends = new Float64Array(tracks.rows);
    for (let track = 0; track < tracks.rows; track++) {
      begins[track] = boxes.time[tracks.first[track]] - HOLD;
      ends[track] = boxes.time[tracks.stop[track] - 1] + HOLD;
    }
    this.tracksAt = new Ranges(begins, ends);
    /** Tracks of boxes without a time, as in an image: shown at any. */
    this.timeless = [...Array(tracks.rows).keys()].filter((track) => !(begins[track] === begins[track]));
    /** @type {Map<TableName, string[][]>} */
    this.folded = new Map();
  }

  /**
   * The appearance ratio of a label: measured, or as reported where nothing could be measured.
   * @param {number} label
   */
  ratio(label) {
    const { measured, ratio } = this.tables.labels;
    return measured[label] === measured[label] ? measured[label] : ratio[label];
  }

  /**
   * A label's score: its own, or the best of its occurrences.
   * @param {number} label
   */
  score(label) {
    let best = this.tables.labels.score[label];
    if (best === best) return best;
    for (const row of this.occurrencesOf(label)) {
      const score = this.tables.occurrences.score[row];
      if (score === score && !(score <= best)) best = score;
    }
    return best;
  }

  /**
   * Which labels pass the filters: 1 a label that does. What has no score or ratio passes unless
   * one is asked for.
   * @param {Filters} filters
   */
  passing(filters) {
    const { labels } = this.tables;
    const passed = new Uint8Array(labels.rows);
    const name = fold(filters.name.trim());
    const names = name ? this.foldedColumn("labels", "name") : [];
    for (let label = 0; label < labels.rows; label++) {
      passed[label] =
        (!filters.kinds || filters.kinds.includes(labels.kind[label] ?? "")) &&
        (!(filters.score > 0) || this.score(label) >= filters.score) &&
        (!(filters.ratio > 0) || this.ratio(label) >= filters.ratio) &&
        (!name || names[label].includes(name))
          ? 1
          : 0;
    }
    return passed;
  }

  /**
   * The boxes of a moment. Between two boxes of a track not more than `maxGap` apart, the corners
   * go straight from one to the other; before the first and after the last, a box is held for half
   * the time to its neighbour, and one that stands alone for half a second.
   * @param {number} time
   * @param {number} tolerance how far from a box's moment it is taken as it is
   * @returns {Box[]}
   */
  boxesAt(time, tolerance = 0.02) {
    const { tracks, boxes } = this.tables;
    /** @type {Box[]} */
    const found = [];
    /** @param {number} track @param {number} row @param {boolean} drawn */
    const give = (track, row, drawn) =>
      found.push({
        track,
        label: tracks.label[track],
        x1: boxes.x1[row],
        y1: boxes.y1[row],
        x2: boxes.x2[row],
        y2: boxes.y2[row],
        score: drawn ? NaN : boxes.score[row],
        drawn,
      });
    for (const track of this.timeless) {
      for (let row = tracks.first[track]; row < tracks.stop[track]; row++) give(track, row, false);
    }
    for (const track of this.tracksAt.at(time)) {
      const first = tracks.first[track];
      const stop = tracks.stop[track];
      const after = upper(boxes.time, time, first, stop);
      const before = after - 1;
      const since = before >= first ? time - boxes.time[before] : Infinity;
      const until = after < stop ? boxes.time[after] - time : Infinity;
      if (Math.min(since, until) <= tolerance) {
        // Several boxes at one moment (two faces under one name) are all given.
        const at = boxes.time[since <= until ? before : after];
        for (let row = since <= until ? before : after; row >= first && boxes.time[row] === at; row--) {
          give(track, row, false);
        }
        for (let row = (since <= until ? before : after) + 1; row < stop && boxes.time[row] === at; row++) {
          give(track, row, false);
        }
        continue;
      }
      const shared =
        (before > first && boxes.time[before - 1] === boxes.time[before]) ||
        (after + 1 < stop && boxes.time[after + 1] === boxes.time[after]);
      if (since + until <= this.maxGap && !shared) {
        const share = since / (since + until);
        const mix = (/** @type {Float32Array} */ corner) =>
          corner[before] + share * (corner[after] - corner[before]);
        found.push({
          track,
          label: tracks.label[track],
          x1: mix(boxes.x1),
          y1: mix(boxes.y1),
          x2: mix(boxes.x2),
          y2: mix(boxes.y2),
          score: NaN,
          drawn: true,
        });
      } else if (!shared) {
        const nearest = since <= until ? before : after;
        if (Math.min(since, until) <= this.hold(nearest, first, stop)) give(track, nearest, true);
      }
    }
    return found;
  }

  /**
   * Seconds for which a box is shown before and after its moment where nothing is drawn.
   * @param {number} row
   * @param {number} first
   * @param {number} stop
   */
  hold(row, first, stop) {
    const { time } = this.tables.boxes;
    const before = row > first ? time[row] - time[row - 1] : Infinity;
    const after = row + 1 < stop ? time[row + 1] - time[row] : Infinity;
    const nearest = Math.min(before, after);
    return nearest <= this.maxGap ? Math.min(HOLD, nearest / 2) : HOLD;
  }

  /**
   * A column in the form in which it is searched.
   * @param {TableName} table
   * @param {string} column
   * @returns {string[]}
   */
  foldedColumn(table, column) {
    const key = /** @type {any} */ (`${table}.${column}`);
    let made = /** @type {any} */ (this.folded.get(key));
    if (!made) {
      const texts = /** @type {(string|null)[]} */ (/** @type {any} */ (this.tables[table])[column]);
      made = texts.map((text) => fold(text ?? ""));
      this.folded.set(key, made);
    }
    return made;
  }

  /**
   * Where a text stands: in names, speech, lines, translations, chapters and all else that is told.
   * Width and case of letters make no difference.
   * @param {string} query
   * @param {number} most
   * @returns {Hit[]}
   */
  search(query, most = 10_000) {
    const wanted = fold(query.trim());
    /** @type {Hit[]} */
    const hits = [];
    if (!wanted) return hits;
    for (const [table, columns] of SEARCHED) {
      const rows = /** @type {any} */ (this.tables[table]);
      for (const column of columns) {
        const texts = this.foldedColumn(table, column);
        for (let row = 0; row < texts.length && hits.length < most; row++) {
          if (texts[row].includes(wanted)) {
            hits.push({ table, row, text: rows[column][row], ...this.times(table, row) });
          }
        }
      }
    }
    const order = (/** @type {Hit} */ hit) => (hit.start === hit.start ? hit.start : Infinity);
    return hits.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  }

  /**
   * From when to when a row lasts; of a label, its first occurrence.
   * @param {TableName} table
   * @param {number} row
   */
  times(table, row) {
    const { occurrences } = this.tables;
    if (table === "labels") {
      let start = NaN;
      let end = NaN;
      for (const one of this.occurrencesOf(row)) {
        if (!(start <= occurrences.start[one])) [start, end] = [occurrences.start[one], occurrences.end[one]];
      }
      return { start, end };
    }
    const { start, end } = /** @type {any} */ (this.tables[table]);
    return { start: start ? start[row] : NaN, end: end ? end[row] : start ? start[row] : NaN };
  }
}

/**
 * How many of sorted numbers are not above one, counted from `first`: where it would stand.
 * @param {ArrayLike<number>} sorted
 * @param {number} value
 * @param {number} first
 * @param {number} stop
 */
export function upper(sorted, value, first = 0, stop = sorted.length) {
  while (first < stop) {
    const middle = (first + stop) >> 1;
    if (sorted[middle] <= value) first = middle + 1;
    else stop = middle;
  }
  return first;
}

/**
 * Text as it is searched: full-width letters as half-width ones, all in lower case.
 * @param {string} text
 */
export function fold(text) {
  return text.normalize("NFKC").toLowerCase();
}

/**
 * A time as it is read: 0:07, 1:02:03; with `digits`, fractions of a second too.
 * @param {number} seconds
 * @param {number} digits
 */
export function clock(seconds, digits = 0) {
  if (!(seconds === seconds) || Math.abs(seconds) === Infinity) return "–";
  const unit = 10 ** digits;
  let left = Math.round(Math.abs(seconds) * unit);
  const sign = seconds < 0 && left > 0 ? "−" : "";
  const fraction = left % unit;
  left = Math.floor(left / unit);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor(left / 60) % 60;
  const head = hours ? `${hours}:${two(minutes)}` : String(minutes);
  const tail = digits ? `.${String(fraction).padStart(digits, "0")}` : "";
  return `${sign}${head}:${two(left % 60)}${tail}`;
}
