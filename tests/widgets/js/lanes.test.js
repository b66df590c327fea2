import assert from "node:assert/strict";
import { test } from "node:test";
import { Data } from "../../../smarttag_nb/widgets/js/data.js";
import { kindName } from "../../../smarttag_nb/widgets/js/kinds.js";
import { Lanes } from "../../../smarttag_nb/widgets/js/lanes.js";
import { words } from "../../../smarttag_nb/widgets/js/words.js";
import { made } from "./made.js";

const t = words("en");
const lanes = (/** @type {Record<string, Record<string, any[]>>} */ tables) => {
  const one = new Lanes(new Data(made(tables)), t);
  one.filter(new Uint8Array(tables.labels?.name.length ?? 0).fill(1));
  return one;
};

const SOME = {
  labels: {
    kind: ["tag", "person", "person", "tag", "unheard of"],
    name: ["cup", "A", "B", "nowhere", "C"],
    measured: [0.5, 0.1, 0.4, NaN, NaN],
  },
  occurrences: { label: [0, 0, 1, 2, 4], start: [0, 5, 1, 2, 3], end: [10, 20, 2, 3, 4] },
};

test("labels are grouped by kind, those seen longest first, and those without a time left out", () => {
  assert.deepEqual(
    lanes(SOME).shown.map((lane) => lane.name),
    ["Persons", "B", "A", "Tags", "cup", "unheard of", "C"],
  );
});

test("a kind of which nothing passes the filters has no lane", () => {
  const some = lanes(SOME);
  some.filter(Uint8Array.from([1, 0, 0, 1, 0]));
  assert.deepEqual(
    some.shown.map((lane) => lane.name),
    ["Tags", "cup"],
  );
  assert.equal(
    some.high,
    some.shown.reduce((sum, lane) => sum + lane.height, 0),
  );
});

test("occurrences that overlap make a lane higher, not a second one", () => {
  const [cup] = lanes(SOME).shown.filter((lane) => lane.name === "cup");
  assert.equal(cup.marks.length, 2);
});

test("a label without occurrences lasts as long as its boxes", () => {
  const some = lanes({
    labels: { kind: ["person"], name: ["A"] },
    tracks: { label: [0], first: [0], stop: [2] },
    boxes: { time: [3, 7], x1: [0, 0], y1: [0, 0], x2: [1, 1], y2: [1, 1] },
  });
  assert.deepEqual(some.times(some.shown[1], 0), [3, 7]);
});

test("what is empty has no lane, and each role of a text has a row", () => {
  assert.deepEqual(lanes({}).fixed, []);
  const some = lanes({
    speech: { start: [0], end: [1], text: ["a"] },
    lines: { start: [0, 0, 0], end: [1, 1, 1], role: ["subtitle", null, "unheard of"] },
  });
  assert.deepEqual(
    some.fixed.map((lane) => [lane.what, lane.marks.length]),
    [
      ["speech", 1],
      ["lines", 2],
    ],
  );
});

test("the lane at a height is found, however far the lanes are scrolled", () => {
  const some = lanes({ ...SOME, speech: { start: [0], end: [1], text: ["a"] } });
  assert.equal(some.at(0, 0)?.lane.what, "speech");
  for (const scroll of [0, 7, 30]) {
    for (const { lane, top } of some.between(0, Infinity)) {
      const y = some.fixedHeight + top - scroll + 1;
      if (y >= some.fixedHeight) assert.deepEqual(some.at(y, scroll), { lane, top: y - 1 });
    }
  }
  assert.equal(some.at(some.fixedHeight + some.high, 0), null);
  assert.equal(some.at(-1, 0), null);
});

test("a kind that has no word is called as it is", () => {
  assert.equal(kindName("person", t), "Persons");
  assert.equal(kindName("constructor", t), "constructor");
});
