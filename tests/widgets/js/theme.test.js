import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../smarttag_nb/widgets/js/theme.js";

/**
 * What is told by a page whose body and root element are so.
 * @param {{jpThemeLight?: string}} dataset
 * @param {string[]} classes
 * @param {string | null} theme
 */
const of = (dataset, classes = [], theme = null) => {
  const body = { dataset, classList: { contains: (/** @type {string} */ name) => classes.includes(name) } };
  return told(/** @type {any} */ (body), /** @type {any} */ ({ getAttribute: () => theme }));
};

test("light and dark are those of JupyterLab, VS Code and Colab", () => {
  assert.equal(of({ jpThemeLight: "true" }), "light");
  assert.equal(of({ jpThemeLight: "false" }), "dark");
  assert.equal(of({}, ["vscode-light"]), "light");
  assert.equal(of({}, ["vscode-dark"]), "dark");
  assert.equal(of({}, ["vscode-high-contrast"]), "dark");
  assert.equal(of({}, ["vscode-high-contrast", "vscode-high-contrast-light"]), "light");
  assert.equal(of({}, [], "dark"), "dark");
});

test("a page that says nothing leaves it to the reader", () => assert.equal(of({}), null));
