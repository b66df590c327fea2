import assert from "node:assert/strict";
import { test } from "node:test";
import { State } from "../../../smarttag_nb/widgets/js/state.js";

const state = () => new State(/** @type {any} */ ({ time: 0, seek: 0, duration: 60, range: null, selected: null }));

test("those who listen hear of a change, and of none that changes nothing", () => {
  const one = state();
  let heard = 0;
  const off = one.on(["range", "selected"], () => heard++);
  one.set("range", [1, 2]);
  one.set("range", [1, 2]);
  one.set("selected", { table: "labels", rows: [1] });
  off();
  one.set("range", null);
  assert.equal(heard, 2);
});

test("a seek stays within the media and is told each time", () => {
  const one = state();
  /** @type {number[]} */
  const heard = [];
  one.on("seek", () => heard.push(one.get("seek")));
  one.seek(90);
  one.seek(90);
  one.seek(-3);
  one.seek(NaN);
  assert.deepEqual(heard, [60, 60, 0]);
});

test("choosing the one that is chosen lets it go; choosing more adds and takes out", () => {
  const one = state();
  one.choose("labels", 3);
  one.choose("labels", 4, true);
  assert.deepEqual(one.get("selected"), { table: "labels", rows: [3, 4] });
  one.choose("labels", 3, true);
  assert.deepEqual(one.get("selected"), { table: "labels", rows: [4] });
  one.choose("speech", 1, true);
  assert.deepEqual(one.get("selected"), { table: "speech", rows: [1] });
  one.choose("speech", 1);
  assert.equal(one.get("selected"), null);
});
