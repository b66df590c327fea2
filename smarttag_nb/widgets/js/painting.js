/**
 * The timeline's picture: marks on lanes are drawn once for each scale, on a strip wider than what is
 * seen, and then only moved.
 */

import { clock, upper } from "./data.js";
import { density } from "./marks.js";
import { ready } from "./palette.js";
import { AXIS, OVERVIEW } from "./scene.js";
import { ticks } from "./span.js";
import { cut } from "./tags.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./data.js").TableName} TableName */
/** @typedef {import("./lanes.js").Lane} Lane */
/** @typedef {import("./lanes.js").Lanes} Lanes */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./state.js").State} State */

/** Pixels of a mark at least. */
const THIN = 2;
/** Of what is not chosen while something is. */
const DIM = 0.25;
/** Pixels within which texts are written on marks, at least. */
const ROOM = 36;

/**
 * Where a mark stands on its lane.
 * @param {Lane} lane
 * @param {number} level
 * @returns {[number, number]} from the lane's top, and how high
 */
function bar({ what, marks, height }, level) {
  if (what === "lines") return [(height - 4 * marks.length) / 2 + 4 * level, 3];
  if (marks.length > 1) return [3 + 7 * level, 5];
  return what === "label" ? [4, 10] : [2, height - 4];
}

export class Painting {
  /**
   * @param {Data} data
   * @param {State} state
   * @param {Lanes} lanes
   * @param {Scene} scene
   * @param {Palette} palette
   */
  constructor(data, state, lanes, scene, palette) {
    this.data = data;
    this.state = state;
    this.lanes = lanes;
    this.scene = scene;
    this.palette = palette;
    this.strip = document.createElement("canvas");
    this.side = document.createElement("canvas");
    this.over = document.createElement("canvas");
    /** What the strip shows: from when on, how many seconds a pixel, how wide. */
    this.drawn = { from: 0, pixel: 0, wide: 0 };
    /** What has to be drawn anew. */
    this.stale = { strip: true, side: true, over: true };
    /** @type {Map<string, string>} */
    this.cuts = new Map();
    /** Rows in which the query was found, by table. @type {Partial<Record<TableName, Set<number>>>} */
    this.hits = {};
    /** Their moments, in order. @type {number[]} */
    this.hitTimes = [];
  }

  /** What is chosen, and the labels that it is about. */
  chosen() {
    const selected = this.state.get("selected");
    const rows = selected?.rows ?? [];
    const { label } = this.data.tables.occurrences;
    const labels =
      selected?.table === "labels"
        ? rows
        : selected?.table === "occurrences"
          ? rows.map((row) => label[row])
          : [];
    return { table: selected?.table ?? null, rows: new Set(rows), labels: new Set(labels) };
  }

  /**
   * Draw all but what moves at every frame.
   * @param {HTMLCanvasElement} canvas
   */
  draw(canvas) {
    const { scene, drawn, palette, strip, side, over } = this;
    const { width, height, gutter, across, pixel } = scene;
    const [from, to] = this.state.get("view");
    const fits = this.scaled() && from >= drawn.from && to <= drawn.from + drawn.wide * pixel;
    if (this.stale.strip || !fits) this.paintStrip();
    if (this.stale.side) this.paintSide();
    if (this.stale.over) this.paintOver();
    this.stale = { strip: false, side: false, over: false };
    const ratio = globalThis.devicePixelRatio || 1;
    const context = ready(canvas, width, height);
    // Whole pixels of the screen: the strip stays sharp wherever it goes.
    const shift = Math.round(((this.drawn.from - from) / pixel) * ratio) / ratio;
    context.save();
    context.beginPath();
    context.rect(gutter, OVERVIEW, across, height);
    context.clip();
    context.drawImage(strip, gutter + shift, OVERVIEW, strip.width / ratio, strip.height / ratio);
    this.write(context);
    context.restore();
    context.drawImage(side, 0, OVERVIEW, side.width / ratio, side.height / ratio);
    context.drawImage(over, gutter, 0, over.width / ratio, over.height / ratio);
    this.drawWindow(context, scene.overX(from), scene.overX(to));
    context.fillStyle = palette.of("line");
    context.fillRect(0, OVERVIEW, width, 1);
  }

  /**
   * The part of the overview that is seen below.
   * @param {CanvasRenderingContext2D} context
   * @param {number} left
   * @param {number} right
   */
  drawWindow(context, left, right) {
    const { palette, scene } = this;
    context.fillStyle = palette.of("ground");
    context.globalAlpha = 0.65;
    context.fillRect(scene.gutter, 0, left - scene.gutter, OVERVIEW);
    context.fillRect(right, 0, scene.right - right, OVERVIEW);
    context.globalAlpha = 1;
    context.strokeStyle = palette.of("accent");
    context.strokeRect(left + 0.5, 0.5, Math.max(2, right - left - 1), OVERVIEW - 1);
    context.fillStyle = palette.of("accent");
    for (const x of [left, right - 4]) {
      context.beginPath();
      context.roundRect(x, OVERVIEW / 2 - 6, 4, 12, 2);
      context.fill();
    }
  }

  /** Chapters' names and sentences, within as much of their marks as is seen. */
  write(/** @type {CanvasRenderingContext2D} */ context) {
    const { palette } = this;
    const { chapters, speech } = this.data.tables;
    context.fillStyle = palette.of("ink");
    context.textBaseline = "middle";
    let y = OVERVIEW + AXIS;
    for (const lane of this.lanes.fixed) {
      if (lane.what === "chapters" || lane.what === "speech") {
        const texts = lane.what === "chapters" ? chapters.headline : speech.text;
        context.font = palette.font(11, lane.what === "chapters" ? 600 : 400);
        this.writeLane(context, lane, y + lane.height / 2 + 0.5, texts);
      }
      y += lane.height;
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Lane} lane
   * @param {number} y
   * @param {(string | null)[]} texts
   */
  writeLane(context, lane, y, texts) {
    const { gutter, right, pixel } = this.scene;
    const [from, to] = this.state.get("view");
    const [marks] = lane.marks;
    for (let k = upper(marks.start, to) - 1; k >= 0 && marks.start[k] >= from - marks.longest; k--) {
      if (marks.end[k] - marks.start[k] < ROOM * pixel || marks.end[k] < from) continue;
      const x = Math.max(gutter, this.scene.x(marks.start[k])) + 5;
      const room = Math.min(this.scene.x(marks.end[k]), right) - x - 5;
      if (room < ROOM - 10) continue;
      const told = this.fit(context, texts[marks.rows[k]] ?? "", 4 * Math.floor(room / 4));
      // One letter of a text tells nothing.
      if (told.length > 2 || !told.endsWith("…")) context.fillText(told, x, y);
    }
  }

  /** Whether the strip has the scale that is seen; moving a view changes its last digits. */
  scaled() {
    return Math.abs(this.drawn.pixel - this.scene.pixel) <= 1e-9 * this.scene.pixel;
  }

  paintStrip() {
    const { scene, palette, lanes } = this;
    const { duration } = scene;
    const pixel = this.scaled() ? this.drawn.pixel : scene.pixel;
    const [from, to] = this.state.get("view");
    // While it is zoomed, each strip serves one frame only, and needs no more than what is seen.
    const margin = this.scaled() ? 0.25 : 0;
    const wide = Math.ceil(scene.across * (1 + 2 * margin)) + 1;
    const high = scene.height - OVERVIEW;
    this.drawn = { from: from - margin * (to - from), pixel, wide };
    const begin = this.drawn.from;
    const context = ready(this.strip, wide, high);
    const picked = this.chosen();

    const seen = /** @type {[number, number]} */ ([
      Math.max(0, begin),
      Math.min(begin + wide * pixel, duration),
    ]);
    const { times, digits } = ticks(seen, (seen[1] - seen[0]) / pixel);
    context.textBaseline = "middle";
    context.font = palette.font(11);
    for (const time of times) {
      const at = Math.round((time - begin) / pixel);
      context.fillStyle = palette.of("line");
      context.globalAlpha = 0.6;
      context.fillRect(at, AXIS - 6, 1, high);
      context.globalAlpha = 1;
      context.fillStyle = palette.of("soft");
      context.fillText(clock(time, digits), at + 4, AXIS / 2);
    }

    let y = AXIS;
    for (const lane of lanes.fixed) {
      context.fillStyle = palette.of("raised");
      if (lane.what !== "lines") context.fillRect(-begin / pixel, y + 1, duration / pixel, lane.height - 2);
      this.paintLane(context, lane, y, picked);
      y += lane.height;
    }
    context.save();
    context.beginPath();
    context.rect(0, y, wide, high - y);
    context.clip();
    for (const { lane, top } of lanes.between(scene.scroll, scene.scroll + high - y)) {
      const at = y + top - scene.scroll;
      context.fillStyle = palette.of("line");
      context.globalAlpha = 0.5;
      context.fillRect(0, at + lane.height - 1, wide, 1);
      context.globalAlpha = 1;
      this.paintLane(context, lane, at, picked);
    }
    context.restore();
    context.fillStyle = palette.of("line");
    context.fillRect(0, y - 1, wide, 1);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Lane} lane
   * @param {number} y
   * @param {ReturnType<Painting["chosen"]>} picked
   */
  paintLane(context, lane, y, picked) {
    const { from, pixel, wide } = this.drawn;
    const last = from + wide * pixel;
    const found = this.hits[lane.table];
    // An occurrence that is chosen brings its label out too, and is framed on its lane.
    const own = picked.table === lane.table && picked.table !== null;
    const strong = lane.label >= 0 && picked.labels.has(lane.label);
    const dims = picked.table !== null && !strong;
    lane.marks.forEach((marks, level) => {
      const [top, high] = bar(lane, level);
      const merged = marks.merged(pixel);
      context.fillStyle = this.colour(lane, marks.rows[0]);
      let k = Math.max(0, upper(merged.end, from, 0, merged.count) - 1);
      for (; k < merged.count && merged.start[k] <= last; k++) {
        const length = (merged.end[k] - merged.start[k]) / pixel;
        const stop = k + 1 < merged.count ? merged.first[k + 1] : marks.rows.length;
        const alone = stop === merged.first[k] + 1;
        const strength = alpha(lane.what, merged.share[k], alone ? merged.first[k] : -1);
        context.globalAlpha = dims ? strength * DIM : strength;
        // A line of ground between neighbours keeps them apart.
        const seen = Math.max(THIN, length - (length > 4 ? 1 : 0));
        context.fillRect((merged.start[k] - from) / pixel, y + top, seen, high);
      }
      context.globalAlpha = 1;
      if (own || found?.size) {
        let before = -Infinity;
        k = upper(marks.start, from - marks.longest);
        for (; k < marks.rows.length && marks.start[k] <= last; k++) {
          const x = (marks.start[k] - from) / pixel;
          if (own && picked.rows.has(marks.rows[k])) {
            const length = Math.max(THIN, (marks.end[k] - marks.start[k]) / pixel);
            context.fillRect(x, y + top, length, high);
            context.strokeStyle = this.palette.of("ink");
            context.strokeRect(x - 0.5, y + top - 0.5, length + 1, high + 1);
          }
          if (found?.has(marks.rows[k]) && x - before >= 4) {
            this.tick(context, x, y + 1, lane.height - 2);
            before = x;
          }
        }
      }
    });
  }

  /** @param {Lane} lane @param {number} row one of its rows */
  colour(lane, row) {
    const { palette } = this;
    if (lane.what === "label") return palette.kind(lane.kind);
    if (lane.what === "lines") return palette.role(this.data.tables.lines.role[row]);
    return palette.of(lane.what === "speech" ? "accent" : "soft");
  }

  /**
   * A place where the query was found.
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   * @param {number} high
   */
  tick(context, x, y, high) {
    context.fillStyle = this.palette.of("mark-ink");
    context.fillRect(x - 1, y, 4, high);
    context.fillStyle = this.palette.of("mark");
    context.fillRect(x, y + 1, 2, high - 2);
  }

  /** The lanes' names. */
  paintSide() {
    const { scene, palette, lanes } = this;
    const { gutter } = scene;
    const high = scene.height - OVERVIEW;
    const context = ready(this.side, gutter, high);
    const picked = this.chosen();
    context.fillStyle = palette.of("ground");
    context.fillRect(0, 0, gutter, high);
    context.textBaseline = "middle";
    let y = AXIS;
    for (const lane of lanes.fixed) {
      context.font = palette.font(11);
      context.fillStyle = palette.of("soft");
      context.fillText(this.fit(context, lane.name, gutter - 16), 8, y + lane.height / 2 + 0.5);
      y += lane.height;
    }
    context.save();
    context.beginPath();
    context.rect(0, y, gutter, high - y);
    context.clip();
    for (const { lane, top } of lanes.between(scene.scroll, scene.scroll + high - y)) {
      this.paintName(context, lane, y + top - scene.scroll, picked);
    }
    context.restore();
    context.fillStyle = palette.of("line");
    context.fillRect(gutter - 1, 0, 1, high);
    context.fillRect(0, y - 1, gutter, 1);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Lane} lane
   * @param {number} y
   * @param {ReturnType<Painting["chosen"]>} picked
   */
  paintName(context, lane, y, picked) {
    const { palette, scene } = this;
    const middle = y + lane.height / 2;
    if (lane.what === "head") {
      context.font = palette.font(11, 600);
      context.fillStyle = palette.of("soft");
      context.fillText(this.fit(context, lane.name, scene.gutter - 16), 8, middle + 1.5);
      return;
    }
    const hover = this.state.get("hover");
    const strong = picked.labels.has(lane.label);
    if (strong || (hover?.table === "labels" && hover.row === lane.label)) {
      context.fillStyle = palette.of(strong ? "accent-ground" : "sunken");
      context.fillRect(0, y, scene.gutter, lane.height - 1);
    }
    if (this.hits.labels?.has(lane.label)) {
      context.fillStyle = palette.of("mark-ink");
      context.fillRect(0, y + 1, 4, lane.height - 3);
      context.fillStyle = palette.of("mark");
      context.fillRect(0, y + 2, 3, lane.height - 5);
    }
    context.globalAlpha = picked.labels.size && !strong ? 0.55 : 1;
    context.fillStyle = palette.kind(lane.kind);
    context.fillRect(8, middle - 4, 8, 8);
    context.font = palette.font(12, strong ? 600 : 400);
    context.fillStyle = palette.of("ink");
    context.fillText(this.fit(context, lane.name, scene.gutter - 30), 22, middle + 0.5);
    context.globalAlpha = 1;
  }

  /** How much is said, upward, and read, downward; and where the query was found. */
  paintOver() {
    const { palette, scene } = this;
    const { lines, speech } = this.data.tables;
    const { across, duration } = scene;
    const context = ready(this.over, across, OVERVIEW);
    const cells = Math.max(1, Math.floor(across / 2));
    const middle = Math.round(OVERVIEW * 0.6);
    context.fillStyle = palette.of("sunken");
    context.fillRect(0, 0, across, OVERVIEW);
    const edge = (/** @type {number} */ cell) => Math.round((cell * across) / cells);
    context.fillStyle = palette.of("accent");
    density(speech.start, speech.end, duration, cells).forEach((share, k) => {
      const high = share * (middle - 4);
      if (share > 0) context.fillRect(edge(k), middle - high, edge(k + 1) - edge(k), high);
    });
    context.fillStyle = palette.of("soft");
    context.globalAlpha = 0.6;
    density(lines.start, lines.end, duration, cells).forEach((share, k) => {
      const high = share * (OVERVIEW - middle - 4);
      if (share > 0) context.fillRect(edge(k), middle + 1, edge(k + 1) - edge(k), high);
    });
    context.globalAlpha = 1;
    let before = -Infinity;
    for (const time of this.hitTimes) {
      const x = (time / (duration || 1)) * across;
      if (x - before < 3) continue;
      this.tick(context, x, 0, OVERVIEW);
      before = x;
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {string} text @param {number} most */
  fit(context, text, most) {
    const key = `${context.font.slice(0, 8)} ${Math.floor(most)} ${text}`;
    let made = this.cuts.get(key);
    if (made === undefined) {
      made = cut(text, most, (part) => context.measureText(part).width);
      if (this.cuts.size > 5000) this.cuts.clear();
      this.cuts.set(key, made);
    }
    return made;
  }
}

/**
 * How strong a mark is: the more of it is covered, the stronger; shots by turns.
 * @param {Lane["what"]} what
 * @param {number} share
 * @param {number} turn -1 for several in one
 */
function alpha(what, share, turn) {
  if (what === "chapters") return 0.22;
  if (what === "shots") return turn < 0 ? 0.38 : turn % 2 ? 0.28 : 0.5;
  return what === "speech" ? 0.3 + 0.4 * share : 0.35 + 0.65 * share;
}
