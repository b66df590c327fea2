/** Where a video's frames lie, learnt from those that it shows. */

/** Seconds from one frame to the next until something else is known. */
export const USUAL = 1 / 25;

/** Two frames as near as this are one: times are rounded to milliseconds. */
export const EXACT = 0.002;

/**
 * How far to go for the next frame while nothing is known of their distance: whatever it is from 8
 * to 120 a second, one of these reaches the next frame before any reaches the one after it.
 */
const REACHES = [0.0125, 0.022, 0.038, 0.068, 0.12, 0.21, 0.37, 0.65, 1.15, 2];

export class Frames {
  constructor() {
    /** @type {number | null} the shortest distance seen */
    this.seen = null;
    /** The frame shown last. */
    this.last = NaN;
  }

  /** Seconds from one frame to the next. */
  get distance() {
    return this.seen ?? USUAL;
  }

  /**
   * Hear of a frame that is shown.
   * @param {number} time its own moment in the media
   * @param {boolean} next whether it is next to the one before: what is sought lies anywhere
   */
  show(time, next) {
    const apart = Math.abs(time - this.last);
    this.last = time;
    if (next && apart > 1 / 250 && apart < 0.2 && !(apart >= (this.seen ?? Infinity))) this.seen = apart;
  }

  /**
   * Where to go for the next frame, one place after the other until another frame is shown. Each
   * lies between frames and not on one: a rounded time never shows the wrong side.
   * @param {number} from the frame shown
   * @returns {number[]}
   */
  after(from) {
    const known = this.seen;
    if (known === null) return REACHES.map((reach) => from + reach);
    // Where frames are not evenly apart, the next one may lie farther away.
    return [1.5, 2.5, 4.5, 8.5, 16.5, 32.5].map((reach) => from + reach * known);
  }

  /**
   * Where to go for the frame before.
   * @param {number} from the frame shown
   */
  before(from) {
    return Math.max(0, from - Math.min(this.distance / 2, 1 / 120));
  }

  /**
   * Where to go so that the first frame from a moment on is shown.
   * @param {number} time
   * @param {number} duration
   */
  at(time, duration) {
    const target = time + this.distance - EXACT;
    return Math.max(0, Math.min(target, duration > 0 ? duration - this.distance / 2 : target));
  }
}
