/** Where times stand on the timeline, in pixels. */

/** @typedef {import("./state.js").State} State */

/** Heights of the strip that shows all of the time, and of the axis below it. */
export const OVERVIEW = 28;
export const AXIS = 20;

/** Room for the scroll bar, at the right. */
const MARGIN = 12;

export class Scene {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.width = 0;
    this.height = 0;
    /** How far the labels' lanes are scrolled. */
    this.scroll = 0;
  }

  /** Where names end and times begin. */
  get gutter() {
    const { width } = this;
    return width < 400 ? 80 : width < 640 ? 96 : Math.min(200, Math.max(140, Math.round(width * 0.14)));
  }

  get duration() {
    return this.state.get("duration");
  }

  /** How wide times are. */
  get across() {
    return Math.max(1, this.width - this.gutter - MARGIN);
  }

  /** Where times end. */
  get right() {
    return this.gutter + this.across;
  }

  /** Seconds of a pixel. */
  get pixel() {
    const [from, to] = this.state.get("view");
    return (to - from) / this.across;
  }

  /** @param {number} time */
  x(time) {
    return this.gutter + (time - this.state.get("view")[0]) / this.pixel;
  }

  /** @param {number} x */
  time(x) {
    const time = this.state.get("view")[0] + (x - this.gutter) * this.pixel;
    return Math.min(Math.max(0, time), this.duration);
  }

  /** On the overview. @param {number} time */
  overX(time) {
    return this.gutter + (time / (this.duration || 1)) * this.across;
  }

  /** On the overview. @param {number} x */
  overTime(x) {
    return Math.min(Math.max(0, ((x - this.gutter) / this.across) * this.duration), this.duration);
  }

  /** Whether all of the time is seen. */
  get whole() {
    const [from, to] = this.state.get("view");
    return to - from >= this.duration - 1e-9;
  }
}
