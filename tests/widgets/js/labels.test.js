import assert from "node:assert/strict";
import { test } from "node:test";

import { ordered, switched } from "../../../smarttag_nb/widgets/js/labels.js";

const NONE = { kinds: null, score: 0, ratio: 0, name: "" };

/** Labels [name, ratio, first seen, score], as much of Data as an order needs. */
function holding(labels) {
  return {
    tables: { labels: { name: labels.map(([name]) => name) } },
    passing: () => new Uint8Array(labels.length).fill(1),
    ratio: (row) => labels[row][1],
    times: (table, row) => ({ start: labels[row][2], end: NaN }),
    score: (row) => labels[row][3],
  };
}

const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

test("labels are ordered by ratio, those without one by score behind them", () => {
  const data = holding([
    ["a", 0.1, 0, NaN],
    ["b", NaN, 0, 0.3],
    ["c", 0.7, 0, NaN],
    ["d", NaN, 0, 0.9],
    ["e", NaN, 0, NaN],
  ]);
  assert.deepEqual(ordered(data, NONE, "ratio", compare), [2, 0, 3, 1, 4]);
});

test("labels are ordered by when they are first seen, those never seen last", () => {
  const data = holding([
    ["a", 0, 9, NaN],
    ["b", 0, NaN, NaN],
    ["c", 0, 2, NaN],
  ]);
  assert.deepEqual(ordered(data, NONE, "first", compare), [2, 0, 1]);
});

test("labels are ordered by name, one without a name first", () => {
  const data = holding([
    ["b", 0, 0, NaN],
    [null, 0, 0, NaN],
    ["a", 0, 0, NaN],
  ]);
  assert.deepEqual(ordered(data, NONE, "name", compare), [1, 2, 0]);
});

test("labels that do not pass the filters are not there", () => {
  const data = {
    ...holding([
      ["a", 1, 0, 1],
      ["b", 1, 0, 1],
    ]),
    passing: () => Uint8Array.of(0, 1),
  };
  assert.deepEqual(ordered(data, NONE, "ratio", compare), [1]);
});

test("a kind is switched on alone, then with others; none is all again", () => {
  assert.deepEqual(switched(null, "person"), ["person"]);
  assert.deepEqual(switched(["person"], "tag"), ["person", "tag"]);
  assert.deepEqual(switched(["person", "tag"], "person"), ["tag"]);
  assert.equal(switched(["tag"], "tag"), null);
});
