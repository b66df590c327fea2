/** What the timeline's lanes are: chapters, shots, speech, text on screen, and one for each label. */

import { upper } from "./data.js";
import { KINDS, kindName } from "./kinds.js";
import { Marks, packed } from "./marks.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./data.js").TableName} TableName */
/** @typedef {import("./span.js").Span} Span */
/** @typedef {import("./words.js").Words} Words */

/**
 * @typedef {object} Lane
 * @property {"head" | "label" | "chapters" | "shots" | "speech" | "lines"} what
 * @property {string} name
 * @property {string} kind of its label
 * @property {number} label row of labels; -1 for a lane of something else
 * @property {TableName} table what its marks are rows of
 * @property {Marks[]} marks one below the other
 * @property {number} height in pixels
 */

/** From top to bottom. */
const RANKS = [...KINDS.keys()];
const ROLES = ["subtitle", "translation", "caption", "ticker", "slide", "scene", "fixed"];

/** Rows of a label whose occurrences overlap. */
const MOST_ROWS = 4;

/** @param {number} count */
const all = (count) => [...Array(count).keys()];

export class Lanes {
  /**
   * @param {Data} data
   * @param {Words} t
   */
  constructor(data, t) {
    this.data = data;
    this.t = t;
    const { tracks, boxes } = data.tables;
    this.trackStart = Float64Array.from(tracks.first, (row) => boxes.time[row]);
    this.trackEnd = Float64Array.from(tracks.stop, (row) => boxes.time[row - 1]);
    /** Those that are always shown, at the top. */
    this.fixed = this.fixedLanes();
    this.fixedHeight = this.fixed.reduce((sum, lane) => sum + lane.height, 0);
    this.labels = this.labelLanes();
    /** Those of the labels that pass the filters, each kind under its name. @type {Lane[]} */
    this.shown = [];
    /** Where each of these begins, and where the last one ends. */
    this.tops = new Float64Array(1);
  }

  /** @returns {Lane[]} those of tables that are not empty */
  fixedLanes() {
    const { chapters, shots, speech, lines } = this.data.tables;
    /**
     * @param {Lane["what"] & TableName} what
     * @param {string} name
     * @param {number} height
     * @param {Marks[]} marks
     * @returns {Lane}
     */
    const lane = (what, name, height, marks) => ({
      what,
      name,
      kind: "",
      label: -1,
      table: what,
      marks,
      height,
    });
    // A line without a role stands with the last of them.
    const roleOf = lines.role.map((role) => (role && ROLES.includes(role) ? role : "fixed"));
    const roles = ROLES.map(
      (role) =>
        new Marks(
          all(lines.rows).filter((row) => roleOf[row] === role),
          lines.start,
          lines.end,
        ),
    ).filter((marks) => marks.rows.length);
    const { chaptersLane, shotLane, speechLane, linesLane } = this.t;
    const made = [
      lane("chapters", chaptersLane, 20, [new Marks(all(chapters.rows), chapters.start, chapters.end)]),
      lane("shots", shotLane, 12, [new Marks(all(shots.rows), shots.start, shots.end)]),
      lane("speech", speechLane, 18, [new Marks(all(speech.rows), speech.start, speech.end)]),
      lane("lines", linesLane, Math.max(16, 4 + 4 * roles.length), roles),
    ];
    return made.filter((one) => one.marks.some((marks) => marks.rows.length));
  }

  /** @returns {Lane[]} those of labels that have a time: of their occurrences, or else of their boxes */
  labelLanes() {
    const { labels, occurrences, tracks } = this.data.tables;
    /** @type {Map<number, number[]>} */
    const tracksOf = new Map();
    tracks.label.forEach((label, track) => {
      const known = tracksOf.get(label);
      if (known) known.push(track);
      else tracksOf.set(label, [track]);
    });
    /** @type {{lane: Lane, rank: number, ratio: number, first: number}[]} */
    const made = [];
    for (let label = 0; label < labels.rows; label++) {
      let table = /** @type {TableName} */ ("occurrences");
      let marks = packed(this.data.occurrencesOf(label), occurrences.start, occurrences.end, MOST_ROWS);
      if (!marks[0].rows.length) {
        table = "tracks";
        marks = packed(tracksOf.get(label) ?? [], this.trackStart, this.trackEnd, MOST_ROWS);
      }
      if (!marks[0].rows.length) continue;
      const kind = labels.kind[label] ?? "";
      const rank = RANKS.indexOf(kind);
      const ratio = this.data.ratio(label);
      made.push({
        lane: {
          what: "label",
          name: labels.name[label] ?? this.t.unnamed,
          kind,
          label,
          table,
          marks,
          height: marks.length === 1 ? 18 : 6 + 7 * marks.length,
        },
        rank: rank < 0 ? RANKS.length : rank,
        ratio: ratio === ratio ? ratio : -1,
        first: marks[0].start[0],
      });
    }
    made.sort((a, b) => a.rank - b.rank || b.ratio - a.ratio || a.first - b.first);
    return made.map(({ lane }) => lane);
  }

  /**
   * Show the lanes of labels that pass.
   * @param {Uint8Array} passing by label
   */
  filter(passing) {
    this.shown = [];
    let kind = /** @type {string | null} */ (null);
    for (const lane of this.labels) {
      if (!passing[lane.label]) continue;
      if (lane.kind !== kind) {
        kind = lane.kind;
        const name = kindName(kind, this.t);
        this.shown.push({ what: "head", name, kind, label: -1, table: "labels", marks: [], height: 20 });
      }
      this.shown.push(lane);
    }
    this.tops = new Float64Array(this.shown.length + 1);
    this.shown.forEach((lane, k) => {
      this.tops[k + 1] = this.tops[k] + lane.height;
    });
  }

  /** How high all of the labels' lanes are. */
  get high() {
    return this.tops[this.shown.length];
  }

  /**
   * Labels' lanes in a part of their height.
   * @param {number} from
   * @param {number} to
   * @returns {{lane: Lane, top: number}[]}
   */
  between(from, to) {
    const seen = [];
    for (let k = Math.max(0, upper(this.tops, from) - 1); k < this.shown.length && this.tops[k] < to; k++) {
      seen.push({ lane: this.shown[k], top: this.tops[k] });
    }
    return seen;
  }

  /**
   * The lane at a height below the axis.
   * @param {number} y
   * @param {number} scroll how far the labels' lanes are scrolled
   * @returns {{lane: Lane, top: number} | null}
   */
  at(y, scroll) {
    let top = 0;
    for (const lane of this.fixed) {
      if (y >= top && y < top + lane.height) return { lane, top };
      top += lane.height;
    }
    const found = y < top ? undefined : this.between(y - top + scroll, y - top + scroll + 1e-6)[0];
    return found ? { lane: found.lane, top: found.top + top - scroll } : null;
  }

  /**
   * From when to when a mark of a lane lasts.
   * @param {Lane} lane
   * @param {number} row
   * @returns {Span}
   */
  times({ table }, row) {
    if (table === "tracks") return [this.trackStart[row], this.trackEnd[row]];
    const { start, end } = this.data.times(table, row);
    return [start, end >= start ? end : start];
  }
}
