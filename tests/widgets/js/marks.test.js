import assert from "node:assert/strict";
import { test } from "node:test";
import { Marks, density, packed } from "../../../smarttag_nb/widgets/js/marks.js";

const rows = (/** @type {number} */ count) => [...Array(count).keys()];

test("marks are ordered by their starts, and those without one left out", () => {
  const marks = new Marks([0, 1, 2], [5, NaN, 1], [6, 7, NaN]);
  assert.deepEqual([...marks.rows], [2, 0]);
  assert.deepEqual([...marks.end], [1, 6]);
});

test("marks that overlap are packed one below the other, as few as there must be", () => {
  const start = [0, 1, 2, 10];
  const end = [5, 3, 4, 12];
  assert.deepEqual(
    packed(rows(4), start, end, 9).map((lane) => [...lane.rows]),
    [[0, 3], [1], [2]],
  );
  assert.equal(packed(rows(3), [0, 1, 2], [1, 2, 3], 9).length, 1);
});

test("no more rows are packed than asked for, and no mark is lost", () => {
  const lanes = packed(rows(6), [0, 0, 0, 0, 0, 0], [9, 9, 9, 9, 9, 9], 2);
  assert.equal(lanes.length, 2);
  assert.deepEqual(lanes.flatMap((lane) => [...lane.rows]).sort(), rows(6));
  assert.equal(packed([], [], [], 4).length, 1);
});

test("nothing is merged that can be told apart", () => {
  const merged = new Marks(rows(3), [0, 10, 20], [10, 20, 30]).merged(0.1);
  assert.equal(merged.count, 3);
});

test("marks less than a pixel apart are merged, and know how much of them is covered", () => {
  const merged = new Marks(rows(4), [0, 1.5, 3, 50], [1, 2.5, 4, 51]).merged(1);
  assert.equal(merged.count, 2);
  assert.deepEqual([...merged.start.slice(0, 2)], [0, 50]);
  assert.deepEqual([...merged.end.slice(0, 2)], [4, 51]);
  assert.deepEqual([...merged.share.slice(0, 2)], [0.75, 1]);
  assert.deepEqual([...merged.first.slice(0, 2)], [0, 3]);
});

test("merged marks are in order, apart, and cover what the rows cover, at any scale", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const start = rows(500).map(() => random() * 1000);
  const end = start.map((one) => one + random() * 10);
  const marks = new Marks(rows(500), start, end);
  for (const pixel of [0.01, 0.3, 2, 20]) {
    const merged = marks.merged(pixel);
    for (let k = 1; k < merged.count; k++) assert.ok(merged.start[k] >= merged.end[k - 1]);
    for (const row of rows(500)) {
      assert.ok(rows(merged.count).some((k) => merged.start[k] <= start[row] && merged.end[k] >= end[row]));
    }
  }
});

test("ten thousand marks over two hours leave no more than a screen shows", () => {
  const start = rows(10000).map((k) => k * 0.72);
  const merged = new Marks(
    rows(10000),
    start,
    start.map((one) => one + 0.3),
  ).merged(7200 / 800);
  assert.ok(merged.count <= 800);
});

test("the mark under the pointer is the shortest there, or else the nearest", () => {
  const marks = new Marks(rows(3), [0, 4, 20], [10, 5, 21]);
  assert.deepEqual(marks.near(4.5, 0.1), { row: 1, count: 2 });
  assert.deepEqual(marks.near(8, 0.1), { row: 0, count: 1 });
  assert.deepEqual(marks.near(19.8, 0.5), { row: 2, count: 1 });
  assert.equal(marks.near(15, 0.5), null);
});

test("density tells how much of each part is covered, the fullest being 1", () => {
  assert.deepEqual([...density([0, 5], [2.5, 10], 10, 4)], [1, 0, 1, 1]);
  assert.deepEqual([...density([0], [1.25], 10, 4)], [1, 0, 0, 0]);
  assert.deepEqual([...density([], [], 10, 3)], [0, 0, 0]);
  assert.deepEqual([...density([NaN], [NaN], 0, 2)], [0, 0]);
});
