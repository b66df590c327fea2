import assert from "node:assert/strict";
import { test } from "node:test";
import { shuttled } from "../../../smarttag_nb/widgets/js/player.js";

const still = { playing: false, rate: 1 };

test("J plays backward, L forward, K stops and leaves the speed as it was filmed", () => {
  assert.deepEqual(shuttled(still, -1), { playing: true, rate: -1 });
  assert.deepEqual(shuttled(still, 1), { playing: true, rate: 1 });
  assert.deepEqual(shuttled({ playing: true, rate: -4 }, 0), { playing: false, rate: 1 });
});

test("the same key again doubles the speed, up to four times", () => {
  const again = (/** @type {-1 | 1} */ direction) => {
    let now = still;
    return [1, 2, 3, 4].map(() => (now = shuttled(now, direction)).rate);
  };
  assert.deepEqual(again(1), [1, 2, 4, 4]);
  assert.deepEqual(again(-1), [-1, -2, -4, -4]);
});

test("turning round begins at the speed as filmed", () => {
  assert.deepEqual(shuttled({ playing: true, rate: 4 }, -1), { playing: true, rate: -1 });
});
