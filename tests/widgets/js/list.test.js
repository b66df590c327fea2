import assert from "node:assert/strict";
import { test } from "node:test";

import { Heights } from "../../../smarttag_nb/widgets/js/list.js";

/** Numbers that look random and are the same each time. */
function* numbers(seed) {
  for (let now = seed; ;) {
    now = (now * 1103515245 + 12345) % 2147483648;
    yield now / 2147483648;
  }
}

test("heights add up, however often one of them changes", () => {
  const random = numbers(7);
  for (const rows of [1, 2, 3, 8, 13, 100]) {
    const plain = Array.from({ length: rows }, () => Math.floor(random.next().value * 50));
    const heights = new Heights(rows, (row) => plain[row]);
    for (let change = 0; change < 50; change++) {
      const row = Math.floor(random.next().value * rows);
      plain[row] = Math.floor(random.next().value * 50);
      heights.set(row, plain[row]);
      const upTo = Math.floor(random.next().value * (rows + 1));
      assert.equal(
        heights.before(upTo),
        plain.slice(0, upTo).reduce((sum, one) => sum + one, 0),
      );
    }
    assert.equal(
      heights.total,
      plain.reduce((sum, one) => sum + one, 0),
    );
  }
});

test("a place lies in the row that begins at or before it and ends after it", () => {
  const random = numbers(11);
  const heights = new Heights(37, () => 1 + Math.floor(random.next().value * 60));
  for (let place = 0; place < heights.total; place += 3) {
    const row = heights.at(place);
    assert.ok(heights.before(row) <= place && place < heights.before(row + 1), `${place} in ${row}`);
  }
});

test("a place outside is in the first or the last row", () => {
  const heights = new Heights(5, () => 20);
  assert.equal(heights.at(-100), 0);
  assert.equal(heights.at(100), 4);
  assert.equal(heights.at(1e9), 4);
});

test("a list without rows has no height and no row but the first", () => {
  const heights = new Heights(0, () => 20);
  assert.equal(heights.total, 0);
  assert.equal(heights.at(10), 0);
});
