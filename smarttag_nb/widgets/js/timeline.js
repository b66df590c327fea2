/** All of the time at a glance: what is seen, said and read, lane by lane. */

import { clock, upper } from "./data.js";
import { h, icon } from "./dom.js";
import { Marks, density, packed } from "./marks.js";
import { Palette, ready } from "./palette.js";
import { followed, moved, revealed, ticks, within, zoomed } from "./span.js";
import { once } from "./state.js";
import { cut } from "./tags.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./data.js").TableName} TableName */
/** @typedef {import("./span.js").Span} Span */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

/**
 * @typedef {object} Lane
 * @property {"head" | "label" | "chapters" | "shots" | "speech" | "lines"} what
 * @property {string} name
 * @property {string} colour the name of its variable
 * @property {number} label row of labels; -1 for a lane of something else
 * @property {TableName} table what its marks are rows of
 * @property {Marks[]} marks one below the other
 * @property {number} height
 */

/**
 * @typedef {object} Found what lies under the pointer
 * @property {Lane} lane
 * @property {number} row of the lane's table; -1 between marks
 * @property {number} count how many marks lie there
 */

const OVERVIEW = 28;
const AXIS = 20;
/** Room for the scroll bar, at the right. */
const MARGIN = 12;
/** Pixels of a mark at least, and those around it that count as on it. */
const [THIN, NEAR] = [2, 3];
/** Pixels that the pointer goes before a click becomes a drag. */
const DRAG = 4;
const DIM = 0.25;
/** Seconds that the playhead goes by an arrow key. */
const ARROW = 1;
const [LOWEST, HIGHEST] = [120, 800];
/** Rows of a label whose occurrences overlap. */
const MOST_ROWS = 4;

const KINDS = ["person", "tag", "category", "entity", "hotword", "keyword", "text"];
const ROLES = ["subtitle", "translation", "caption", "ticker", "slide", "scene", "fixed"];

/** @param {string} word */
const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/**
 * @param {HTMLElement} host
 * @param {Data} data
 * @param {State} state
 * @param {Words} t
 * @param {HTMLElement} root
 */
export function timeline(host, data, state, t, root) {
  host.classList.add("timeline");
  const { labels, occurrences, tracks, boxes, speech, lines, shots, chapters } = data.tables;
  const said = /** @type {Record<string, string>} */ (/** @type {unknown} */ (t));
  const palette = new Palette(root);
  const still = h("canvas", { "aria-hidden": "true" });
  const moving = h("canvas", { "aria-hidden": "true" });
  const spacer = h("div", {});
  const scroller = h("div", { class: "scroller", tabindex: -1 }, spacer);
  const playhead = h("div", { class: "playhead", role: "slider", tabindex: 0, "aria-label": t.playhead, "aria-valuemin": 0 });
  /** @param {string} label @param {Parameters<typeof icon>[0]} name @param {() => void} onclick */
  const button = (label, name, onclick) =>
    h("button", { type: "button", "aria-label": label, title: label, onclick }, icon(name));
  const tools = h("div", { class: "tools" },
    button(t.zoomIn, "zoomIn", () => zoom(0.5)),
    button(t.zoomOut, "zoomOut", () => zoom(2)),
    button(t.zoomAll, "zoomAll", () => look([0, duration()])));
  const clear = button(t.clearRange, "close", () => state.set("range", null));
  clear.classList.add("clear");
  clear.hidden = true;
  const field = h("div", { class: "field", tabindex: 0, role: "application", "aria-label": t.timeline, "aria-description": t.timelineKeys },
    still, scroller, moving, tools, playhead, clear);
  const grip = h("div", { class: "grip", role: "separator", tabindex: 0, "aria-orientation": "horizontal",
    "aria-label": t.resizeTimeline, title: t.resizeTimeline, "aria-valuemin": LOWEST, "aria-valuemax": HIGHEST });
  const none = h("p", { class: "none" }, t.noTimes);
  host.append(grip, field, none);
  const tip = h("div", { class: "timeline-tip", role: "tooltip", hidden: true });
  root.append(tip);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // —— Lanes

  const trackStart = Float64Array.from(tracks.first, (row) => boxes.time[row]);
  const trackEnd = Float64Array.from(tracks.stop, (row) => boxes.time[row - 1]);
  /** @type {Map<number, number[]>} */
  const tracksOf = new Map();
  tracks.label.forEach((label, track) => {
    const known = tracksOf.get(label);
    if (known) known.push(track);
    else tracksOf.set(label, [track]);
  });

  const labelLanes = makeLabelLanes();
  const fixed = makeFixedLanes();
  /** @type {Lane[]} */
  let lanes = [];
  /** Where each of them begins, and where the last one ends. */
  let tops = new Float64Array(1);
  const fixedHeight = fixed.reduce((sum, lane) => sum + lane.height, 0);

  /** A label's lane, if it has a time at all: of its occurrences, or else of its boxes. @returns {Lane[]} */
  function makeLabelLanes() {
    /** @type {(Lane & {rank: number, ratio: number, first: number})[]} */
    const made = [];
    for (let label = 0; label < labels.rows; label++) {
      let table = /** @type {TableName} */ ("occurrences");
      let marks = packed(data.occurrencesOf(label), occurrences.start, occurrences.end, MOST_ROWS);
      if (!marks[0].rows.length) {
        table = "tracks";
        marks = packed(tracksOf.get(label) ?? [], trackStart, trackEnd, MOST_ROWS);
      }
      if (!marks[0].rows.length) continue;
      const kind = labels.kind[label] ?? "";
      const rank = KINDS.indexOf(kind);
      const ratio = data.ratio(label);
      made.push({
        what: "label", name: labels.name[label] ?? t.unnamed, colour: kind, label, table, marks,
        height: marks.length === 1 ? 18 : 6 + 7 * marks.length,
        rank: rank < 0 ? KINDS.length : rank, ratio: ratio === ratio ? ratio : -1, first: marks[0].start[0],
      });
    }
    return made.sort((a, b) => a.rank - b.rank || b.ratio - a.ratio || a.first - b.first);
  }

  /** @returns {Lane[]} */
  function makeFixedLanes() {
    /** @param {Lane["what"] & TableName} what @param {string} name @param {number} height @param {Marks[]} marks @returns {Lane} */
    const lane = (what, name, height, marks) => ({ what, name, colour: "", label: -1, table: what, marks, height });
    const all = (/** @type {{rows: number, start: Float64Array, end: Float64Array}} */ table) =>
      new Marks([...Array(table.rows).keys()], table.start, table.end);
    const made = [
      lane("chapters", t.chaptersLane, 20, [all(chapters)]),
      lane("shots", t.shotLane, 12, [all(shots)]),
      lane("speech", t.speechLane, 18, [all(speech)]),
    ];
    const roles = ROLES.map((role) => {
      const rows = [...Array(lines.rows).keys()].filter((row) => (lines.role[row] ?? "fixed") === role);
      return new Marks(rows, lines.start, lines.end);
    });
    const present = roles.filter((marks) => marks.rows.length);
    made.push(lane("lines", t.linesLane, Math.max(16, 4 + 4 * present.length), present));
    return made.filter((one) => one.marks.some((marks) => marks.rows.length));
  }

  function arrange() {
    const passing = data.passing(state.get("filters"));
    lanes = [];
    let kind = /** @type {string | null} */ (null);
    for (const lane of labelLanes) {
      if (!passing[lane.label]) continue;
      if (lane.colour !== kind) {
        kind = lane.colour;
        lanes.push({ what: "head", name: said[`kind${capital(kind)}`] ?? kind, colour: kind, label: -1, table: "labels", marks: [], height: 20 });
      }
      lanes.push(lane);
    }
    tops = new Float64Array(lanes.length + 1);
    lanes.forEach((lane, k) => {
      tops[k + 1] = tops[k] + lane.height;
    });
    spacer.style.height = `${tops[lanes.length] + 4}px`;
  }

  // —— Where things are

  let [width, height, gutter] = [0, 0, 160];
  const duration = () => state.get("duration");
  const across = () => Math.max(1, width - gutter - MARGIN);
  const pixel = () => (state.get("view")[1] - state.get("view")[0]) / across();
  /** @param {number} time */
  const xOf = (time) => gutter + (time - state.get("view")[0]) / pixel();
  /** @param {number} x */
  const timeAt = (x) => Math.min(Math.max(0, state.get("view")[0] + (x - gutter) * pixel()), duration());
  /** @param {number} time */
  const overX = (time) => gutter + (time / (duration() || 1)) * across();
  /** @param {number} x */
  const overTime = (x) => Math.min(Math.max(0, ((x - gutter) / across()) * duration()), duration());
  const labelsTop = () => OVERVIEW + AXIS + fixedHeight;

  /** @param {Span} view */
  const look = (view) => state.set("view", within(view, duration()));

  /** @param {number} factor @param {number} [at] the moment that stays, else the playhead if it is seen */
  function zoom(factor, at) {
    const view = state.get("view");
    const time = state.get("time");
    look(zoomed(view, at ?? (time >= view[0] && time <= view[1] ? time : (view[0] + view[1]) / 2), factor, duration()));
  }

  // —— What is drawn once for each scale, and then only moved

  const strip = document.createElement("canvas");
  const side = document.createElement("canvas");
  const over = document.createElement("canvas");
  /** What the strip shows: from when on, how many seconds a pixel, how wide. */
  let drawn = { from: 0, pixel: 0, wide: 0 };
  let stale = { strip: true, side: true, over: true };
  /** @type {Map<string, string>} */
  const cuts = new Map();
  /** @type {Partial<Record<TableName, Set<number>>>} rows in which the query was found */
  let hits = {};
  /** @type {Float64Array} their moments */
  let hitTimes = new Float64Array(0);

  /** @param {CanvasRenderingContext2D} context @param {string} text @param {number} most */
  function fit(context, text, most) {
    const key = `${context.font.slice(0, 8)} ${Math.floor(most)} ${text}`;
    let made = cuts.get(key);
    if (made === undefined) {
      made = cut(text, most, (part) => context.measureText(part).width);
      if (cuts.size > 5000) cuts.clear();
      cuts.set(key, made);
    }
    return made;
  }

  function chosen() {
    const selected = state.get("selected");
    const rows = new Set(selected?.rows);
    const owners = new Set(selected?.table === "labels" ? selected.rows
      : selected?.table === "occurrences" ? selected.rows.map((row) => occurrences.label[row]) : []);
    return { table: selected?.table ?? null, rows, labels: owners };
  }

  /** Label lanes that can be seen. */
  function visible() {
    const top = scroller.scrollTop;
    const room = height - labelsTop();
    const first = Math.max(0, upper(tops, top) - 1);
    /** @type {{lane: Lane, y: number}[]} */
    const seen = [];
    for (let k = first; k < lanes.length && tops[k] < top + room; k++) {
      seen.push({ lane: lanes[k], y: AXIS + fixedHeight + tops[k] - top });
    }
    return seen;
  }

  function paintStrip() {
    const [from, to] = state.get("view");
    const second = pixel();
    const wide = Math.ceil(across() * 1.5);
    drawn = { from: from - 0.25 * (to - from), pixel: second, wide };
    const context = ready(strip, wide, height - OVERVIEW);
    const last = drawn.from + wide * second;
    const x = (/** @type {number} */ time) => (time - drawn.from) / second;
    const high = height - OVERVIEW;
    const picked = chosen();

    const { times, digits } = ticks([Math.max(0, drawn.from), Math.min(last, duration())], Math.min(wide, duration() / second));
    context.textBaseline = "middle";
    context.font = palette.font(11);
    for (const time of times) {
      const at = Math.round(x(time));
      context.fillStyle = palette.of("line");
      context.globalAlpha = 0.6;
      context.fillRect(at, AXIS - 6, 1, high);
      context.globalAlpha = 1;
      context.fillStyle = palette.of("soft");
      context.fillText(clock(time, digits), at + 4, AXIS / 2);
    }

    let y = AXIS;
    for (const lane of fixed) {
      context.fillStyle = palette.of("raised");
      if (lane.what !== "lines") context.fillRect(x(0), y + 1, duration() / second, lane.height - 2);
      paintLane(context, lane, y, x, last, picked);
      y += lane.height;
    }
    context.save();
    context.beginPath();
    context.rect(0, y, wide, high - y);
    context.clip();
    for (const { lane, y: at } of visible()) {
      context.fillStyle = palette.of("line");
      context.globalAlpha = 0.5;
      context.fillRect(0, at + lane.height - 1, wide, 1);
      context.globalAlpha = 1;
      paintLane(context, lane, at, x, last, picked);
    }
    context.restore();
    context.fillStyle = palette.of("line");
    context.fillRect(0, y - 1, wide, 1);
    stale.strip = false;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Lane} lane
   * @param {number} y
   * @param {(time: number) => number} x
   * @param {number} last
   * @param {ReturnType<typeof chosen>} picked
   */
  function paintLane(context, lane, y, x, last, picked) {
    if (lane.what === "head") return;
    const second = drawn.pixel;
    const found = hits[lane.table];
    const dims = picked.table !== null && (lane.label >= 0 ? !picked.labels.has(lane.label) : picked.table !== lane.what);
    const room = lane.what === "lines" ? 4 : lane.marks.length > 1 ? 7 : lane.height;
    const pad = lane.what === "lines" ? 2 : lane.marks.length > 1 ? 3 : 0;
    lane.marks.forEach((marks, level) => {
      const colour =
        lane.what === "label" ? palette.kind(lane.colour)
        : lane.what === "speech" ? palette.of("accent")
        : lane.what === "lines" ? palette.role(lines.role[marks.rows[0]])
        : palette.of("soft");
      const [top, high] =
        lane.what === "label" ? (lane.marks.length > 1 ? [y + pad + level * room, 5] : [y + 4, 10])
        : lane.what === "lines" ? [y + (lane.height - 4 * lane.marks.length) / 2 + level * room, 3]
        : lane.what === "shots" ? [y + 2, lane.height - 4]
        : [y + 2, lane.height - 4];
      const merged = marks.merged(second);
      context.fillStyle = colour;
      let k = Math.max(0, upper(merged.end, drawn.from, 0, merged.count) - 1);
      for (; k < merged.count && merged.start[k] <= last; k++) {
        const begin = x(merged.start[k]);
        const length = (merged.end[k] - merged.start[k]) / second;
        const alone = (k + 1 < merged.count ? merged.first[k + 1] : marks.rows.length) === merged.first[k] + 1;
        let strength =
          lane.what === "chapters" ? 0.22
          : lane.what === "shots" ? (alone ? (merged.first[k] % 2 ? 0.28 : 0.5) : 0.38)
          : lane.what === "speech" ? 0.3 + 0.4 * merged.share[k]
          : 0.35 + 0.65 * merged.share[k];
        if (dims) strength *= DIM;
        else if (picked.table === lane.table && lane.what !== "label") {
          strength = picked.rows.has(marks.rows[merged.first[k]]) ? 1 : strength * DIM;
        }
        context.globalAlpha = strength;
        // A line of ground between neighbours keeps them apart.
        context.fillRect(begin, top, Math.max(THIN, length - (length > 4 ? 1 : 0)), high);
      }
      context.globalAlpha = 1;
      if (found?.size) {
        let before = -Infinity;
        for (let k = upper(marks.start, drawn.from - marks.longest); k < marks.rows.length && marks.start[k] <= last; k++) {
          const at = x(marks.start[k]);
          if (!found.has(marks.rows[k]) || at - before < 4) continue;
          tick(context, at, y + 1, lane.height - 2);
          before = at;
        }
      }
    });
    if (lane.label >= 0 && picked.rows.size && picked.table === "occurrences" && lane.table === "occurrences") {
      context.strokeStyle = palette.of("ink");
      for (const row of picked.rows) {
        if (occurrences.label[row] !== lane.label) continue;
        const begin = x(occurrences.start[row]);
        context.strokeRect(begin - 1, y + 2.5, Math.max(THIN, x(occurrences.end[row]) - begin) + 2, lane.height - 5);
      }
    }
  }

  /** A place where the query was found. @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} high */
  function tick(context, x, y, high) {
    context.fillStyle = palette.of("mark-ink");
    context.fillRect(x - 1, y, 4, high);
    context.fillStyle = palette.of("mark");
    context.fillRect(x, y + 1, 2, high - 2);
  }

  function paintSide() {
    const context = ready(side, gutter, height - OVERVIEW);
    const hover = state.get("hover");
    const picked = chosen();
    context.fillStyle = palette.of("ground");
    context.fillRect(0, 0, gutter, height);
    context.textBaseline = "middle";
    let y = AXIS;
    for (const lane of fixed) {
      context.font = palette.font(11);
      context.fillStyle = palette.of("soft");
      context.fillText(fit(context, lane.name, gutter - 16), 8, y + lane.height / 2 + 0.5);
      y += lane.height;
    }
    context.save();
    context.beginPath();
    context.rect(0, y, gutter, height - OVERVIEW - y);
    context.clip();
    for (const { lane, y: at } of visible()) {
      if (lane.what === "head") {
        context.font = palette.font(11, 600);
        context.fillStyle = palette.of("soft");
        context.fillText(fit(context, lane.name, gutter - 16), 8, at + lane.height / 2 + 1.5);
        continue;
      }
      const strong = picked.labels.has(lane.label);
      const pointed = hover?.table === "labels" && hover.row === lane.label;
      if (strong || pointed) {
        context.fillStyle = palette.of(strong ? "accent-ground" : "sunken");
        context.fillRect(0, at, gutter, lane.height - 1);
      }
      if (hits.labels?.has(lane.label)) {
        context.fillStyle = palette.of("mark");
        context.fillRect(0, at + 1, 3, lane.height - 3);
      }
      context.globalAlpha = picked.table === "labels" && !strong ? 0.55 : 1;
      context.fillStyle = palette.kind(lane.colour);
      context.fillRect(8, at + lane.height / 2 - 4, 8, 8);
      context.font = palette.font(12, strong ? 600 : 400);
      context.fillStyle = palette.of("ink");
      context.fillText(fit(context, lane.name, gutter - 30), 22, at + lane.height / 2 + 0.5);
      context.globalAlpha = 1;
    }
    context.restore();
    context.fillStyle = palette.of("line");
    context.fillRect(gutter - 1, 0, 1, height);
    context.fillRect(0, y - 1, gutter, 1);
    stale.side = false;
  }

  function paintOver() {
    const wide = across();
    const context = ready(over, wide, OVERVIEW);
    const cells = Math.max(1, Math.floor(wide / 2));
    const middle = OVERVIEW * 0.6;
    context.fillStyle = palette.of("sunken");
    context.fillRect(0, 0, wide, OVERVIEW);
    const read = density(lines.start, lines.end, duration(), cells);
    const spoken = density(speech.start, speech.end, duration(), cells);
    context.fillStyle = palette.of("accent");
    spoken.forEach((share, k) => share > 0 && context.fillRect((k * wide) / cells, middle - share * (middle - 4), wide / cells, share * (middle - 4)));
    context.fillStyle = palette.of("soft");
    context.globalAlpha = 0.6;
    read.forEach((share, k) => share > 0 && context.fillRect((k * wide) / cells, middle + 1, wide / cells, share * (OVERVIEW - middle - 3)));
    context.globalAlpha = 1;
    let last = -Infinity;
    for (const time of hitTimes) {
      const x = (time / (duration() || 1)) * wide;
      if (x - last < 3) continue;
      tick(context, x, 0, OVERVIEW);
      last = x;
    }
    stale.over = false;
  }

  // —— What is drawn as the view moves

  const draw = once(() => {
    if (!(width > 0) || !(duration() > 0)) return;
    const [from, to] = state.get("view");
    const second = pixel();
    const fits = Math.abs(drawn.pixel - second) <= 1e-9 * second && from >= drawn.from && to <= drawn.from + drawn.wide * second;
    if (stale.strip || !fits) paintStrip();
    if (stale.side) paintSide();
    if (stale.over) paintOver();
    const ratio = globalThis.devicePixelRatio || 1;
    const context = ready(still, width, height);
    const wide = across();
    // Whole pixels of the screen: the strip stays sharp wherever it goes.
    const shift = Math.round(((drawn.from - from) / second) * ratio) / ratio;
    context.save();
    context.beginPath();
    context.rect(gutter, OVERVIEW, wide, height);
    context.clip();
    context.drawImage(strip, gutter + shift, OVERVIEW, strip.width / ratio, strip.height / ratio);
    writeChapters(context, from, to);
    writeSpeech(context, from, to);
    context.restore();
    context.drawImage(side, 0, OVERVIEW, side.width / ratio, side.height / ratio);
    context.drawImage(over, gutter, 0, over.width / ratio, over.height / ratio);
    const [left, right] = [overX(from), overX(to)];
    context.fillStyle = palette.of("ground");
    context.globalAlpha = 0.65;
    context.fillRect(gutter, 0, left - gutter, OVERVIEW);
    context.fillRect(right, 0, gutter + wide - right, OVERVIEW);
    context.globalAlpha = 1;
    context.strokeStyle = palette.of("accent");
    context.strokeRect(left + 0.5, 0.5, Math.max(2, right - left - 1), OVERVIEW - 1);
    context.fillStyle = palette.of("accent");
    for (const x of [left, right - 4]) {
      context.beginPath();
      context.roundRect(x, OVERVIEW / 2 - 6, 4, 12, 2);
      context.fill();
    }
    context.fillStyle = palette.of("line");
    context.fillRect(0, OVERVIEW, width, 1);
    paintLive();
  });

  /** @param {Lane["what"]} what @returns {[Lane, number] | null} */
  function placeOf(what) {
    let y = OVERVIEW + AXIS;
    for (const lane of fixed) {
      if (lane.what === what) return [lane, y];
      y += lane.height;
    }
    return null;
  }

  /** @param {CanvasRenderingContext2D} context @param {number} from @param {number} to */
  function writeChapters(context, from, to) {
    const place = placeOf("chapters");
    if (!place) return;
    write(context, place, from, to, palette.font(11, 600), palette.of("ink"), (row) => chapters.headline[row] ?? "");
  }

  /** @param {CanvasRenderingContext2D} context @param {number} from @param {number} to */
  function writeSpeech(context, from, to) {
    const place = placeOf("speech");
    if (!place) return;
    write(context, place, from, to, palette.font(11), palette.of("ink"), (row) => speech.text[row] ?? "");
  }

  /**
   * Texts within their marks, for as much of these as can be seen.
   * @param {CanvasRenderingContext2D} context
   * @param {[Lane, number]} place
   * @param {number} from
   * @param {number} to
   * @param {string} font
   * @param {string} colour
   * @param {(row: number) => string} text
   */
  function write(context, [lane, y], from, to, font, colour, text) {
    const [marks] = lane.marks;
    const least = 32 * pixel();
    context.font = font;
    context.fillStyle = colour;
    context.textBaseline = "middle";
    for (let k = upper(marks.start, to) - 1; k >= 0 && marks.start[k] >= from - marks.longest; k--) {
      if (marks.end[k] - marks.start[k] < least || marks.end[k] < from) continue;
      const x = Math.max(gutter, xOf(marks.start[k])) + 5;
      const room = Math.min(xOf(marks.end[k]), gutter + across()) - x - 5;
      if (room < 24) continue;
      const told = fit(context, text(marks.rows[k]), 4 * Math.floor(room / 4));
      // One letter of a text tells nothing.
      if (told.length > 2 || !told.endsWith("…")) context.fillText(told, x, y + lane.height / 2 + 0.5);
    }
  }

  // —— What moves at every frame

  /** Where the pointer is, if it is over the lanes. */
  let pointer = NaN;
  let shownSecond = -1;

  function paintLive() {
    live.cancel();
    if (!(width > 0) || !(duration() > 0)) return;
    const context = ready(moving, width, height);
    const time = state.get("time");
    const range = state.get("range");
    const wide = across();
    context.save();
    context.beginPath();
    context.rect(gutter, 0, wide + 1, height);
    context.clip();
    let clears = false;
    if (range) {
      const [left, right] = [xOf(range[0]), xOf(range[1])];
      context.fillStyle = palette.of("accent");
      context.globalAlpha = 0.16;
      context.fillRect(left, OVERVIEW, right - left, height);
      context.fillRect(overX(range[0]), 0, overX(range[1]) - overX(range[0]), OVERVIEW);
      context.globalAlpha = 1;
      context.fillRect(left - 1, OVERVIEW, 2, height);
      context.fillRect(right - 1, OVERVIEW, 2, height);
      const at = Math.min(right, gutter + wide) - 18;
      clears = at > gutter && left < gutter + wide;
      if (clears) clear.style.transform = `translate(${Math.max(gutter, at)}px, ${OVERVIEW + 2}px)`;
      if (right - left > 88) label(context, clock(range[1] - range[0], 1), (left + right) / 2, "accent");
    }
    if (clear.hidden === clears) clear.hidden = !clears;
    if (pointer >= gutter && pointer <= gutter + wide) {
      context.fillStyle = palette.of("soft");
      context.globalAlpha = 0.5;
      context.fillRect(Math.round(pointer), OVERVIEW, 1, height);
      context.globalAlpha = 1;
      label(context, clock(timeAt(pointer), pixel() < 0.5 ? 1 : 0), pointer, "soft");
    }
    const x = xOf(time);
    const seen = x >= gutter - 1 && x <= gutter + wide + 1;
    context.fillStyle = palette.of("playhead");
    context.fillRect(overX(time) - 0.5, 0, 1, OVERVIEW);
    if (seen) context.fillRect(x - 1, OVERVIEW, 2, height);
    context.restore();
    playhead.style.transform = `translate(${Math.min(Math.max(x, gutter), gutter + wide) - 6}px, ${OVERVIEW}px)`;
    playhead.style.opacity = seen ? "1" : "0";
    const second = state.get("playing") ? Math.floor(time) : time;
    if (second !== shownSecond) {
      shownSecond = second;
      playhead.setAttribute("aria-valuenow", String(Math.round(time * 10) / 10));
      playhead.setAttribute("aria-valuetext", clock(time, 1));
    }
  }

  /** A time on the axis. @param {CanvasRenderingContext2D} context @param {string} told @param {number} at @param {string} colour */
  function label(context, told, at, colour) {
    context.font = palette.font(11);
    const room = context.measureText(told).width + 8;
    const x = Math.min(Math.max(gutter, at - room / 2), gutter + across() - room);
    context.fillStyle = palette.of(colour);
    context.beginPath();
    context.roundRect(x, OVERVIEW + 2, room, AXIS - 4, 3);
    context.fill();
    context.fillStyle = palette.of("ground");
    context.textBaseline = "middle";
    context.fillText(told, x + 4, OVERVIEW + AXIS / 2 + 0.5);
  }

  const live = once(paintLive);

  // —— What is under the pointer

  /** @param {number} x @param {number} y @returns {Found | null} */
  function find(x, y) {
    let top = OVERVIEW + AXIS;
    if (y < top) return null;
    let lane = null;
    for (const one of fixed) {
      if (y >= top && y < top + one.height) {
        lane = one;
        break;
      }
      top += one.height;
    }
    if (!lane) {
      const at = y - labelsTop() + scroller.scrollTop;
      const k = upper(tops, at) - 1;
      if (k < 0 || k >= lanes.length) return null;
      lane = lanes[k];
      top = labelsTop() + tops[k] - scroller.scrollTop;
    }
    if (lane.what === "head") return null;
    if (x < gutter) return { lane, row: -1, count: 0 };
    const share = (y - top) / lane.height;
    const level = Math.min(lane.marks.length - 1, Math.max(0, Math.floor(share * lane.marks.length)));
    const time = state.get("view")[0] + (x - gutter) * pixel();
    for (const marks of [lane.marks[level], ...lane.marks]) {
      const near = marks.near(time, NEAR * pixel());
      if (near) return { lane, row: near.row, count: near.count };
    }
    return { lane, row: -1, count: 0 };
  }

  /** @param {Lane} lane @param {number} row @returns {Span} */
  function times({ table }, row) {
    if (table === "tracks") return [trackStart[row], trackEnd[row]];
    const { start, end } = data.times(table, row);
    return [start, end >= start ? end : start];
  }

  /** @param {Found | null} found @param {PointerEvent} event */
  function tell(found, event) {
    if (!found) {
      tip.hidden = true;
      return;
    }
    const { lane, row } = found;
    /** @type {string[]} */
    const facts = [];
    let [head, body] = [lane.name, ""];
    if (row >= 0) {
      const [start, end] = times(lane, row);
      facts.push(end > start ? `${clock(start, 1)} – ${clock(end, 1)}` : clock(start, 1));
      if (lane.what === "speech") [head, body] = ["", speech.text[row] ?? ""];
      if (lane.what === "lines") {
        [head, body] = ["", lines.text[row] ?? ""];
        const role = lines.role[row];
        if (role) facts.push(said[`role${capital(role)}`] ?? role);
      }
      if (lane.what === "chapters") [head, body] = [chapters.headline[row] ?? "", chapters.summary[row] ?? ""];
      if (lane.what === "shots") head = `${t.shotOne} ${row + 1}`;
      if (lane.table === "occurrences") {
        const score = occurrences.score[row];
        if (score === score) facts.push(`${t.scoreIs} ${score.toFixed(2)}`);
      }
    }
    if (lane.label >= 0) {
      const ratio = data.ratio(lane.label);
      if (ratio === ratio) facts.push(`${t.ratioIs} ${(100 * ratio).toFixed(1)} %`);
    }
    if (found.count > 1) facts.push(`+${found.count - 1} ${t.moreHere}`);
    tip.replaceChildren(
      ...(head ? [h("p", { class: "head", dir: "auto" }, head)] : []),
      ...(body ? [h("p", { dir: "auto" }, body)] : []),
      ...(facts.length ? [h("p", { class: "facts" }, facts.join(" · "))] : []),
    );
    tip.hidden = false;
    // Where the tip stands by itself depends on the page around: it is moved from there.
    tip.style.transform = "none";
    const own = tip.getBoundingClientRect();
    const all = root.getBoundingClientRect();
    const left = Math.min(Math.max(all.left + 8, event.clientX + 12), all.right - own.width - 8);
    const above = event.clientY - own.height - 12;
    const top = above >= all.top + 4 ? above : Math.min(event.clientY + 16, all.bottom - own.height - 4);
    tip.style.transform = `translate(${Math.round(left - own.left)}px, ${Math.round(top - own.top)}px)`;
  }

  // —— Pointers

  /** @typedef {"seek" | "mark" | "range" | "from" | "to" | "pan" | "window" | "left" | "right" | "new" | "name"} Grasp */
  /** @type {{what: Grasp, x: number, y: number, view: Span, time: number, far: boolean} | null} */
  let grasp = null;
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  /** @type {{apart: number, at: number, view: Span} | null} */
  let pinch = null;
  let pointing = false;

  /** @param {{clientX: number, clientY: number}} event */
  function place(event) {
    const box = field.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** What a press would take hold of. @param {number} x @param {number} y @param {boolean} touch @returns {Grasp} */
  function grasped(x, y, touch) {
    const reach = touch ? 14 : 5;
    if (y < OVERVIEW) {
      const [left, right] = state.get("view").map(overX);
      const all = right - left >= across() - 1;
      const middle = (left + right) / 2;
      // However narrow the window is, its middle can be taken hold of.
      if (!all && Math.abs(x - middle) < Math.max(reach - 1, (right - left) / 2 - 3)) return "window";
      if (x < middle && x > left - 2 * reach && x < left + reach) return "left";
      if (x > middle && x < right + 2 * reach && x > right - reach) return "right";
      return "new";
    }
    if (x < gutter) return "name";
    const range = state.get("range");
    if (range && Math.abs(x - xOf(range[0])) <= reach) return "from";
    if (range && Math.abs(x - xOf(range[1])) <= reach) return "to";
    if (y < OVERVIEW + AXIS) return "seek";
    return touch ? "pan" : "mark";
  }

  const CURSORS = { left: "ew-resize", right: "ew-resize", from: "ew-resize", to: "ew-resize", window: "grab", new: "crosshair" };

  /** @param {PointerEvent} event */
  function press(event) {
    const inside = event.target instanceof Node && (event.target === field || scroller.contains(event.target));
    const box = scroller.getBoundingClientRect();
    // The scroll bar is the browser's.
    if (!inside || event.button > 0 || event.clientX > box.left + scroller.clientWidth) return;
    const { x, y } = place(event);
    fingers.set(event.pointerId, { x, y });
    field.setPointerCapture(event.pointerId);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      pinch = { apart: Math.max(20, Math.abs(a.x - b.x)), at: timeAt((a.x + b.x) / 2), view: state.get("view") };
      grasp = null;
      return;
    }
    grasp = { what: grasped(x, y, event.pointerType === "touch"), x, y, view: state.get("view"), time: y < OVERVIEW ? overTime(x) : timeAt(x), far: false };
    if (grasp.what === "seek") state.seek(timeAt(x));
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const { x, y } = place(event);
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, { x, y });
    if (pinch && fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      const factor = pinch.apart / Math.max(20, Math.abs(a.x - b.x));
      const view = zoomed(pinch.view, pinch.at, factor, duration());
      const second = (view[1] - view[0]) / across();
      const from = pinch.at - ((a.x + b.x) / 2 - gutter) * second;
      return look([from, from + view[1] - view[0]]);
    }
    if (!grasp) return event.pointerType === "touch" ? undefined : point(event, x, y);
    if (!grasp.far && Math.abs(x - grasp.x) < DRAG) return;
    if (!grasp.far) hide();
    grasp.far = true;
    pointer = y >= OVERVIEW && event.pointerType !== "touch" ? x : NaN;
    drag(grasp, x);
  }

  /** @param {NonNullable<typeof grasp>} held @param {number} x */
  function drag(held, x) {
    const [from, to] = held.view;
    const range = state.get("range");
    const time = timeAt(x);
    if (held.what === "seek") state.seek(time);
    if (held.what === "mark") {
      held.what = time < held.time ? "from" : "to";
      state.set("range", time < held.time ? [time, held.time] : [held.time, time]);
    } else if (range && (held.what === "from" || held.what === "to")) {
      const other = held.what === "from" ? range[1] : range[0];
      state.set("range", [Math.min(time, other), Math.max(time, other)]);
      held.what = time < other ? "from" : "to";
    }
    if (held.what === "pan") look(moved(held.view, -((x - held.x) / across()) * (to - from), duration()));
    if (held.what === "window") look(moved(held.view, overTime(x) - held.time, duration()));
    if (held.what === "left") look([Math.min(overTime(x), to - 0.4), to]);
    if (held.what === "right") look([from, Math.max(overTime(x), from + 0.4)]);
    if (held.what === "new") {
      const other = overTime(x);
      look([Math.min(held.time, other), Math.max(held.time, other)]);
    }
  }

  /** @param {PointerEvent} event */
  function release(event) {
    fingers.delete(event.pointerId);
    if (fingers.size < 2) pinch = null;
    const held = grasp;
    grasp = null;
    if (!held || held.far || event.type === "pointercancel") return;
    const { x, y } = place(event);
    if (held.what === "new" || held.what === "window") return state.seek(held.time);
    if (held.what !== "mark" && held.what !== "pan" && held.what !== "name") return;
    const found = find(x, y);
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    if (held.what === "name") {
      if (found && found.lane.label >= 0) state.choose("labels", found.lane.label, more);
      return;
    }
    if (!found || found.row < 0) return state.seek(timeAt(x));
    const { lane, row } = found;
    const [start, end] = times(lane, row);
    // A mark too narrow to be aimed at is gone to as such.
    state.seek(end - start < 8 * pixel() ? start : Math.min(Math.max(timeAt(x), start), end));
    const [table, choice] = lane.label >= 0 ? /** @type {[TableName, number]} */ (["labels", lane.label]) : /** @type {[TableName, number]} */ ([lane.table, row]);
    if (table === "shots") return;
    const selected = state.get("selected");
    // A second click on what is chosen is for its moment; it stays chosen.
    if (more || !(selected?.table === table && selected.rows.includes(choice))) state.choose(table, choice, more);
  }

  /** @param {PointerEvent} event @param {number} x @param {number} y */
  function point(event, x, y) {
    const what = grasped(x, y, false);
    const under = find(x, y);
    const found = under && (under.row >= 0 || (under.lane.label >= 0 && x < gutter)) ? under : null;
    pointer = y >= OVERVIEW ? x : NaN;
    field.style.cursor = /** @type {Record<string, string>} */ (CURSORS)[what] ?? (found ? "pointer" : "default");
    const hover = !found ? null
      : found.lane.label >= 0 ? { table: /** @type {TableName} */ ("labels"), row: found.lane.label }
      : found.lane.what !== "shots" ? { table: found.lane.table, row: found.row } : null;
    if (hover || pointing) state.set("hover", hover);
    pointing = hover !== null;
    tell(what === "from" || what === "to" ? null : found, event);
    live();
  }

  function hide() {
    tip.hidden = true;
    pointer = NaN;
    if (pointing) state.set("hover", null);
    pointing = false;
    live();
  }

  field.addEventListener("pointerdown", press);
  field.addEventListener("pointermove", move);
  field.addEventListener("pointerup", release);
  field.addEventListener("pointercancel", release);
  field.addEventListener("pointerleave", () => !grasp && hide());
  field.addEventListener("dblclick", (event) => {
    const { x, y } = place(event);
    const found = x >= gutter ? find(x, y) : null;
    if (!found || found.row < 0) return;
    const [start, end] = times(found.lane, found.row);
    const around = Math.max(0.2 * (end - start), 0.5);
    look([start - around, end + around]);
  });
  field.addEventListener("wheel", (event) => {
    const lineHigh = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 100 : 1;
    const [dx, dy] = [event.deltaX * lineHigh, event.deltaY * lineHigh];
    const { x } = place(event);
    hide();
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      return zoom(Math.exp(Math.max(-50, Math.min(50, dy)) * 0.01), timeAt(x));
    }
    const [from, to] = state.get("view");
    const along = event.shiftKey ? dx || dy : Math.abs(dx) > Math.abs(dy) ? dx : 0;
    if (along) {
      // With all of it in view there is nowhere to go: the page may have the wheel.
      if (to - from >= duration() - 1e-9) return;
      event.preventDefault();
      return look(moved([from, to], along * pixel(), duration()));
    }
    if (scroller.contains(/** @type {Node} */ (event.target))) return;
    const before = scroller.scrollTop;
    scroller.scrollTop += dy;
    if (scroller.scrollTop !== before) event.preventDefault();
  }, { passive: false });

  // —— Keys

  field.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target === field || event.target === scroller || event.target === playhead)) return;
    const [from, to] = state.get("view");
    const all = to - from >= duration() - 1e-9;
    const handled = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    const { key } = event;
    if (key === "+" || key === "=") (handled(), zoom(0.5));
    else if (key === "-" || key === "_") (handled(), zoom(2));
    else if (key === "Escape" && state.get("range")) (handled(), state.set("range", null));
    else if (event.target === playhead) {
      const by = { ArrowLeft: -ARROW, ArrowDown: -ARROW, ArrowRight: ARROW, ArrowUp: ARROW, PageDown: -30, PageUp: 30 }[key];
      const time = by !== undefined ? state.get("time") + by : { Home: 0, End: duration() }[key];
      if (time !== undefined) (handled(), state.seek(time));
    } else if (key === "ArrowUp" || key === "ArrowDown") {
      const before = scroller.scrollTop;
      scroller.scrollTop += key === "ArrowUp" ? -36 : 36;
      if (scroller.scrollTop !== before) handled();
    } else if (!all) {
      const share = { ArrowLeft: -0.15, ArrowRight: 0.15, PageUp: -0.9, PageDown: 0.9 }[key];
      if (share !== undefined) (handled(), look(moved([from, to], share * (to - from), duration())));
      else if (key === "Home") (handled(), look([0, to - from]));
      else if (key === "End") (handled(), look([duration() - (to - from), duration()]));
    }
  });

  // —— Its height

  /** @param {number} high */
  function grow(high) {
    const fits = Math.round(Math.min(HIGHEST, Math.max(LOWEST, high)));
    root.style.setProperty("--timeline-height", `${fits}px`);
    grip.setAttribute("aria-valuenow", String(fits));
  }
  /** @type {{y: number, high: number} | null} */
  let growing = null;
  grip.addEventListener("pointerdown", (event) => {
    grip.setPointerCapture(event.pointerId);
    growing = { y: event.clientY, high: host.clientHeight };
  });
  grip.addEventListener("pointermove", (event) => growing && grow(growing.high + growing.y - event.clientY));
  grip.addEventListener("pointerup", () => (growing = null));
  grip.addEventListener("pointercancel", () => (growing = null));
  grip.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 16, ArrowDown: -16 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    grow(host.clientHeight + by);
  });

  // —— What is heard

  function again() {
    stale = { strip: true, side: true, over: true };
    draw();
  }

  function fitTo() {
    [width, height] = [field.clientWidth, field.clientHeight];
    gutter = width < 400 ? 80 : width < 640 ? 96 : Math.min(200, Math.max(140, Math.round(width * 0.14)));
    scroller.style.top = `${labelsTop()}px`;
    grip.setAttribute("aria-valuenow", String(host.clientHeight));
    again();
  }

  let wasDuration = duration();
  function lasts() {
    const [from, to] = state.get("view");
    const all = to - from <= 0 || (from <= 0 && to >= wasDuration - 1e-6);
    wasDuration = duration();
    const any = wasDuration > 0;
    field.hidden = grip.hidden = !any;
    none.hidden = any;
    host.classList.toggle("timeless", !any);
    playhead.setAttribute("aria-valuemax", String(Math.round(wasDuration * 10) / 10));
    look(all ? [0, wasDuration] : [from, to]);
    fitTo();
  }

  let before = state.get("time");
  function goOn() {
    const time = state.get("time");
    const since = before;
    before = time;
    if (state.get("playing") && !grasp && !pinch) {
      const jumps = Math.abs(time - since) > 0.5 * Math.max(1, Math.abs(state.get("rate")));
      const view = state.get("view");
      look(jumps ? revealed(view, time, duration()) : followed(view, since, time, duration(), calm.matches));
    }
    live();
  }

  /** Bring a chosen label's lane where it can be seen. */
  function scrollTo() {
    const [label] = chosen().labels;
    const k = label === undefined ? -1 : lanes.findIndex((lane) => lane.label === label);
    if (k < 0 || chosen().labels.size !== 1) return;
    const room = scroller.clientHeight;
    if (tops[k] < scroller.scrollTop) scroller.scrollTop = tops[k];
    else if (tops[k + 1] > scroller.scrollTop + room) scroller.scrollTop = tops[k + 1] - room;
  }

  const ask = once(() => {
    const found = data.search(state.get("query"));
    hits = {};
    /** @param {TableName} table @param {number} row */
    const add = (table, row) => (hits[table] ??= new Set()).add(row);
    for (const hit of found) {
      if (hit.table === "translations" && data.tables.translations.speech[hit.row] >= 0) {
        add("speech", data.tables.translations.speech[hit.row]);
      } else add(hit.table, hit.row);
    }
    hitTimes = Float64Array.from(found.map((hit) => hit.start).filter((time) => time === time));
    again();
  });

  scroller.addEventListener("scroll", () => {
    stale.strip = stale.side = true;
    draw();
  });
  const resized = new ResizeObserver(fitTo);
  const ends = [
    state.on("time", goOn),
    state.on("seek", () => look(revealed(state.get("view"), state.get("seek"), duration()))),
    state.on("view", draw),
    state.on("range", live),
    state.on("duration", lasts),
    state.on("query", ask),
    state.on("hover", () => {
      stale.side = true;
      draw();
    }),
    state.on("selected", () => {
      scrollTo();
      stale.strip = stale.side = true;
      draw();
    }),
    state.on("filters", () => {
      arrange();
      again();
    }),
    state.on("theme", () => {
      palette.forget();
      again();
    }),
  ];
  arrange();
  lasts();
  if (state.get("query")) ask();
  resized.observe(field);

  return {
    destroy() {
      ends.forEach((end) => end());
      [draw, live, ask].forEach((one) => one.cancel());
      resized.disconnect();
      tip.remove();
    },
  };
}
