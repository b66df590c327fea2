/** Light or dark, as the page around is. */

/**
 * What the page around says of itself: JupyterLab, VS Code and Colab do.
 * @param {HTMLElement} body
 * @param {HTMLElement} html
 * @returns {"light" | "dark" | null} null where it says nothing
 */
export function told(body, html) {
  const lab = body.dataset.jpThemeLight;
  if (lab === "true" || lab === "false") return lab === "true" ? "light" : "dark";
  const is = (/** @type {string} */ name) => body.classList.contains(name);
  // VS Code calls its light theme of high contrast by the name of the dark one besides.
  if (is("vscode-light") || is("vscode-high-contrast-light")) return "light";
  if (is("vscode-dark") || is("vscode-high-contrast")) return "dark";
  const theme = html.getAttribute("theme");
  return theme === "light" || theme === "dark" ? theme : null;
}

/**
 * Be light or dark as the page around is, or else as the reader prefers.
 * @param {HTMLElement} root
 * @returns {() => void} what ends it
 */
export function themed(root) {
  const prefers = matchMedia("(prefers-color-scheme: dark)");
  const look = () => {
    const { body, documentElement } = document;
    root.dataset.theme = told(body, documentElement) ?? (prefers.matches ? "dark" : "light");
  };
  const watch = new MutationObserver(look);
  const attributes = { attributes: true, attributeFilter: ["data-jp-theme-light", "class", "theme"] };
  watch.observe(document.body, attributes);
  watch.observe(document.documentElement, attributes);
  prefers.addEventListener("change", look);
  look();
  return () => {
    watch.disconnect();
    prefers.removeEventListener("change", look);
  };
}
