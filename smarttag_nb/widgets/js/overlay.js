/** What the service saw, drawn over the frame that is shown: boxes with their names, and texts. */

import { h } from "./dom.js";
import { Palette, inkOn, ready } from "./palette.js";
import { once } from "./state.js";
import { cut, fitted, placed } from "./tags.js";

/** @typedef {import("./data.js").Box} Box */
/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

/** The form of a stage of which nothing is known. */
export const USUAL_SIZE = /** @type {[number, number]} */ ([1280, 720]);

const TAG_HEIGHT = 18;
const TAG_MOST = 220;
const DIM = 0.4;
/** From so many boxes on, only the chosen ones and the one pointed at are named. */
const CROWD = 60;
/** Milliseconds that a moment must last, while nothing plays, to be told. */
const SETTLED = 600;

/**
 * @param {HTMLElement} host
 * @param {Data} data
 * @param {State} state
 * @param {Words} t
 * @param {HTMLElement} root
 * @param {() => number} moment that of the frame on the screen
 */
export function overlay(host, data, state, t, root, moment) {
  host.classList.add("overlay");
  const canvas = h("canvas", { "aria-hidden": "true" });
  const told = h("p", { class: "told", role: "status" });
  host.append(canvas, told);
  const palette = new Palette(root);
  const { labels, lines } = data.tables;
  const timeless = [...Array(lines.rows).keys()].filter((row) => !(lines.start[row] === lines.start[row]));

  let size = data.size ?? USUAL_SIZE;
  let tolerance = 0.02;
  let bare = true;
  let shows = { boxes: true, texts: true };
  let passing = data.passing(state.get("filters"));
  let [width, height] = [0, 0];
  /** @type {{label: number, x1: number, y1: number, x2: number, y2: number}[]} */
  let shown = [];
  /** @type {Map<number, number>} */
  const sides = new Map();
  /** @type {Map<string, {text: string, width: number}>} */
  const cuts = new Map();

  /** Labels that are chosen, by their rows; null where none is. */
  function chosen() {
    const selected = state.get("selected");
    if (selected?.table === "labels") return new Set(selected.rows);
    if (selected?.table === "occurrences") {
      return new Set(selected.rows.map((row) => data.tables.occurrences.label[row]));
    }
    return null;
  }

  const draw = once(() => {
    const context = ready(canvas, width, height);
    const frame = fitted(width, height, size);
    const time = moment();
    const hover = state.get("hover");
    const pointed = hover?.table === "labels" ? hover.row : -1;
    const chosenLabels = chosen();
    if (shows.texts) drawTexts(context, frame, time);
    const boxes = shows.boxes ? data.boxesAt(time, tolerance).filter((box) => passing[box.label]) : [];
    shown = boxes.map((box) => ({
      label: box.label,
      x1: frame.x + frame.scale * box.x1,
      y1: frame.y + frame.scale * box.y1,
      x2: frame.x + frame.scale * box.x2,
      y2: frame.y + frame.scale * box.y2,
    }));
    const strong = boxes.map((box) => chosenLabels?.has(box.label) || box.label === pointed);
    boxes.forEach((box, k) => {
      const { x1, y1, x2, y2 } = shown[k];
      const colour = palette.kind(labels.kind[box.label]);
      const [wide, high] = [Math.max(1, x2 - x1), Math.max(1, y2 - y1)];
      context.globalAlpha = chosenLabels && !strong[k] ? DIM : 1;
      // A dark line under the coloured one keeps it visible on any picture.
      context.setLineDash(box.drawn ? [5, 4] : []);
      context.strokeStyle = "rgb(0 0 0 / 45%)";
      context.lineWidth = strong[k] ? 5 : 3.5;
      context.strokeRect(x1, y1, wide, high);
      context.strokeStyle = colour;
      context.lineWidth = strong[k] ? 3 : 2;
      context.strokeRect(x1, y1, wide, high);
      if (strong[k]) {
        context.globalAlpha = 0.14;
        context.fillStyle = colour;
        context.fillRect(x1, y1, wide, high);
      }
    });
    context.setLineDash([]);
    drawTags(context, boxes, strong, chosenLabels !== null);
    context.globalAlpha = 1;
  });

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Box[]} boxes
   * @param {(boolean | undefined)[]} strong
   * @param {boolean} choosing
   */
  function drawTags(context, boxes, strong, choosing) {
    const most = Math.max(48, Math.min(TAG_MOST, width * 0.45));
    const named = boxes.map((_, k) => k).filter((k) => strong[k] || boxes.length <= CROWD);
    // The chosen ones take their places first, then those of small boxes: large ones have more room.
    const area = (/** @type {number} */ k) => (shown[k].x2 - shown[k].x1) * (shown[k].y2 - shown[k].y1);
    named.sort((a, b) => Number(strong[b] ?? false) - Number(strong[a] ?? false) || area(a) - area(b));
    context.textBaseline = "middle";
    const parts = named.map((k) => {
      const box = boxes[k];
      const name = fit(context, labels.name[box.label] ?? t.unnamed, most - 44);
      const score = box.score === box.score ? box.score.toFixed(2) : "";
      context.font = palette.font(11);
      return {
        k,
        name,
        score,
        width: Math.ceil(12 + name.width + (score ? 6 + context.measureText(score).width : 0)),
      };
    });
    const tags = parts.map((part) => ({
      ...shown[part.k],
      key: boxes[part.k].track,
      width: part.width,
      height: TAG_HEIGHT,
    }));
    placed(tags, width, height, sides).forEach((place, n) => {
      if (!place) return;
      const { k, name, score, width: wide } = parts[n];
      const colour = palette.kind(labels.kind[boxes[k].label]);
      context.globalAlpha = choosing && !strong[k] ? DIM : 1;
      context.fillStyle = colour;
      context.beginPath();
      context.roundRect(place.x, place.y, wide, TAG_HEIGHT, 3);
      context.fill();
      context.fillStyle = inkOn(colour);
      context.font = palette.font(12, 600);
      context.fillText(name.text, place.x + 6, place.y + TAG_HEIGHT / 2 + 0.5);
      if (score) {
        context.globalAlpha *= 0.8;
        context.font = palette.font(11);
        // Drawn apart from the name: whatever direction that has, this one stays readable.
        context.fillText(score, place.x + 12 + name.width, place.y + TAG_HEIGHT / 2 + 0.5);
      }
    });
    if (sides.size > 4000) sides.clear();
  }

  /** @param {CanvasRenderingContext2D} context @param {string} name @param {number} most */
  function fit(context, name, most) {
    const key = `${Math.round(most)} ${name}`;
    let made = cuts.get(key);
    if (!made) {
      context.font = palette.font(12, 600);
      const text = cut(name, most, (part) => context.measureText(part).width);
      made = { text, width: context.measureText(text).width };
      if (cuts.size > 2000) cuts.clear();
      cuts.set(key, made);
    }
    return made;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {{x: number, y: number, scale: number}} frame
   * @param {number} time
   */
  function drawTexts(context, frame, time) {
    const selected = state.get("selected");
    const chosenRows = selected?.table === "lines" ? selected.rows : null;
    const hover = state.get("hover");
    for (const row of [...timeless, ...data.linesAt.at(time)]) {
      if (!(lines.x1[row] === lines.x1[row])) continue;
      const colour = palette.role(lines.role[row]);
      const x = frame.x + frame.scale * lines.x1[row];
      const y = frame.y + frame.scale * lines.y1[row];
      const wide = Math.max(1, frame.scale * (lines.x2[row] - lines.x1[row]));
      const high = Math.max(1, frame.scale * (lines.y2[row] - lines.y1[row]));
      const strong = chosenRows?.includes(row) || (hover?.table === "lines" && hover.row === row);
      context.globalAlpha = chosenRows && !strong ? DIM : 1;
      context.lineWidth = strong ? 2 : 1;
      context.strokeStyle = colour;
      context.strokeRect(x - 0.5, y - 0.5, wide + 1, high + 1);
      if (!bare) continue;
      // Without a picture, the text itself stands where it was read.
      const letters = Math.max(8, Math.min(high * 0.72, 40));
      context.font = palette.font(letters);
      context.fillStyle = palette.of("ink");
      context.textBaseline = "middle";
      context.textAlign = "center";
      context.fillText((lines.text[row] ?? "").slice(0, 300), x + wide / 2, y + high / 2, wide);
      context.textAlign = "left";
    }
    context.globalAlpha = 1;
  }

  /** @param {PointerEvent | MouseEvent} event @returns the label of the smallest box there */
  function under(event) {
    const place = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - place.left, event.clientY - place.top];
    let label = -1;
    let least = Infinity;
    for (const box of shown) {
      const area = (box.x2 - box.x1) * (box.y2 - box.y1);
      const inside = x >= box.x1 - 2 && x <= box.x2 + 2 && y >= box.y1 - 2 && y <= box.y2 + 2;
      if (inside && area < least) [label, least] = [box.label, area];
    }
    return label;
  }

  let pointing = false;
  const leave = () => {
    host.classList.remove("over");
    if (pointing) state.set("hover", null);
    pointing = false;
  };
  canvas.addEventListener("pointermove", (event) => {
    const label = under(event);
    if (label < 0) return leave();
    pointing = true;
    host.classList.add("over");
    state.set("hover", { table: "labels", row: label });
  });
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("click", (event) => {
    const label = under(event);
    if (label < 0) return;
    event.stopPropagation();
    state.choose("labels", label, event.shiftKey || event.ctrlKey || event.metaKey);
  });

  /** Whoever does not see the boxes hears, while nothing plays, what is on the frame. */
  let waiting = 0;
  const tell = () => {
    clearTimeout(waiting);
    if (state.get("playing")) return;
    waiting = window.setTimeout(() => {
      const names = new Set(shown.map((box) => labels.name[box.label] ?? t.unnamed));
      told.textContent = names.size ? `${t.onFrame}: ${[...names].slice(0, 12).join(", ")}` : "";
    }, SETTLED);
  };

  const resized = new ResizeObserver(() => {
    [width, height] = [host.clientWidth, host.clientHeight];
    draw();
  });
  resized.observe(host);
  const ends = [
    state.on("time", draw),
    state.on(["selected", "hover"], draw),
    state.on("filters", () => {
      passing = data.passing(state.get("filters"));
      draw();
    }),
    state.on("theme", () => {
      palette.forget();
      draw();
    }),
    state.on(["time", "playing"], tell),
  ];

  return {
    /** What is shown of boxes and texts. @param {Partial<typeof shows>} change */
    show(change) {
      shows = { ...shows, ...change };
      draw();
    },
    /**
     * What lies beneath.
     * @param {[number, number] | null} its own size, null where nothing is known
     * @param {boolean} empty whether there is no picture
     */
    lie(its, empty) {
      size = its ?? data.size ?? USUAL_SIZE;
      bare = empty;
      draw();
    },
    /** Another frame is on the screen. @param {number} seconds how far apart frames are */
    turn(seconds) {
      tolerance = seconds / 2;
      draw();
    },
    destroy() {
      ends.forEach((end) => end());
      clearTimeout(waiting);
      draw.cancel();
      resized.disconnect();
    },
  };
}
