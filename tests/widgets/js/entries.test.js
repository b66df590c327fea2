import assert from "node:assert/strict";
import { test } from "node:test";

import { grouped } from "../../../smarttag_nb/widgets/js/data.js";
import { entries, wordAt } from "../../../smarttag_nb/widgets/js/entries.js";

const ALL = { speech: true, screen: true, translations: true, roles: new Set(["subtitle", "caption", ""]) };

/** Tables of sentences, lines and translations: [start, …] each, and links from sentence to line. */
function arranged({ speech = [], lines = [], links = [], translations = [] }, shown = ALL) {
  const tables = {
    speech: { rows: speech.length, start: speech },
    lines: { rows: lines.length, start: lines.map(([start]) => start), role: lines.map(([, role]) => role) },
    links: { rows: links.length, line: links.map(([, line]) => line) },
    translations: { rows: translations.length, start: translations.map(([start]) => start) },
  };
  const linksOf = grouped(
    Int32Array.from(links, ([sentence]) => sentence),
    speech.length,
  );
  const translationsOf = grouped(
    Int32Array.from(translations, ([, sentence]) => sentence),
    speech.length,
  );
  return entries(tables, linksOf, translationsOf, shown);
}

const told = (rows) => rows.map(({ table, row }) => `${table[0]}${row}`).join(" ");

test("linked lines stand beside their sentence, others between in the order of time", () => {
  const rows = arranged({
    speech: [1, 5],
    lines: [
      [0, "caption"],
      [1.1, "subtitle"],
      [3, "caption"],
      [5.2, "subtitle"],
    ],
    links: [
      [0, 1],
      [1, 3],
    ],
  });
  assert.equal(told(rows), "l0 s0 l2 s1");
  assert.deepEqual(rows[1].lines, [{ line: 1, link: 0 }]);
  assert.deepEqual(rows[3].lines, [{ line: 3, link: 1 }]);
});

test("a line of two sentences stands beside both, each with its own link", () => {
  const rows = arranged({
    speech: [1, 2],
    lines: [[1, "subtitle"]],
    links: [
      [0, 0],
      [1, 0],
    ],
  });
  assert.deepEqual(
    rows.map(({ lines }) => lines),
    [[{ line: 0, link: 0 }], [{ line: 0, link: 1 }]],
  );
});

test("subtitles stand before other lines of the same sentence", () => {
  const rows = arranged({
    speech: [1],
    lines: [
      [1, "caption"],
      [1, "subtitle"],
    ],
    links: [
      [0, 0],
      [0, 1],
    ],
  });
  assert.deepEqual(
    rows[0].lines.map(({ line }) => line),
    [1, 0],
  );
});

test("roles that are switched off vanish, whether linked or not", () => {
  const shown = { ...ALL, roles: new Set(["caption"]) };
  const rows = arranged(
    {
      speech: [1],
      lines: [
        [0, "caption"],
        [1, "subtitle"],
        [2, "ticker"],
      ],
      links: [[0, 1]],
    },
    shown,
  );
  assert.equal(told(rows), "l0 s0");
  assert.deepEqual(rows[1].lines, []);
});

test("a role that is not known is one of the others", () => {
  assert.equal(
    told(
      arranged({
        lines: [
          [0, null],
          [1, "constructor"],
          [2, "ticker"],
        ],
      }),
    ),
    "l0 l1",
  );
});

test("without speech, its lines and translations have rows of their own", () => {
  const rows = arranged(
    { speech: [1], lines: [[1.5, "subtitle"]], links: [[0, 0]], translations: [[1, 0]] },
    { ...ALL, speech: false },
  );
  assert.equal(told(rows), "t0 l0");
});

test("translations stand beside their sentence, those of none by themselves", () => {
  const rows = arranged({
    speech: [1, 2],
    translations: [
      [1, 0],
      [1.5, -1],
    ],
  });
  assert.equal(told(rows), "s0 t1 s1");
  assert.deepEqual(rows[0].translations, [0]);
});

test("what has no time stays in the order received, behind what it follows", () => {
  assert.equal(
    told(arranged({ speech: [NaN, NaN, 3, NaN, 9], lines: [[5, "caption"]] })),
    "s0 s1 s2 s3 l0 s4",
  );
});

test("a word is said from its beginning until before its end", () => {
  const words = { start: [0, 1, 2], end: [1, 2, 3] };
  assert.equal(wordAt([0, 1, 2], words, 1), 1);
  assert.equal(wordAt([0, 1, 2], words, 2.999), 2);
  assert.equal(wordAt([0, 1, 2], words, 3), -1);
  assert.equal(wordAt([], words, 1), -1);
});
