/** Where the explorer begins: in a notebook through anywidget, in a page through its mount. */

import { pageModel } from "./page.js";
import { start } from "./shell.js";

export default {
  /** @param {{model: import("./shell.js").Model, el: HTMLElement}} given */
  render({ model, el }) {
    let end = start(model, el);
    const again = () => {
      end();
      end = start(model, el);
    };
    model.on("change:lang", again);
    return () => {
      model.off("change:lang", again);
      end();
    };
  },
};

for (const mount of document.querySelectorAll("[data-smarttag-explorer]")) {
  start(pageModel(/** @type {HTMLElement} */ (mount)), /** @type {HTMLElement} */ (mount));
}
