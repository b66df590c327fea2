import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, Data, Ranges, upper } from "../../../smarttag_nb/widgets/js/data.js";
import { made } from "./made.js";

/** @param {Record<string, any>} boxes */
function tracked(boxes, tracks = { label: [0], occurrence: [0], first: [0], stop: [boxes.time.length] }) {
  const corners = { y1: boxes.x1.map(() => 0), x2: boxes.x1.map((x) => x + 10), y2: boxes.x1.map(() => 10) };
  return new Data(made({ labels: { name: ["a", "b"], kind: ["person", "person"] }, tracks, boxes: { ...corners, ...boxes } }));
}

test("a box moves straight from one place to the next", () => {
  const data = tracked({ time: [1, 2], x1: [0, 40] });
  const [box] = data.boxesAt(1.25);
  assert.equal(box.x1, 10);
  assert.equal(box.x2, 20);
  assert.equal(box.drawn, true);
  assert.ok(Number.isNaN(box.score));
});

test("a box at its own moment is given as it is", () => {
  const data = tracked({ time: [1, 2], x1: [0, 40], score: [0.5, 0.25] });
  const [box] = data.boxesAt(2.01);
  assert.deepEqual([box.x1, box.drawn, box.score], [40, false, 0.25]);
});

test("no box is drawn across a gap, but those at its ends are held for a moment", () => {
  const data = tracked({ time: [1, 9], x1: [0, 40] });
  assert.equal(data.boxesAt(5).length, 0);
  assert.deepEqual(data.boxesAt(1.4).map((box) => [box.x1, box.drawn]), [[0, true]]);
  assert.deepEqual(data.boxesAt(8.7).map((box) => [box.x1, box.drawn]), [[40, true]]);
  assert.equal(data.boxesAt(1.6).length, 0);
});

test("the last box of a dense track is held no longer than until the next would be nearer", () => {
  const data = tracked({ time: [1, 1.2], x1: [0, 4] });
  assert.equal(data.boxesAt(1.28).length, 1);
  assert.equal(data.boxesAt(1.35).length, 0);
});

test("two boxes of one name at one moment are both given, and none is drawn beside them", () => {
  const data = tracked({ time: [1, 2, 2, 2.5], x1: [0, 40, 80, 90] });
  assert.deepEqual(data.boxesAt(2).map((box) => box.x1).sort(), [40, 80]);
  assert.equal(data.boxesAt(1.75).length, 0);
});

test("boxes without a time are always there", () => {
  const data = tracked({ time: [NaN, NaN], x1: [5, 6] });
  assert.equal(data.boxesAt(0).length, 2);
  assert.equal(data.boxesAt(100).length, 2);
});

test("ranges are found by any moment in them, as a look at each one finds them", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const start = Array.from({ length: 300 }, () => random() * 7200);
  const end = start.map((time, k) => (k % 10 ? time + random() * 300 : NaN));
  const ranges = new Ranges(start, end);
  for (let k = 0; k < 500; k++) {
    const time = random() * 7600 - 100;
    const expected = [...start.keys()].filter((row) => start[row] <= time && time <= end[row]);
    assert.deepEqual(ranges.at(time), expected);
  }
});

test("ranges that reach below nothing or without end do no harm", () => {
  assert.deepEqual(new Ranges([-5, 0], [2, Infinity]).at(1), [0, 1]);
  assert.deepEqual(new Ranges([], []).at(1), []);
});

test("filters keep labels by kind, score, ratio and name", () => {
  const data = new Data(made({
    labels: { kind: ["person", "tag", null], name: ["Ａnn", "tree", null], score: [0.9, NaN, NaN], ratio: [0.5, 0.1, NaN] },
    occurrences: { label: [1], start: [0], end: [1], score: [0.7] },
  }));
  const all = { kinds: null, score: 0, ratio: 0, name: "" };
  const passing = (/** @type {any} */ filters) => [...data.passing({ ...all, ...filters })];
  assert.deepEqual(passing({}), [1, 1, 1]);
  assert.deepEqual(passing({ kinds: ["tag"] }), [0, 1, 0]);
  assert.deepEqual(passing({ kinds: [] }), [0, 0, 0]);
  assert.deepEqual(passing({ score: 0.6 }), [1, 1, 0]);
  assert.deepEqual(passing({ ratio: 0.2 }), [1, 0, 0]);
  assert.deepEqual(passing({ name: " aNN" }), [1, 0, 0]);
});

test("a search finds texts of any table, in the order of time, whatever their width and case", () => {
  const data = new Data(made({
    labels: { name: ["ＭＡＲＡ"], kind: ["person"] },
    occurrences: { label: [0, 0], start: [30, 9], end: [31, 12] },
    speech: { start: [20, 3], end: [22, 4], text: ["oh, Mara is here", "nobody"] },
    mindmap: { title: ["mara's talk"] },
  }));
  const hits = data.search("mara");
  assert.deepEqual(hits.map((hit) => [hit.table, hit.start]), [["labels", 9], ["speech", 20], ["mindmap", NaN]]);
  assert.equal(hits[1].text, "oh, Mara is here");
  assert.deepEqual(data.search("   "), []);
});

test("the time goes on as long as anything lasts", () => {
  const speech = { start: [70, 80], end: [75, Infinity], text: ["a", "endless"] };
  const data = new Data(made({ speech }, { duration: null }));
  assert.equal(data.duration, 75);
});

test("a payload of another version is refused", () => {
  assert.throws(() => new Data(made({}, { version: 99 })), /version 99, expected 1/);
});

test("times are read as people write them", () => {
  assert.deepEqual([0, 7.26, 65, 3725.46, NaN, -1].map((time) => clock(time)), ["0:00", "0:07", "1:05", "1:02:05", "–", "−0:01"]);
  assert.equal(clock(59.96, 1), "1:00.0");
});

test("upper counts what is not above a value", () => {
  assert.deepEqual([0, 1, 1.5, 9].map((value) => upper([1, 1, 2], value)), [0, 2, 2, 3]);
});
