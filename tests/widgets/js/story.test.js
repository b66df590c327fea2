import assert from "node:assert/strict";
import { test } from "node:test";

import { closed, tree } from "../../../smarttag_nb/widgets/js/story.js";

/** A tree as nested lists of rows. */
const nested = (branches) =>
  branches.map(({ row, branches: under }) => (under.length ? [row, ...nested(under)] : row));

const rowsOf = (branches) => branches.flatMap(({ row, branches: under }) => [row, ...rowsOf(under)]);

test("topics hang under their parents, in the order received", () => {
  assert.deepEqual(nested(tree([-1, 0, 1, 1, 0, -1])), [[0, [1, 2, 3], 4], 5]);
});

test("a parent may come after its children", () => {
  assert.deepEqual(nested(tree([2, 2, -1])), [[2, 0, 1]]);
});

test("a parent that is not there is none", () => {
  assert.deepEqual(nested(tree([9, 0])), [[0, 1]]);
});

test("each topic is there once, even if parents go in a circle or name themselves", () => {
  for (const parents of [[0], [1, 0], [1, 2, 0, 0, 3], [1, 2, 1, 2], [3, 0, 1, 2, 4, 4]]) {
    const rows = rowsOf(tree(parents));
    assert.deepEqual(
      [...rows].sort(),
      parents.map((_, row) => row),
      String(parents),
    );
  }
});

test("a chapter without an end lasts until the next begins, the last until the end", () => {
  assert.deepEqual([...closed([0, 10, 5], [NaN, NaN, 7], 60)], [5, 60, 7]);
});
