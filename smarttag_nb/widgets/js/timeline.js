/** All of the time at a glance: what is seen, said and read, lane by lane. */

import { clock } from "./data.js";
import { h, icon } from "./dom.js";
import { Lanes } from "./lanes.js";
import { Painting } from "./painting.js";
import { Palette, ready } from "./palette.js";
import { AXIS, OVERVIEW, Scene } from "./scene.js";
import { LEAST, followed, moved, revealed, within, zoomed } from "./span.js";
import { once } from "./state.js";
import { tip } from "./tip.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./data.js").TableName} TableName */
/** @typedef {import("./lanes.js").Lane} Lane */
/** @typedef {import("./span.js").Span} Span */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

/**
 * @typedef {object} Found what lies under the pointer
 * @property {Lane} lane
 * @property {number} row of the lane's table; -1 between marks
 * @property {number} count how many marks lie there
 */

/**
 * What a press takes hold of: the playhead, a place on the lanes, an edge of the range, the view (by
 * a finger), the overview's window, an edge of that, a place beside it, a lane's name.
 * @typedef {"seek" | "mark" | "from" | "to" | "pan" | "window" | "left" | "right" | "new" | "name"} Grasp
 */

/** Pixels around a mark that count as on it. */
const NEAR = 3;
/** A mark of fewer pixels is gone to as such: nobody can aim at a part of it. */
const SMALL = 8;
/** Pixels that the pointer goes before a click becomes a drag. */
const DRAG = 4;
/** Seconds that the playhead goes by an arrow key, and by a page key. */
const [ARROW, PAGE] = [1, 30];
/** Pixels that the lanes go by an arrow key. */
const ROWS = 36;
const [LOWEST, HIGHEST] = [120, 800];

const CURSORS = /** @type {Partial<Record<Grasp, string>>} */ ({
  left: "ew-resize",
  right: "ew-resize",
  from: "ew-resize",
  to: "ew-resize",
  window: "grab",
  new: "crosshair",
});

/**
 * @param {HTMLElement} host
 * @param {Data} data
 * @param {State} state
 * @param {Words} t
 * @param {HTMLElement} root
 */
export function timeline(host, data, state, t, root) {
  host.classList.add("timeline");
  const palette = new Palette(root);
  const lanes = new Lanes(data, t);
  const scene = new Scene(state);
  const painting = new Painting(data, state, lanes, scene, palette);
  const telling = tip(data, lanes, t, root);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const still = h("canvas", { "aria-hidden": "true" });
  const moving = h("canvas", { "aria-hidden": "true" });
  const spacer = h("div", {});
  const scroller = h("div", { class: "scroller", tabindex: -1 }, spacer);
  const playhead = h("div", {
    class: "playhead",
    role: "slider",
    tabindex: 0,
    "aria-label": t.playhead,
    "aria-valuemin": 0,
  });
  /** @param {string} label @param {Parameters<typeof icon>[0]} name @param {() => void} onclick */
  const button = (label, name, onclick) =>
    h("button", { type: "button", "aria-label": label, title: label, onclick }, icon(name));
  const tools = h(
    "div",
    { class: "tools" },
    button(t.zoomIn, "zoomIn", () => zoom(0.5)),
    button(t.zoomOut, "zoomOut", () => zoom(2)),
    button(t.zoomAll, "zoomAll", () => look([0, scene.duration])),
  );
  const clear = button(t.clearRange, "close", () => state.set("range", null));
  clear.classList.add("clear");
  clear.hidden = true;
  const field = h(
    "div",
    {
      class: "field",
      tabindex: 0,
      role: "application",
      "aria-label": t.timeline,
      "aria-description": t.timelineKeys,
    },
    still,
    scroller,
    moving,
    tools,
    playhead,
    clear,
  );
  const grip = h("div", {
    class: "grip",
    role: "separator",
    tabindex: 0,
    "aria-orientation": "horizontal",
    "aria-label": t.resizeTimeline,
    title: t.resizeTimeline,
    "aria-valuemin": LOWEST,
    "aria-valuemax": HIGHEST,
  });
  const none = h("p", { class: "none" }, t.noTimes);
  host.append(grip, field, none);

  /** @param {Span} view */
  const look = (view) => state.set("view", within(view, scene.duration));
  /** @param {number} by seconds */
  const pan = (by) => look(moved(state.get("view"), by, scene.duration));
  /** @param {number} factor @param {number} [at] what stays where it is: else the playhead, if it is seen */
  function zoom(factor, at) {
    const [from, to] = state.get("view");
    const time = state.get("time");
    const center = at ?? (time >= from && time <= to ? time : (from + to) / 2);
    look(zoomed([from, to], center, factor, scene.duration));
  }

  // —— Drawing

  const draw = once(() => {
    if (!(scene.width > 0) || !(scene.duration > 0)) return;
    painting.draw(still);
    drawMoving();
  });

  /** @param {Partial<Painting["stale"]>} what */
  function redraw(what) {
    Object.assign(painting.stale, what);
    draw();
  }
  const redrawAll = () => redraw({ strip: true, side: true, over: true });

  /** Where the pointer is, if it is over the lanes. */
  let pointer = NaN;
  let told = -1;

  /** The playhead, the range and the pointer's time. */
  function drawMoving() {
    live.cancel();
    if (!(scene.width > 0) || !(scene.duration > 0)) return;
    const { width, height, gutter, right } = scene;
    const context = ready(moving, width, height);
    const time = state.get("time");
    context.save();
    context.beginPath();
    context.rect(gutter, 0, right - gutter + 1, height);
    context.clip();
    drawRange(context);
    if (pointer >= gutter && pointer <= right) {
      context.fillStyle = palette.of("soft");
      context.globalAlpha = 0.5;
      context.fillRect(Math.round(pointer), OVERVIEW, 1, height);
      context.globalAlpha = 1;
      label(context, clock(scene.time(pointer), scene.pixel < 0.5 ? 1 : 0), pointer, "soft");
    }
    const x = scene.x(time);
    const seen = x >= gutter - 1 && x <= right + 1;
    context.fillStyle = palette.of("playhead");
    context.fillRect(scene.overX(time) - 0.5, 0, 1, OVERVIEW);
    if (seen) context.fillRect(x - 1, OVERVIEW, 2, height);
    context.restore();
    playhead.style.transform = `translate(${Math.min(Math.max(x, gutter), right) - 6}px, ${OVERVIEW}px)`;
    playhead.style.opacity = seen ? "1" : "0";
    // While it plays, once a second is enough for whoever hears it.
    const now = state.get("playing") ? Math.floor(time) : time;
    if (now === told) return;
    told = now;
    playhead.setAttribute("aria-valuenow", time.toFixed(1));
    playhead.setAttribute("aria-valuetext", clock(time, 1));
  }
  const live = once(drawMoving);

  /** @param {CanvasRenderingContext2D} context */
  function drawRange(context) {
    const range = state.get("range");
    let clears = false;
    if (range) {
      const [left, right] = range.map((time) => scene.x(time));
      const [overLeft, overRight] = range.map((time) => scene.overX(time));
      context.fillStyle = palette.of("accent");
      context.globalAlpha = 0.16;
      context.fillRect(left, OVERVIEW, right - left, scene.height);
      context.fillRect(overLeft, 0, overRight - overLeft, OVERVIEW);
      context.globalAlpha = 1;
      context.fillRect(left - 1, OVERVIEW, 2, scene.height);
      context.fillRect(right - 1, OVERVIEW, 2, scene.height);
      const at = Math.min(right, scene.right) - 18;
      clears = at > scene.gutter && left < scene.right;
      if (clears) clear.style.transform = `translate(${at}px, ${OVERVIEW + 2}px)`;
      if (right - left > 88) label(context, clock(range[1] - range[0], 1), (left + right) / 2, "accent");
    }
    if (clear.hidden === clears) clear.hidden = !clears;
  }

  /** A time on the axis. @param {CanvasRenderingContext2D} context @param {string} text @param {number} at @param {string} colour */
  function label(context, text, at, colour) {
    context.font = palette.font(11);
    const room = context.measureText(text).width + 8;
    const x = Math.min(Math.max(scene.gutter, at - room / 2), scene.right - room);
    context.fillStyle = palette.of(colour);
    context.beginPath();
    context.roundRect(x, OVERVIEW + 2, room, AXIS - 4, 3);
    context.fill();
    context.fillStyle = palette.of("ground");
    context.textBaseline = "middle";
    context.fillText(text, x + 4, OVERVIEW + AXIS / 2 + 0.5);
  }

  // —— What is under the pointer

  /** @param {number} x @param {number} y @returns {Found | null} a mark, or a lane by its name */
  function find(x, y) {
    const under = lanes.at(y - OVERVIEW - AXIS, scene.scroll);
    if (!under || under.lane.what === "head") return null;
    const { lane, top } = under;
    if (x < scene.gutter) return lane.label >= 0 ? { lane, row: -1, count: 0 } : null;
    const share = (y - OVERVIEW - AXIS - top) / lane.height;
    const level = Math.min(lane.marks.length - 1, Math.max(0, Math.floor(share * lane.marks.length)));
    for (const marks of [lane.marks[level], ...lane.marks]) {
      const near = marks.near(scene.time(x), NEAR * scene.pixel);
      if (near) return { lane, ...near };
    }
    return null;
  }

  /** What a click on it chooses. @param {Found} found @returns {{table: TableName, row: number} | null} */
  function choice({ lane, row }) {
    if (lane.label >= 0) return { table: "labels", row: lane.label };
    return lane.what === "shots" ? null : { table: lane.table, row };
  }

  /** What a press would take hold of. @param {number} x @param {number} y @param {boolean} touch @returns {Grasp} */
  function grasped(x, y, touch) {
    const reach = touch ? 14 : 5;
    if (y < OVERVIEW) {
      const [left, right] = state.get("view").map((time) => scene.overX(time));
      const middle = (left + right) / 2;
      // However narrow the window is, its middle can be taken hold of.
      if (!scene.whole && Math.abs(x - middle) < Math.max(reach - 1, (right - left) / 2 - 3)) return "window";
      if (x < middle && x > left - 2 * reach && x < left + reach) return "left";
      if (x > middle && x < right + 2 * reach && x > right - reach) return "right";
      return "new";
    }
    if (x < scene.gutter) return "name";
    const range = state.get("range");
    if (range && Math.abs(x - scene.x(range[0])) <= reach) return "from";
    if (range && Math.abs(x - scene.x(range[1])) <= reach) return "to";
    if (y < OVERVIEW + AXIS) return "seek";
    return touch ? "pan" : "mark";
  }

  // —— Pointers

  /** @type {{what: Grasp, x: number, view: Span, time: number, far: boolean} | null} */
  let grasp = null;
  /** @type {Map<number, number>} */
  const fingers = new Map();
  /** @type {{apart: number, at: number, view: Span} | null} */
  let pinch = null;
  /** Whether what is hovered is so because of us. */
  let pointing = false;

  /** @param {{clientX: number, clientY: number}} event */
  function place(event) {
    const box = field.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** Whether an event is about what is drawn: not a button, nor the scroll bar. @param {MouseEvent} event */
  function ours(event) {
    const box = scroller.getBoundingClientRect();
    return (
      (event.target === field || scroller.contains(/** @type {Node} */ (event.target))) &&
      (event.target === field || event.clientX < box.left + scroller.clientWidth)
    );
  }

  /** @param {PointerEvent} event */
  function press(event) {
    if (!ours(event) || event.button > 0) return;
    const { x, y } = place(event);
    fingers.set(event.pointerId, x);
    field.setPointerCapture(event.pointerId);
    if (fingers.size === 2) {
      const [a, b] = fingers.values();
      pinch = { apart: Math.max(20, Math.abs(a - b)), at: scene.time((a + b) / 2), view: state.get("view") };
      grasp = null;
      return;
    }
    const what = grasped(x, y, event.pointerType === "touch");
    const time = y < OVERVIEW ? scene.overTime(x) : scene.time(x);
    grasp = { what, x, view: state.get("view"), time, far: false };
    if (what === "seek") state.seek(time);
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const { x, y } = place(event);
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, x);
    if (pinch) stretch(pinch);
    else if (!grasp) {
      if (event.pointerType !== "touch") point(event, x, y);
    } else if (grasp.far || Math.abs(x - grasp.x) >= DRAG) {
      if (!grasp.far) leave();
      grasp.far = true;
      pointer = y >= OVERVIEW && event.pointerType !== "touch" ? x : NaN;
      drag(grasp, x);
      live();
    }
  }

  /** Two fingers: what lay between them stays there. @param {NonNullable<typeof pinch>} held */
  function stretch({ apart, at, view }) {
    const [a, b] = fingers.values();
    const [from, to] = zoomed(view, at, apart / Math.max(20, Math.abs(a - b)), scene.duration);
    const begin = at - (((a + b) / 2 - scene.gutter) / scene.across) * (to - from);
    look([begin, begin + to - from]);
  }

  /** @param {NonNullable<typeof grasp>} held @param {number} x */
  function drag(held, x) {
    const [from, to] = held.view;
    const time = scene.time(x);
    const over = scene.overTime(x);
    /** @type {Partial<Record<Grasp, () => void>>} */
    const acts = {
      seek: () => state.seek(time),
      mark: () => {
        state.set("range", [held.time, held.time]);
        reach("to");
      },
      from: () => reach("from"),
      to: () => reach("to"),
      pan: () => look(moved(held.view, ((held.x - x) / scene.across) * (to - from), scene.duration)),
      window: () => look(moved(held.view, over - held.time, scene.duration)),
      left: () => look([Math.min(over, to - LEAST), to]),
      right: () => look([from, Math.max(over, from + LEAST)]),
      new: () => look([Math.min(held.time, over), Math.max(held.time, over)]),
    };
    /** Take an edge of the range along, past the other one too. @param {"from" | "to"} edge */
    const reach = (edge) => {
      const range = state.get("range");
      if (!range) return;
      const other = edge === "from" ? range[1] : range[0];
      state.set("range", [Math.min(time, other), Math.max(time, other)]);
      held.what = time < other ? "from" : "to";
    };
    acts[held.what]?.();
  }

  /** @param {PointerEvent} event */
  function release(event) {
    fingers.delete(event.pointerId);
    if (fingers.size < 2) pinch = null;
    const held = grasp;
    grasp = null;
    if (!held || held.far || event.type === "pointercancel") return;
    if (held.what === "new" || held.what === "window") return state.seek(held.time);
    if (held.what !== "mark" && held.what !== "pan" && held.what !== "name") return;
    const { x, y } = place(event);
    const found = find(x, y);
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    if (held.what === "name") {
      if (found) state.choose("labels", found.lane.label, more);
      return;
    }
    if (!found) return state.seek(scene.time(x));
    const [start, end] = lanes.times(found.lane, found.row);
    const small = end - start < SMALL * scene.pixel;
    state.seek(small ? start : Math.min(Math.max(scene.time(x), start), end));
    const chosen = choice(found);
    const selected = state.get("selected");
    // A second click on what is chosen is for its moment; it stays chosen.
    const again = chosen && selected?.table === chosen.table && selected.rows.includes(chosen.row);
    if (chosen && (more || !again)) state.choose(chosen.table, chosen.row, more);
  }

  /** @param {PointerEvent} event @param {number} x @param {number} y */
  function point(event, x, y) {
    if (!ours(event)) return leave();
    const what = grasped(x, y, false);
    const found = find(x, y);
    pointer = y >= OVERVIEW ? x : NaN;
    field.style.cursor = CURSORS[what] ?? (found ? "pointer" : "default");
    const hover = found && choice(found);
    if (hover || pointing) state.set("hover", hover);
    pointing = hover !== null;
    if (found && what !== "from" && what !== "to") telling.tell(found.lane, found.row, found.count, event);
    else telling.hide();
    live();
  }

  function leave() {
    telling.hide();
    pointer = NaN;
    if (pointing) state.set("hover", null);
    pointing = false;
    live();
  }

  field.addEventListener("pointerdown", press);
  field.addEventListener("pointermove", move);
  field.addEventListener("pointerup", release);
  field.addEventListener("pointercancel", release);
  field.addEventListener("pointerleave", () => !grasp && leave());
  field.addEventListener("dblclick", (event) => {
    const { x, y } = place(event);
    const found = ours(event) && x >= scene.gutter ? find(x, y) : null;
    if (!found) return;
    const [start, end] = lanes.times(found.lane, found.row);
    const around = Math.max(0.2 * (end - start), 0.5);
    look([start - around, end + around]);
  });
  field.addEventListener(
    "wheel",
    (event) => {
      const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 100 : 1;
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      leave();
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        return zoom(Math.exp(Math.max(-50, Math.min(50, dy)) * 0.01), scene.time(place(event).x));
      }
      const along = event.shiftKey ? dx || dy : Math.abs(dx) > Math.abs(dy) ? dx : 0;
      if (along) {
        // With all of it in view there is nowhere to go: the page may have the wheel.
        if (scene.whole) return;
        event.preventDefault();
        return pan(along * scene.pixel);
      }
      if (!scroller.contains(/** @type {Node} */ (event.target)) && scroll(dy)) event.preventDefault();
    },
    { passive: false },
  );

  /** @param {number} by pixels @returns whether there was anywhere to go */
  function scroll(by) {
    const before = scroller.scrollTop;
    scroller.scrollTop += by;
    return scroller.scrollTop !== before;
  }

  // —— Keys

  /** @param {string} key @returns {(() => void) | undefined} */
  function playheadKey(key) {
    const by = { ArrowLeft: -ARROW, ArrowDown: -ARROW, ArrowRight: ARROW, ArrowUp: ARROW }[key];
    const page = { PageDown: -PAGE, PageUp: PAGE }[key];
    const to = { Home: 0, End: scene.duration }[key];
    const time = to ?? state.get("time") + (by ?? page ?? NaN);
    return time === time ? () => state.seek(time) : undefined;
  }

  /** @param {string} key @returns {(() => void) | undefined} */
  function fieldKey(key) {
    const [from, to] = state.get("view");
    const share = { ArrowLeft: -0.15, ArrowRight: 0.15, PageUp: -0.9, PageDown: 0.9 }[key];
    if (scene.whole) return undefined;
    if (share !== undefined) return () => pan(share * (to - from));
    if (key === "Home") return () => look([0, to - from]);
    return key === "End" ? () => look([scene.duration - (to - from), scene.duration]) : undefined;
  }

  field.addEventListener("keydown", (event) => {
    const { key, target } = event;
    // What scrolls in the field has the focus after a click there.
    const inside = target === field || target === scroller;
    if (event.altKey || event.ctrlKey || event.metaKey || !(inside || target === playhead)) return;
    /** @type {Record<string, () => void>} */
    const zooms = { "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), _: () => zoom(2) };
    let act = zooms[key] ?? (target === playhead ? playheadKey(key) : fieldKey(key));
    if (key === "Escape" && state.get("range")) act = () => state.set("range", null);
    if (act) act();
    else if (target !== field || !(key === "ArrowUp" || key === "ArrowDown")) return;
    else if (!scroll(key === "ArrowUp" ? -ROWS : ROWS)) return;
    event.preventDefault();
    event.stopPropagation();
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
  const grown = () => (growing = null);
  grip.addEventListener("pointerdown", (event) => {
    grip.setPointerCapture(event.pointerId);
    growing = { y: event.clientY, high: host.clientHeight };
  });
  grip.addEventListener("pointermove", (event) => growing && grow(growing.high + growing.y - event.clientY));
  grip.addEventListener("pointerup", grown);
  grip.addEventListener("pointercancel", grown);
  grip.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 16, ArrowDown: -16 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    grow(host.clientHeight + by);
  });

  // —— What is heard

  function resize() {
    [scene.width, scene.height] = [field.clientWidth, field.clientHeight];
    scroller.style.top = `${OVERVIEW + AXIS + lanes.fixedHeight}px`;
    grip.setAttribute("aria-valuenow", String(host.clientHeight));
    redrawAll();
  }

  function filter() {
    lanes.filter(data.passing(state.get("filters")));
    spacer.style.height = `${lanes.high + 4}px`;
    redraw({ strip: true, side: true });
  }

  let lasted = scene.duration;
  /** The media lasts otherwise than was thought; who saw all of it still does. */
  function last() {
    const [from, to] = state.get("view");
    const all = to <= from || (from <= 0 && to >= lasted - 1e-6);
    lasted = scene.duration;
    const timed = lasted > 0;
    field.hidden = grip.hidden = !timed;
    none.hidden = timed;
    host.classList.toggle("timeless", !timed);
    playhead.setAttribute("aria-valuemax", lasted.toFixed(1));
    look(all ? [0, lasted] : [from, to]);
    resize();
  }

  let before = state.get("time");
  function goOn() {
    const time = state.get("time");
    const since = before;
    before = time;
    if (state.get("playing") && !grasp && !pinch) {
      const jumps = Math.abs(time - since) > 0.5 * Math.max(1, Math.abs(state.get("rate")));
      const view = state.get("view");
      look(
        jumps
          ? revealed(view, time, scene.duration)
          : followed(view, since, time, scene.duration, calm.matches),
      );
    }
    live();
  }

  function select() {
    const [chosen, ...others] = painting.chosen().labels;
    const k = chosen === undefined ? -1 : lanes.shown.findIndex((lane) => lane.label === chosen);
    if (k >= 0 && !others.length) {
      const [top, bottom] = [lanes.tops[k], lanes.tops[k + 1] - scroller.clientHeight];
      if (top < scene.scroll) scroller.scrollTop = top;
      else if (bottom > scene.scroll) scroller.scrollTop = bottom;
    }
    redraw({ strip: true, side: true });
  }

  const searched = once(() => {
    const found = data.search(state.get("query"));
    const { translations } = data.tables;
    painting.hits = {};
    for (const { table, row } of found) {
      // A translation is on no lane; the sentence that it is of is.
      const owner = table === "translations" ? translations.speech[row] : -1;
      (painting.hits[owner >= 0 ? "speech" : table] ??= new Set()).add(owner >= 0 ? owner : row);
    }
    painting.hitTimes = found.map((hit) => hit.start).filter((time) => time === time);
    redrawAll();
  });

  scroller.addEventListener("scroll", () => {
    scene.scroll = scroller.scrollTop;
    redraw({ strip: true, side: true });
  });
  const resized = new ResizeObserver(resize);
  const ends = [
    state.on("time", goOn),
    state.on("seek", () => look(revealed(state.get("view"), state.get("seek"), scene.duration))),
    state.on("view", draw),
    state.on("range", live),
    state.on("duration", last),
    state.on("query", searched),
    state.on("hover", () => redraw({ side: true })),
    state.on("selected", select),
    state.on("filters", filter),
    state.on("theme", () => {
      palette.forget();
      redrawAll();
    }),
  ];
  filter();
  last();
  if (state.get("query")) searched();
  resized.observe(field);

  return {
    destroy() {
      ends.forEach((end) => end());
      [draw, live, searched].forEach((one) => one.cancel());
      resized.disconnect();
      telling.destroy();
    },
  };
}
