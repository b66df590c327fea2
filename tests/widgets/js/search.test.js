import assert from "node:assert/strict";
import { test } from "node:test";

import { counted } from "../../../smarttag_nb/widgets/js/search.js";

test("hits are counted by table, in the order in which tables are offered", () => {
  const found = ["lines", "speech", "lines", "labels"].map((table) => ({ table }));
  assert.deepEqual(counted(found), [
    ["labels", 1],
    ["speech", 1],
    ["lines", 2],
  ]);
  assert.deepEqual(counted([]), []);
});
