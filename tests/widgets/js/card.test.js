import assert from "node:assert/strict";
import { test } from "node:test";

import { address } from "../../../smarttag_nb/widgets/js/card.js";

test("only whole http and https addresses become links", () => {
  for (const good of ["https://example.org/a?b=1", "HTTP://example.org"]) assert.ok(address(good), good);
  for (const bad of [
    "javascript:alert(1)",
    " https://example.org",
    "https://example.org onclick=x",
    "data:text/html,x",
    "java\nscript:x",
    "//example.org",
    "https://",
    "file:///etc/passwd",
  ]) {
    assert.ok(!address(bad), bad);
  }
});
