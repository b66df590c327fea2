/** Light or dark, as the page around is. */

/**
 * Be light or dark as the page around is: JupyterLab, VS Code, Colab, or what the reader prefers.
 * @param {HTMLElement} root
 * @returns {() => void} what ends it
 */
export function themed(root) {
  const prefers = matchMedia("(prefers-color-scheme: dark)");
  const look = () => {
    const { body, documentElement } = document;
    const told =
      body.dataset.jpThemeLight === "true" || body.classList.contains("vscode-light") ||
      documentElement.getAttribute("theme") === "light"
        ? false
        : body.dataset.jpThemeLight === "false" || body.classList.contains("vscode-dark") ||
            documentElement.getAttribute("theme") === "dark"
          ? true
          : prefers.matches;
    root.dataset.theme = told ? "dark" : "light";
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
