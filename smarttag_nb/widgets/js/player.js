/** The stage and what moves it: a video, an image, or a clock where there is neither. */

import { clock } from "./data.js";
import { h, icon } from "./dom.js";
import { EXACT, Frames } from "./frames.js";
import { USUAL_SIZE, overlay } from "./overlay.js";
import { once } from "./state.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {{kind: "video" | "image", url: string}} Media */

export const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 4];

/** Seconds that the scrubber goes by an arrow, and by a page key. */
const [ARROW, PAGE] = [5, 30];

/** Milliseconds after which a video that plays without telling its frames is asked for its time. */
const SILENT = 300;

/** Milliseconds until the frame of a place that a video has come to is on the screen. */
const FRESH = 80;

/** Seconds beside the place where it was sent that a video does not come to by itself. */
const MISSED = 0.5;

/**
 * Whether there is anywhere to go: a server that answers no range requests sends all from the start.
 * @param {HTMLVideoElement} video
 */
function reaches({ seekable }) {
  return seekable.length > 0 && seekable.end(seekable.length - 1) > 0;
}

/**
 * What J, K and L do: backward, stop, forward; each time again, twice as fast.
 * @param {{playing: boolean, rate: number}} now
 * @param {-1 | 0 | 1} direction
 * @returns {{playing: boolean, rate: number}}
 */
export function shuttled({ playing, rate }, direction) {
  if (!direction) return { playing: false, rate: 1 };
  const along = playing && Math.sign(rate) === direction;
  return { playing: true, rate: along ? direction * Math.min(4, Math.abs(rate) * 2) : direction };
}

/**
 * @param {HTMLElement} host
 * @param {Data} data
 * @param {State} state
 * @param {Words} t
 * @param {HTMLElement} root
 */
export function player(host, data, state, t, root) {
  host.classList.add("player");
  const picture = h("div", { class: "picture" });
  const layer = h("div", {});
  const telling = h("p", { class: "telling", role: "status", hidden: true });
  const stage = h("div", { class: "stage" }, picture, layer, telling);
  const boxes = overlay(layer, data, state, t, root, moment);

  /** @param {string} label @param {Parameters<typeof icon>[0]} name @param {() => void} onclick */
  const button = (label, name, onclick) =>
    h("button", { type: "button", "aria-label": label, title: label, onclick }, icon(name));
  const play = button(t.play, "play", () => toggle());
  const back = button(t.frameBack, "stepBack", () => step(-1));
  const forward = button(t.frameForward, "stepForward", () => step(1));
  const scrubber = h("input", {
    type: "range",
    class: "scrubber",
    min: 0,
    step: "any",
    value: 0,
    "aria-label": t.position,
    oninput: () => state.seek(Number(scrubber.value)),
    onkeydown: scrubbed,
  });
  const now = h("span", { class: "now" });
  const whole = h("span", { class: "whole" });
  const rates = h("select", {
    "aria-label": t.speed,
    title: t.speed,
    onchange: () => state.set("rate", Number(rates.value)),
  });
  const mute = button(t.mute, "sound", () => quiet(!muted));
  const volume = h("input", {
    type: "range",
    class: "volume",
    min: 0,
    max: 1,
    step: 0.05,
    value: 1,
    "aria-label": t.volume,
    oninput: () => loud(Number(volume.value)),
  });
  const sound = h("span", { class: "sound", hidden: true }, mute, volume);
  const showBoxes = button(t.showBoxes, "boxes", () => shown("boxes", !shows.boxes));
  const showTexts = button(t.showTexts, "texts", () => shown("texts", !shows.texts));
  const full = button(t.fullScreen, "fullScreen", fill);
  full.hidden = !document.fullscreenEnabled;
  const timed = h(
    "span",
    { class: "timed" },
    play,
    back,
    forward,
    h("span", { class: "clock" }, now, " / ", whole),
  );
  const controls = h(
    "div",
    { class: "controls", role: "group", "aria-label": t.player },
    scrubber,
    timed,
    h("span", { class: "rest" }, rates, sound, showBoxes, showTexts, full),
  );
  host.append(stage, controls);

  const shows = { boxes: true, texts: true };
  /** @type {HTMLVideoElement | null} the video, once it can be played */
  let video = null;
  let frames = new Frames();
  let muted = false;
  let silent = true;
  let ends = new AbortController();

  // —— Where the video is, and where it shall be

  /** @type {number | null} where the video goes, until it is there */
  let going = null;
  /** @type {number | null} where it goes next */
  let next = null;
  /** Whether it was sent somewhere since the last frame. */
  let sent = false;
  /** @type {number | null} the moment asked for, until a frame is shown for it */
  let asked = null;
  /** @type {{from: number, places: number[], by: -1 | 1, timer: number} | null} */
  let stepping = null;
  let owed = 0;
  let heard = 0;
  /** Where the video plays backward. */
  let behind = NaN;

  /** Send the video somewhere; while it is on its way, only the last wish counts. @param {number} place */
  function go(place) {
    if (!video) return;
    sent = true;
    if (going !== null) next = place;
    else {
      going = place;
      video.currentTime = place;
    }
  }

  function arrived() {
    const missed = video !== null && going !== null && Math.abs(video.currentTime - going) > MISSED;
    going = null;
    if (video && missed && !reaches(video)) {
      next = asked = stepping = null;
      state.set("time", video.currentTime);
      tell(t.cannotSeek);
    } else if (next !== null) {
      const place = next;
      next = null;
      go(place);
    } else if (stepping) {
      // The frame there may be the one that was shown: no other is told then.
      clearTimeout(stepping.timer);
      stepping.timer = window.setTimeout(further, FRESH);
    } else if (owed) setTimeout(pay, FRESH);
  }

  /** The moment of the frame on the screen: until the video is where it was sent, the old one. */
  function moment() {
    const old = video !== null && asked !== null && frames.last === frames.last;
    return old ? frames.last : state.get("time");
  }

  /** A frame is on the screen. @param {number} time its moment in the media */
  function see(time) {
    heard = performance.now();
    // Faster than filmed, frames are left out; backward, it is sent from one to another.
    const along = state.get("playing") && state.get("rate") > 0 && state.get("rate") <= 1;
    frames.show(time, stepping !== null || (along && !sent));
    if (going === null) sent = false;
    boxes.turn(frames.distance);
    if (stepping) {
      if (stepping.by * (time - stepping.from) <= 1e-4) return;
      clearTimeout(stepping.timer);
      stepping = null;
      state.set("time", time);
      return pay();
    }
    if (asked !== null) {
      // An old frame may still be told while the video is on its way.
      if (Math.abs(time - asked) > 2 * frames.distance && (going !== null || next !== null)) return;
      const exact = Math.abs(time - asked) <= 2 * EXACT;
      if (!exact) state.set("time", time);
      if (going === null) asked = null;
    } else state.set("time", time);
  }

  /** Go on looking for another frame. */
  function further() {
    if (!stepping) return;
    const place = stepping.places.shift();
    if (place === undefined || place > (video?.duration ?? 0)) {
      stepping = null;
      owed = 0;
    } else go(place);
  }

  /** Take the steps that were asked for meanwhile. */
  function pay() {
    if (!owed || stepping || going !== null) return;
    const by = owed > 0 ? 1 : -1;
    owed -= by;
    take(by);
  }

  /** @param {-1 | 1} by */
  function take(by) {
    const from = frames.last;
    asked = null;
    stepping = { from, by, timer: 0, places: by > 0 ? frames.after(from) : [frames.before(from)] };
    further();
  }

  /** Go on by one frame, or back. @param {number} by */
  function step(by) {
    const direction = by < 0 ? -1 : 1;
    state.set("playing", false);
    if (!video || silent) {
      state.seek(state.get("time") + direction * frames.distance);
    } else if (stepping || going !== null) owed = Math.max(-2, Math.min(2, owed + direction));
    else take(direction);
  }

  // —— Playing

  let ticking = 0;
  let ticked = 0;
  /** The clock's own tick: without a video, or backward. @param {number} at */
  function tick(at) {
    ticking = requestAnimationFrame(tick);
    // A frame's own time may lie before the click that began it all.
    const passed = (Math.min(250, Math.max(0, at - ticked)) / 1000) * state.get("rate");
    ticked = at;
    if (video && state.get("rate") > 0) {
      if (at - heard > SILENT) state.set("time", video.currentTime);
      return;
    }
    const before = video ? behind : state.get("time");
    const time = Math.min(Math.max(0, before + passed), state.get("duration"));
    if (video) {
      behind = time;
      go(time);
      if (silent) state.set("time", time);
    } else state.set("time", time);
    if (passed > 0 ? time >= state.get("duration") : passed < 0 && time <= 0) state.set("playing", false);
  }

  /** Do what `playing` and `rate` say. */
  function run() {
    const playing = state.get("playing");
    const rate = state.get("rate");
    const runs = playing && rate !== 0;
    const duration = state.get("duration");
    // From the last frame on, it begins anew.
    if (runs && rate > 0 && duration > 0 && state.get("time") > duration - 1.5 * frames.distance)
      state.seek(0);
    cancelAnimationFrame(ticking);
    if (runs) {
      stepping = null;
      owed = 0;
      asked = null;
      behind = state.get("time");
      ticked = performance.now();
      heard = ticked;
      ticking = requestAnimationFrame(tick);
    }
    if (video) {
      if (rate > 0) video.playbackRate = Math.min(16, Math.max(0.0625, rate));
      if (runs && rate > 0) begin(video);
      else video.pause();
    }
    update();
  }

  /** @param {HTMLVideoElement} one */
  function begin(one) {
    if (!one.paused) return;
    one.play().catch((/** @type {DOMException} */ refusal) => {
      // A pause that comes at once is no refusal.
      if (refusal.name === "AbortError" || one !== video) return;
      state.set("playing", false);
      if (refusal.name === "NotAllowedError") tell(t.playRefused);
    });
  }

  function toggle() {
    if (telling.textContent === t.playRefused) tell(null);
    if (!state.get("playing") && state.get("rate") <= 0) state.set("rate", 1);
    state.set("playing", !state.get("playing"));
  }

  // —— What is shown

  /** @param {string | null} line */
  function tell(line) {
    telling.textContent = line ?? "";
    telling.hidden = !line;
  }

  /** @param {[number, number] | null} size @param {boolean} bare */
  function lie(size, bare) {
    const [wide, high] = size ?? data.size ?? USUAL_SIZE;
    stage.style.setProperty("--aspect", `${wide} / ${high}`);
    stage.classList.toggle("bare", bare);
    boxes.lie(size, bare);
    shown("texts", bare);
  }

  /** Show a video or an image, or none. @param {Media | null} what */
  function show(what) {
    ends.abort();
    ends = new AbortController();
    // A browser has only so many players: one that is gone is let go of at once.
    for (const gone of picture.querySelectorAll("video")) {
      gone.removeAttribute("src");
      gone.load();
    }
    video = null;
    owed = 0;
    going = next = asked = stepping = null;
    frames = new Frames();
    sound.hidden = true;
    scrubber.style.removeProperty("--buffered");
    picture.replaceChildren();
    tell(null);
    lie(null, true);
    state.set("duration", data.duration);
    if (what?.kind === "image") showImage(what.url);
    if (what?.kind === "video") showVideo(what.url);
    run();
  }

  /** @param {string} url */
  function showImage(url) {
    const image = h("img", { alt: "", role: "img", "aria-label": data.title || t.player });
    const { signal } = ends;
    image.addEventListener("load", () => lie([image.naturalWidth, image.naturalHeight], false), { signal });
    image.addEventListener(
      "error",
      () => {
        image.remove();
        tell(t.imageFails);
      },
      { signal },
    );
    image.src = url;
    picture.append(image);
  }

  /** @param {string} url */
  function showVideo(url) {
    const made = h("video", {
      playsinline: true,
      preload: "auto",
      tabindex: -1,
      "aria-label": data.title || t.player,
    });
    const { signal } = ends;
    /** @param {string} name @param {() => void} listener */
    const on = (name, listener) => made.addEventListener(name, listener, { signal });
    silent = !("requestVideoFrameCallback" in made);
    on("loadedmetadata", () => {
      const size = /** @type {[number, number]} */ ([made.videoWidth, made.videoHeight]);
      lie(size[0] ? size : null, !size[0]);
      video = made;
      made.volume = Number(volume.value);
      made.muted = muted;
      sound.hidden = false;
      lasting();
      const time = state.get("time");
      if (time > 0) {
        asked = time;
        go(frames.at(time, made.duration));
      }
      run();
    });
    const lasting = () => {
      if (Number.isFinite(made.duration)) state.set("duration", made.duration);
    };
    on("durationchange", lasting);
    on("seeked", arrived);
    on("progress", buffer);
    on("ended", () => state.set("playing", false));
    // The browser plays and pauses too: media keys, its own menus.
    on("play", () => !made.paused && state.get("rate") > 0 && state.set("playing", true));
    on("pause", () => made.paused && state.get("rate") > 0 && state.set("playing", false));
    on("error", () => {
      show(null);
      tell(t.videoFails);
    });
    if (!silent) {
      const frame = (/** @type {number} */ _, /** @type {VideoFrameCallbackMetadata} */ { mediaTime }) => {
        if (signal.aborted) return;
        made.requestVideoFrameCallback(frame);
        if (video) see(mediaTime);
        else frames.show(mediaTime, false);
      };
      made.requestVideoFrameCallback(frame);
    }
    made.src = url;
    picture.append(made);
  }

  function buffer() {
    if (!video || !(video.duration > 0)) return;
    const time = video.currentTime;
    let last = 0;
    for (let k = 0; k < video.buffered.length; k++) {
      if (video.buffered.start(k) <= time + 0.5) last = video.buffered.end(k);
    }
    scrubber.style.setProperty("--buffered", `${((100 * last) / video.duration).toFixed(1)}%`);
  }

  /** @param {boolean} quietly */
  function quiet(quietly) {
    muted = quietly;
    if (video) video.muted = muted;
    mute.replaceChildren(icon(muted ? "mute" : "sound"));
    mute.setAttribute("aria-label", muted ? t.unmute : t.mute);
    mute.title = muted ? t.unmute : t.mute;
  }

  /** @param {number} level */
  function loud(level) {
    if (video) video.volume = level;
    quiet(level === 0);
  }

  /** @param {"boxes" | "texts"} what @param {boolean} yes */
  function shown(what, yes) {
    shows[what] = yes;
    (what === "boxes" ? showBoxes : showTexts).setAttribute("aria-pressed", String(yes));
    boxes.show({ [what]: yes });
  }

  function fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else host.requestFullscreen().catch(() => tell(t.fullScreenRefused));
  }

  /** @param {KeyboardEvent} event */
  function scrubbed(event) {
    const by = {
      ArrowLeft: -ARROW,
      ArrowDown: -ARROW,
      ArrowRight: ARROW,
      ArrowUp: ARROW,
      PageDown: -PAGE,
      PageUp: PAGE,
    }[event.key];
    const time =
      { Home: 0, End: state.get("duration") }[event.key] ??
      (by === undefined ? undefined : state.get("time") + by);
    if (time === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    state.seek(time);
  }

  const update = once(() => {
    const time = state.get("time");
    const duration = state.get("duration");
    const playing = state.get("playing");
    const rate = state.get("rate");
    controls.classList.toggle("timeless", !(duration > 0));
    scrubber.max = String(duration);
    scrubber.value = String(time);
    scrubber.style.setProperty("--played", `${duration > 0 ? ((100 * time) / duration).toFixed(2) : 0}%`);
    const told = clock(time, 1);
    if (now.textContent !== told) {
      now.textContent = told;
      scrubber.setAttribute("aria-valuetext", told);
    }
    const lasts = clock(duration, 1);
    if (whole.textContent !== lasts) whole.textContent = lasts;
    if (play.dataset.playing !== String(playing)) {
      play.dataset.playing = String(playing);
      play.setAttribute("aria-label", playing ? t.pause : t.play);
      play.title = playing ? t.pause : t.play;
      play.replaceChildren(icon(playing ? "pause" : "play"));
    }
    if (rates.dataset.rate !== String(rate)) {
      rates.dataset.rate = String(rate);
      const choices = RATES.includes(rate) ? RATES : [...RATES, rate].sort((a, b) => a - b);
      rates.replaceChildren(
        ...choices.map((one) =>
          h("option", { value: one, selected: one === rate }, `${String(one).replace("-", "−")}×`),
        ),
      );
    }
  });

  stage.addEventListener("click", () => state.get("duration") > 0 && toggle());
  const leaves = [
    state.on(["time", "duration"], update),
    state.on("rate", run),
    state.on("playing", () => {
      run();
      // What has stopped goes forward when it plays again.
      if (!state.get("playing") && state.get("rate") <= 0) state.set("rate", 1);
    }),
    state.on("seek", () => {
      const time = state.get("seek");
      stepping = null;
      owed = 0;
      behind = time;
      asked = video && !silent ? time : null;
      state.set("time", time);
      if (video) go(frames.at(time, video.duration));
    }),
  ];
  showBoxes.hidden = !data.tables.boxes.rows;
  showTexts.hidden = !data.tables.lines.rows;
  shown("boxes", true);
  show(null);

  return {
    show,
    tell,
    step,
    mute: () => quiet(!muted),
    fill,
    destroy() {
      show(null);
      ends.abort();
      cancelAnimationFrame(ticking);
      update.cancel();
      leaves.forEach((leave) => leave());
      boxes.destroy();
    },
  };
}
