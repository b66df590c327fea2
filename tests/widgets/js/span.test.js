import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LEAST,
  followed,
  moved,
  revealed,
  ticks,
  within,
  zoomed,
} from "../../../smarttag_nb/widgets/js/span.js";

const near = (/** @type {number[]} */ one, /** @type {number[]} */ other) =>
  one.forEach((value, k) => assert.ok(Math.abs(value - other[k]) < 1e-9, `${one} is not ${other}`));

test("a span is brought into the media with its length kept", () => {
  near(within([-5, 5], 60), [0, 10]);
  near(within([55, 65], 60), [50, 60]);
  near(within([-10, 100], 60), [0, 60]);
  near(within([3, 3], 60), [3, 3 + LEAST]);
  near(within([0, 1], 0), [0, 0]);
});

test("zooming keeps the moment under the pointer where it is", () => {
  for (const at of [12, 30, 48]) {
    const view = zoomed([10, 50], at, 0.5, 100);
    assert.equal((at - view[0]) / (view[1] - view[0]), (at - 10) / 40);
  }
});

test("zooming in and out again comes back", () => {
  near(zoomed(zoomed([10, 50], 20, 0.5, 100), 20, 2, 100), [10, 50]);
});

test("zooming ends at all of it, and at the least that can be seen", () => {
  near(zoomed([10, 50], 20, 1e6, 100), [0, 100]);
  const [from, to] = zoomed([10, 50], 20, 1e-9, 100);
  assert.ok(Math.abs(to - from - LEAST) < 1e-9);
});

test("moving stops at both ends", () => {
  near(moved([10, 20], -30, 100), [0, 10]);
  near(moved([10, 20], 300, 100), [90, 100]);
});

test("a view follows only once the playhead has come to three quarters, by as much as that goes on", () => {
  assert.deepEqual(followed([0, 10], 5, 5.04, 100, false), [0, 10]);
  near(followed([0, 10], 7.5, 7.54, 100, false), [0.04, 10.04]);
});

test("a view does not jump to a playhead that was beyond three quarters", () => {
  near(followed([0, 10], 9, 9.04, 100, false), [0.04, 10.04]);
});

test("a view goes back with a playhead that goes back", () => {
  near(followed([50, 60], 52, 51.9, 100, false), [49.9, 59.9]);
  near(followed([50, 60], 55, 54.9, 100, false), [50, 60]);
});

test("a view that looks elsewhere is left there", () => {
  assert.deepEqual(followed([50, 60], 20, 20.04, 100, false), [50, 60]);
});

test("with reduced motion a view turns a page", () => {
  assert.deepEqual(followed([0, 10], 9, 9.9, 100, true), [0, 10]);
  near(followed([0, 10], 9.98, 10.02, 100, true), [9.82, 19.82]);
});

test("a moment out of view is brought into it, one in view moves nothing", () => {
  assert.deepEqual(revealed([0, 10], 9, 100), [0, 10]);
  near(revealed([0, 10], 50, 100), [47.5, 57.5]);
});

test("ticks are round, and as far apart as asked", () => {
  for (const [from, to, width] of [
    [0, 7200, 900],
    [10, 11, 400],
    [3, 80, 1500],
    [0, 0.4, 300],
    [0, 90000, 300],
  ]) {
    const { step, times } = ticks(/** @type {[number, number]} */ ([from, to]), width);
    assert.ok((step / (to - from)) * width >= 72 - 1e-9);
    for (const time of times) {
      assert.ok(time >= from - 1e-9 && time <= to + 1e-9);
      assert.ok(Math.abs(time / step - Math.round(time / step)) < 1e-9);
    }
  }
});
