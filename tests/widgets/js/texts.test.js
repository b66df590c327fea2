import assert from "node:assert/strict";
import { test } from "node:test";

import { alike, around, changes, hits, pieces } from "../../../smarttag_nb/widgets/js/texts.js";

const found = (text, wanted) => hits(text, wanted).map(({ from, to }) => text.slice(from, to));

test("every place of a text is found, whatever the case and width of its letters", () => {
  assert.deepEqual(found("Coffee, COFFEE and ｃｏｆｆｅｅ", "coffee"), ["Coffee", "COFFEE", "ｃｏｆｆｅｅ"]);
  assert.deepEqual(found("aaaa", "aa"), ["aa", "aa"]);
  assert.deepEqual(found("咖啡", ""), []);
});

test("letters that fold to several do not shift what is found behind them", () => {
  assert.deepEqual(found("wait… for coffee ㎡ coffee", "coffee"), ["coffee", "coffee"]);
  assert.deepEqual(found("wait… for", "."), ["…"]);
  assert.deepEqual(found("ﬃx", "fx"), []);
  assert.deepEqual(found("ﬃx", "ix"), ["ﬃx"]);
});

test("a letter of two units is found whole", () => {
  assert.deepEqual(found("a😀b…😀", "😀"), ["😀", "😀"]);
});

test("pieces are the text again, each with the marks that cover it", () => {
  const text = "好咖啡不怕等";
  const made = pieces(text.length, [
    { from: 0, to: 3, name: "word", row: 4 },
    { from: 1, to: 5, name: "hit" },
    { from: 2, to: 2, name: "none" },
    { from: 4, to: 99, name: "word", row: 5 },
  ]);
  assert.equal(made.map(({ from, to }) => text.slice(from, to)).join(""), text);
  assert.deepEqual(
    made.map(({ marks }) => marks.map(({ name, row }) => row ?? name)),
    [[4], [4, "hit"], ["hit"], ["hit", 5], [5]],
  );
});

test("a text without a mark is one piece, and an empty one none", () => {
  assert.deepEqual(pieces(3, []), [{ from: 0, to: 3, marks: [] }]);
  assert.deepEqual(pieces(0, []), []);
});

/** Both texts again out of what is the same, gone and new. */
function restored(one, other, made) {
  const second = made.filter(({ what }) => what !== "gone").map(({ from, to }) => other.slice(from, to));
  const gone = made.filter(({ what }) => what === "gone").map(({ from, to }) => one.slice(from, to));
  return [second.join(""), gone.join("")];
}

test("a substitution is what is gone, then what is new", () => {
  const [said, shown] = ["先用小勺清清搅动", "先用小勺轻轻搅动"];
  const made = changes(shown.length, [["substitute", 4, 6, 4, 6]]);
  assert.deepEqual(made, [
    { what: "same", from: 0, to: 4 },
    { what: "gone", from: 4, to: 6 },
    { what: "new", from: 4, to: 6 },
    { what: "same", from: 6, to: 8 },
  ]);
  assert.deepEqual(restored(said, shown, made), [shown, "清清"]);
});

test("insertions and deletions stand where they belong, in whichever order they come", () => {
  const [said, shown] = ["abcd", "xbd!"];
  const differences = [
    ["insert", 4, 4, 3, 4],
    ["delete", 2, 3, 2, 2],
    ["substitute", 0, 1, 0, 1],
  ];
  const made = changes(shown.length, differences);
  assert.deepEqual(
    made.map(({ what }) => what),
    ["gone", "new", "same", "gone", "same", "new"],
  );
  assert.deepEqual(restored(said, shown, made), [shown, "ac"]);
});

test("differences that overlap or reach outside tell no letter twice", () => {
  const shown = "abcdef";
  const made = changes(shown.length, [
    ["insert", 0, 0, 1, 4],
    ["insert", 0, 0, 2, 3],
    ["insert", 0, 0, 5, 99],
  ]);
  assert.equal(restored("", shown, made)[0], shown);
});

test("texts are alike if only spaces, punctuation, width or case differ", () => {
  assert.ok(alike("好咖啡不怕等，水温比时间更重要", "好咖啡不怕等, 水温比时间更重要。"));
  assert.ok(alike("Wait!", "ＷＡＩＴ"));
  assert.ok(!alike("细腻的油纸", "细腻的油脂。"));
});

test("a long text is cut around a place, and never within a letter", () => {
  const text = `${"😀".repeat(60)}x${"😀".repeat(200)}`;
  const { from, to } = around(text, 120, 47, 100);
  assert.equal(from % 2, 0);
  assert.ok(text.slice(from, to).isWellFormed?.() ?? true);
  assert.deepEqual(around("short", 2), { from: 0, to: 5 });
});
