import assert from "node:assert/strict";
import { test } from "node:test";
import { inkOn } from "../../../smarttag_nb/widgets/js/palette.js";
import { cut, fitted, placed } from "../../../smarttag_nb/widgets/js/tags.js";

const measure = (/** @type {string} */ text) => 10 * Array.from(text).length;
const box = (/** @type {number} */ key, /** @type {number} */ x1, /** @type {number} */ y1) => ({
  key,
  x1,
  y1,
  x2: x1 + 80,
  y2: y1 + 60,
  width: 70,
  height: 18,
});

test("a text that fits is left as it is", () => {
  assert.equal(cut("沈青禾", 30, measure), "沈青禾");
});

test("a text that does not is cut with an ellipsis, never within a character", () => {
  assert.equal(cut("abcdefgh", 50, measure), "abcd…");
  assert.equal(cut("😀😀😀😀", 30, measure), "😀😀…");
  assert.equal(cut("abc", 5, measure), "…");
  assert.ok(measure(cut("x".repeat(1e6), 1e9, measure)) <= 1210);
});

test("a tag stands above its box, and below where there is no room above", () => {
  const sides = new Map();
  assert.deepEqual(placed([box(1, 100, 100)], 640, 360, sides), [{ x: 100, y: 82 }]);
  // At the very top all of the places above are on the box itself.
  const [place] = placed([box(2, 100, 0)], 640, 360, new Map());
  assert.deepEqual(place, { x: 100, y: 0 });
});

test("tags hide neither each other nor the edge", () => {
  const boxes = [0, 1, 2, 3, 4, 5, 6].map((k) => box(k, 590 - 3 * k, 2 * k));
  const places = placed(boxes, 640, 360, new Map());
  places.forEach((one, k) => {
    assert.ok(one && one.x >= 0 && one.y >= 0 && one.x + 70 <= 640 && one.y + 18 <= 360);
    for (const other of places.slice(0, k)) {
      assert.ok(other && (Math.abs(one.x - other.x) >= 70 || Math.abs(one.y - other.y) >= 18));
    }
  });
});

test("a tag that finds no room is left out", () => {
  const places = placed(
    Array.from({ length: 40 }, (_, k) => box(k, 100, 100)),
    640,
    360,
    new Map(),
  );
  assert.ok(places.some((place) => place === null));
});

test("a tag keeps its side while that is free", () => {
  const sides = new Map();
  const other = box(2, 100, 100);
  placed([box(1, 100, 100), other], 640, 360, sides);
  const beside = placed([other], 640, 360, sides);
  assert.deepEqual(beside, placed([box(1, 300, 300), other], 640, 360, sides).slice(1));
  assert.notDeepEqual(beside, placed([other], 640, 360, new Map()));
});

test("a frame lies in the middle of a stage of another form", () => {
  assert.deepEqual(fitted(640, 640, [640, 360]), { x: 0, y: 140, scale: 1 });
  assert.deepEqual(fitted(640, 360, [360, 720]), { x: 230, y: 0, scale: 0.5 });
});

test("letters on a colour are as dark or light as is read best", () => {
  assert.equal(inkOn("#ffe58a"), "#111418");
  assert.equal(inkOn("#2a62a4"), "#ffffff");
  assert.equal(inkOn("not a colour"), "#ffffff");
});
