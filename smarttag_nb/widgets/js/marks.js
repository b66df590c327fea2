/** Marks on lanes of time: packed so that none hides another, and merged where a pixel shows no more. */

import { upper } from "./data.js";

/**
 * @typedef {object} Merged marks without the gaps that nobody could see
 * @property {Float64Array} start
 * @property {Float64Array} end
 * @property {Float32Array} share how much of each is covered
 * @property {Int32Array} first the first row's place in the order of starts
 * @property {number} count
 */

/** A merged mark of at least as many pixels is not merged into its neighbour. */
const WIDE = 3;

/** Rows of one lane in the order of time. */
export class Marks {
  /**
   * @param {ArrayLike<number>} rows those without a start are left out
   * @param {ArrayLike<number>} start by row
   * @param {ArrayLike<number>} end by row; missing ends are starts
   */
  constructor(rows, start, end) {
    const kept = Array.from(rows).filter((row) => start[row] === start[row]);
    this.rows = Int32Array.from(kept.sort((a, b) => start[a] - start[b] || a - b));
    this.start = Float64Array.from(this.rows, (row) => start[row]);
    this.end = Float64Array.from(this.rows, (row) => (end[row] >= start[row] ? end[row] : start[row]));
    this.longest = 0;
    for (let k = 0; k < this.rows.length; k++) {
      this.longest = Math.max(this.longest, this.end[k] - this.start[k]);
    }
    /** @type {Merged | null} */
    this.made = null;
    this.madeFor = -1;
  }

  /**
   * Merge what is less than a pixel apart. Depends on the scale only, not on the part seen, so that
   * nothing flickers while it moves.
   * @param {number} pixel seconds
   * @returns {Merged}
   */
  merged(pixel) {
    if (this.made && this.madeFor === pixel) return this.made;
    const most = this.rows.length;
    const made = {
      start: new Float64Array(most),
      end: new Float64Array(most),
      share: new Float32Array(most),
      first: new Int32Array(most),
      count: 0,
    };
    let last = -1;
    let covered = 0;
    for (let k = 0; k < most; k++) {
      const [start, end] = [this.start[k], this.end[k]];
      const joins =
        last >= 0 &&
        (start < made.end[last] ||
          (start - made.end[last] <= pixel &&
            (end - start < WIDE * pixel || made.end[last] - made.start[last] < WIDE * pixel)));
      if (joins) {
        covered += Math.max(0, end - Math.max(start, made.end[last]));
        if (end > made.end[last]) made.end[last] = end;
      } else {
        last++;
        [made.start[last], made.end[last], made.first[last], covered] = [start, end, k, end - start];
      }
      const length = made.end[last] - made.start[last];
      made.share[last] = length > 0 ? covered / length : 1;
    }
    made.count = last + 1;
    this.made = made;
    this.madeFor = pixel;
    return made;
  }

  /**
   * The row at a moment: the shortest that it lies in, else the nearest.
   * @param {number} time
   * @param {number} reach seconds within which a row is near
   * @returns {{row: number, count: number} | null} and how many are within reach
   */
  near(time, reach) {
    let best = -1;
    let bestMeasure = Infinity;
    let count = 0;
    for (let k = upper(this.start, time + reach) - 1; k >= 0; k--) {
      if (this.start[k] < time - reach - this.longest) break;
      if (this.end[k] < time - reach) continue;
      count++;
      const away = Math.max(this.start[k] - time, time - this.end[k], 0);
      const measure = away > 0 ? 1e9 * (1 + away) : this.end[k] - this.start[k];
      if (measure < bestMeasure) [best, bestMeasure] = [k, measure];
    }
    return best < 0 ? null : { row: this.rows[best], count };
  }
}

/**
 * Put ranges that overlap into rows of their own, the earliest first, as few as there must be.
 * @param {ArrayLike<number>} rows
 * @param {ArrayLike<number>} start by row
 * @param {ArrayLike<number>} end by row
 * @param {number} most rows; what finds no room shares the last one
 * @returns {Marks[]} at least one
 */
export function packed(rows, start, end, most) {
  const order = new Marks(rows, start, end);
  /** @type {number[][]} */
  const lanes = [];
  /** @type {number[]} */
  const ends = [];
  order.rows.forEach((row, k) => {
    let lane = ends.findIndex((last) => last <= order.start[k]);
    if (lane < 0) lane = lanes.length < most ? lanes.push([]) - 1 : most - 1;
    lanes[lane].push(row);
    ends[lane] = Math.max(ends[lane] ?? -Infinity, order.end[k]);
  });
  return lanes.length > 1 ? lanes.map((lane) => new Marks(lane, start, end)) : [order];
}

/**
 * How much of each part of the time is covered, the fullest being 1.
 * @param {ArrayLike<number>} start
 * @param {ArrayLike<number>} end
 * @param {number} duration
 * @param {number} cells
 */
export function density(start, end, duration, cells) {
  const made = new Float32Array(Math.max(0, cells));
  const width = duration / cells;
  for (let row = 0; row < start.length && width > 0; row++) {
    if (!(start[row] === start[row])) continue;
    const last = Math.min(end[row] >= start[row] ? end[row] : start[row], duration);
    const to = Math.min(cells - 1, Math.floor(last / width));
    for (let cell = Math.max(0, Math.floor(start[row] / width)); cell <= to; cell++) {
      made[cell] += Math.min(last, (cell + 1) * width) - Math.max(start[row], cell * width);
    }
  }
  let fullest = 0;
  for (const one of made) if (one > fullest) fullest = one;
  return fullest > 0 ? made.map((one) => one / fullest) : made;
}
