import assert from "node:assert/strict";
import { test } from "node:test";
import { Frames } from "../../../smarttag_nb/widgets/js/frames.js";

/** The frame that a video with so many frames a second shows at a moment. */
const shown = (/** @type {number} */ time, /** @type {number} */ rate) =>
  Math.floor(time * rate + 1e-9) / rate;

/** Go forward as the player does: one place after the other until another frame is shown. */
const forward = (/** @type {Frames} */ frames, /** @type {number} */ from, /** @type {number} */ rate) => {
  for (const place of frames.after(from)) if (shown(place, rate) > from + 1e-6) return shown(place, rate);
  return NaN;
};

const rates = [8, 10, 12, 15, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60, 100, 119.88];

test("one step forward shows the next frame, whatever is known of the video", () => {
  for (const rate of rates) {
    const frames = new Frames();
    for (let frame = 0; frame < 50; frame++) {
      assert.ok(
        Math.abs(forward(frames, frame / rate, rate) - (frame + 1) / rate) < 1e-9,
        `${rate}, frame ${frame}`,
      );
    }
  }
});

test("one step forward shows the next frame once the distance is learnt", () => {
  for (const rate of rates) {
    const frames = new Frames();
    for (let frame = 0; frame < 5; frame++) frames.show(frame / rate, true);
    assert.ok(Math.abs(frames.distance - 1 / rate) < 1e-9);
    assert.ok(Math.abs(forward(frames, 7 / rate, rate) - 8 / rate) < 1e-9);
  }
});

test("one step back shows the frame before", () => {
  for (const rate of rates) {
    const frames = new Frames();
    assert.ok(Math.abs(shown(frames.before(7 / rate), rate) - 6 / rate) < 1e-9);
    for (let frame = 0; frame < 5; frame++) frames.show(frame / rate, true);
    assert.ok(Math.abs(shown(frames.before(7 / rate), rate) - 6 / rate) < 1e-9);
  }
  assert.equal(new Frames().before(0), 0);
});

test("frames that were dropped do not make the distance longer", () => {
  const frames = new Frames();
  for (const frame of [0, 2, 3, 6, 7, 9]) frames.show(frame / 25, true);
  assert.ok(Math.abs(frames.distance - 1 / 25) < 1e-9);
});

test("a jump tells nothing of the distance", () => {
  const frames = new Frames();
  frames.show(1, true);
  frames.show(40, true);
  frames.show(40, true);
  assert.equal(frames.seen, null);
});

test("what was sought tells nothing of the distance, however near", () => {
  const frames = new Frames();
  for (const time of [1, 1.16, 1.28]) frames.show(time, false);
  assert.equal(frames.seen, null);
});

test("going to a moment shows the first frame from it on, and the last one at the end", () => {
  const frames = new Frames();
  for (let frame = 0; frame < 5; frame++) frames.show(frame / 25, true);
  assert.equal(shown(frames.at(1, 10), 25), 1);
  assert.equal(shown(frames.at(1.001, 10), 25), 1);
  assert.equal(shown(frames.at(1.01, 10), 25), 1.04);
  assert.equal(shown(frames.at(10, 10), 25), 9.96);
});
