/** The explorer in a page without a kernel: a model of the page's own, and its blocks as messages. */

import { fromBase64 } from "./shell.js";

/** @typedef {import("./shell.js").Model} Model */

/**
 * A model as anywidget's, with nobody at the other end: it answers from the page's blocks.
 * @param {HTMLElement} mount
 * @returns {Model}
 */
export function pageModel(mount) {
  /** @type {Record<string, any>} */
  const traits = { lang: mount.dataset.lang, time: 0, range: null, filters: {}, _selected: null, _page: true };
  /** @type {Map<string, Set<(...told: any[]) => void>>} */
  const listeners = new Map();
  /** @param {string} event @param {...any} told */
  const emit = (event, ...told) => {
    for (const listener of listeners.get(event) ?? []) listener(...told);
  };
  const answer = async () => {
    const payload = fromBase64(block("payload") ?? "");
    const opened = new Blob([payload]).stream().pipeThrough(new DecompressionStream("gzip"));
    emit("msg:custom", { type: "payload" }, [await new Response(opened).arrayBuffer()]);
    const { kind, mime, link } = mount.dataset;
    const media = block("media");
    if (!kind) return;
    if (link) emit("msg:custom", { type: "media", kind, mime, url: link }, []);
    else if (media) emit("msg:custom", { type: "media", kind, mime }, [fromBase64(media).buffer]);
  };
  return {
    get: (name) => traits[name],
    set(name, value) {
      traits[name] = value;
      emit(`change:${name}`);
    },
    save_changes() {},
    on(event, listener) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event)?.add(listener);
    },
    off: (event, listener) => void listeners.get(event)?.delete(listener),
    send: (content) => void (content.type === "ready" && answer()),
  };
}

/** @param {"payload" | "media"} name */
function block(name) {
  return document.querySelector(`script[data-smarttag-${name}]`)?.textContent;
}
