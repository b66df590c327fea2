/**
 * A long list of which only the rows in view are in the page. A row's height is guessed until it
 * has been seen; what is in view stays where it is when a guess above it proves wrong.
 */

import { h } from "./dom.js";
import { once } from "./state.js";

/** How far beyond the view, in pixels, rows are drawn already. */
const AHEAD = 240;

/** The heights of rows: where each begins and which is at a place, in logarithmic time. */
export class Heights {
  /**
   * @param {number} rows
   * @param {(row: number) => number} guess
   */
  constructor(rows, guess) {
    this.rows = rows;
    this.each = Float64Array.from({ length: rows }, (_, row) => guess(row));
    /** A Fenwick tree: sums of heights over ranges whose lengths are powers of two. */
    this.sums = new Float64Array(rows + 1);
    for (let k = 1; k <= rows; k++) {
      this.sums[k] += this.each[k - 1];
      const over = k + (k & -k);
      if (over <= rows) this.sums[over] += this.sums[k];
    }
  }

  /**
   * @param {number} row
   * @param {number} height
   */
  set(row, height) {
    const change = height - this.each[row];
    if (!change) return;
    this.each[row] = height;
    for (let k = row + 1; k <= this.rows; k += k & -k) this.sums[k] += change;
  }

  /**
   * How high all rows before one are together.
   * @param {number} row
   */
  before(row) {
    let sum = 0;
    for (let k = Math.min(row, this.rows); k > 0; k -= k & -k) sum += this.sums[k];
    return sum;
  }

  /** How high all rows are together. */
  get total() {
    return this.before(this.rows);
  }

  /**
   * The row at a distance from the top; the first or the last one outside.
   * @param {number} place
   */
  at(place) {
    let row = 0;
    let left = place;
    for (let step = 2 ** Math.floor(Math.log2(this.rows || 1)); step >= 1; step /= 2) {
      if (row + step <= this.rows && this.sums[row + step] <= left) {
        row += step;
        left -= this.sums[row];
      }
    }
    return Math.max(0, Math.min(row, this.rows - 1));
  }
}

/**
 * @typedef {object} Options
 * @property {string} label the list's name
 * @property {"list" | "listbox"} [role] a listbox's rows can be chosen, several at once
 * @property {number} rows
 * @property {(row: number) => number} guess how high a row may be, in pixels
 * @property {(element: HTMLElement, row: number) => void} fill put a row's content into its element
 * @property {(row: number, event: Event) => void} activate on a click or Enter
 * @property {() => void} [moved] the reader scrolls or moves by keyboard
 * @property {() => void} [sized] the list appears or has another size
 */

/**
 * Fill an element with a list that scrolls inside it.
 * @param {HTMLElement} host
 * @param {Options} options
 */
export function list(host, { label, role = "list", rows, guess, fill, activate, moved, sized }) {
  const pane = h("div", { class: "list-window", role: "presentation" });
  const space = h("div", { class: "list-space", role: "presentation" }, pane);
  const scroller = h(
    "div",
    { class: "list", role, "aria-label": label, "aria-multiselectable": role === "listbox" ? "true" : null },
    space,
  );
  host.append(scroller);
  let heights = new Heights(rows, guess);
  /** @type {Map<number, HTMLElement>} */
  const shown = new Map();
  /** The row that has the keyboard's focus, or would get it. */
  let active = 0;
  let width = 0;

  const make = (/** @type {number} */ row) => {
    const element = h("div", { role: role === "list" ? "listitem" : "option" });
    element.dataset.row = String(row);
    dress(element, row);
    return element;
  };

  const dress = (/** @type {HTMLElement} */ element, /** @type {number} */ row) => {
    const focused = element.matches(":focus-within");
    element.className = "row";
    element.tabIndex = row === active ? 0 : -1;
    element.setAttribute("aria-setsize", String(heights.rows));
    element.setAttribute("aria-posinset", String(row + 1));
    element.replaceChildren();
    fill(element, row);
    if (focused && !element.matches(":focus-within")) element.focus({ preventScroll: true });
  };

  /** Draw the rows in view and measure those that are new. */
  const draw = () => {
    const view = scroller.clientHeight;
    if (!view) return;
    if (!heights.rows) {
      scroller.tabIndex = -1;
      return;
    }
    // After a leap, what is in view comes first and the rest with the next frame.
    const { scrollTop } = scroller;
    const near = shown.has(heights.at(scrollTop)) || shown.has(heights.at(scrollTop + view));
    const ahead = near ? AHEAD : 0;
    if (!near) drawSoon();
    for (let pass = 0; pass < 4; pass++) {
      const top = scroller.scrollTop;
      const first = heights.at(top - ahead);
      const stop = heights.at(top + view + ahead) + 1;
      if (!ahead) drawSoon();
      for (const [row, element] of shown) {
        if (row >= first && row < stop) continue;
        if (element.matches(":focus-within")) scroller.focus({ preventScroll: true });
        element.remove();
        shown.delete(row);
      }
      const fresh = [];
      let after = null;
      for (let row = stop - 1; row >= first; row--) {
        let element = shown.get(row);
        if (!element) {
          element = make(row);
          shown.set(row, element);
          fresh.push(row);
          pane.insertBefore(element, after);
        }
        after = element;
      }
      scroller.tabIndex = shown.has(active) ? -1 : 0;
      const changed = measure(fresh, top);
      place(first);
      if (!changed) break;
    }
  };

  /**
   * Measure rows and keep what is at the top of the view there; tell whether anything changed.
   * @param {Iterable<number>} fresh
   * @param {number} top
   */
  const measure = (fresh, top) => {
    const anchor = heights.at(top);
    const offset = top - heights.before(anchor);
    let changed = false;
    for (const row of fresh) {
      const height = /** @type {HTMLElement} */ (shown.get(row)).getBoundingClientRect().height;
      if (Math.abs(height - heights.each[row]) < 0.1) continue;
      heights.set(row, height);
      changed = true;
    }
    if (!changed) return false;
    space.style.height = `${heights.total}px`;
    const wanted = heights.before(anchor) + offset;
    if (Math.abs(wanted - top) >= 0.5) scroller.scrollTop = wanted;
    return true;
  };

  const place = (/** @type {number} */ first) => {
    space.style.height = `${heights.total}px`;
    pane.style.transform = `translateY(${heights.before(first)}px)`;
  };

  const drawSoon = once(draw);

  /**
   * Bring a row into view.
   * @param {number} row
   * @param {"nearest" | "upper"} where only as far as needed, or to the upper third
   * @param {boolean} smooth glide there, where it is not far
   */
  const scrollToRow = (row, where = "nearest", smooth = false) => {
    const view = scroller.clientHeight;
    if (!view || row < 0 || row >= heights.rows) return;
    for (let pass = 0; pass < 4; pass++) {
      const begin = heights.before(row);
      const end = begin + heights.each[row];
      const top = scroller.scrollTop;
      let wanted = top;
      if (where === "upper") wanted = begin - Math.max(0, Math.min(view / 3, view - heights.each[row]));
      else if (begin < top) wanted = begin;
      else if (end > top + view) wanted = Math.min(begin, end - view);
      wanted = Math.max(0, Math.min(wanted, heights.total - view));
      if (Math.abs(wanted - top) < 1) break;
      if (
        smooth &&
        Math.abs(wanted - top) <= view &&
        !matchMedia("(prefers-reduced-motion: reduce)").matches
      ) {
        scroller.scrollTo({ top: wanted, behavior: "smooth" });
        return;
      }
      space.style.height = `${heights.total}px`;
      scroller.scrollTop = wanted;
      draw();
    }
  };

  const activateRow = (/** @type {number} */ row) => {
    shown.get(active)?.setAttribute("tabindex", "-1");
    active = row;
    shown.get(active)?.setAttribute("tabindex", "0");
    scroller.tabIndex = shown.has(active) ? -1 : 0;
  };

  const focusRow = (/** @type {number} */ row) => {
    activateRow(row);
    scrollToRow(row);
    draw();
    shown.get(row)?.focus({ preventScroll: true });
  };

  const rowOf = (/** @type {Event} */ event) => {
    const element = /** @type {Element} */ (event.target).closest(".row");
    return element instanceof HTMLElement && pane.contains(element) ? Number(element.dataset.row) : -1;
  };

  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!heights.rows || (target !== scroller && !target.classList.contains("row"))) return;
    const page = Math.max(1, scroller.clientHeight - 32);
    const begin = heights.before(active);
    /** @type {Record<string, number>} */
    const goal = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: heights.rows - 1,
      PageDown: Math.max(active + 1, heights.at(begin + page)),
      PageUp: Math.min(active - 1, heights.at(begin - page)),
    };
    if (event.key === "Enter") activate(active, event);
    else if (event.key in goal && !event.ctrlKey && !event.metaKey && !event.altKey) {
      moved?.();
      focusRow(Math.max(0, Math.min(goal[event.key], heights.rows - 1)));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  scroller.addEventListener("scroll", drawSoon, { passive: true });
  scroller.addEventListener("keydown", key);
  scroller.addEventListener("focusin", (event) => {
    const row = rowOf(event);
    if (row >= 0) activateRow(row);
  });
  scroller.addEventListener("click", (event) => {
    const row = rowOf(event);
    // Who marks a passage to copy it does not want to go there.
    const marked = getSelection();
    if (
      row < 0 ||
      (marked?.type === "Range" && marked.containsNode(/** @type {Node} */ (event.target), true))
    )
      return;
    // The space bar plays; it shall not press the button that was clicked last.
    if (shown.get(row)?.matches(":focus-within")) shown.get(row)?.focus({ preventScroll: true });
    activate(row, event);
  });
  scroller.addEventListener("mousedown", (event) => {
    const row = rowOf(event);
    if (row < 0 || !event.shiftKey) return;
    // It would mark all the text up to here.
    event.preventDefault();
    shown.get(row)?.focus({ preventScroll: true });
  });
  scroller.addEventListener("wheel", () => moved?.(), { passive: true });
  scroller.addEventListener("touchmove", () => moved?.(), { passive: true });
  scroller.addEventListener("pointerdown", (event) => {
    if (event.target === scroller) moved?.(); // its scroll bar
  });

  const watch = new ResizeObserver(() => {
    if (!scroller.clientHeight) return;
    if (scroller.clientWidth !== width) {
      width = scroller.clientWidth;
      measure(shown.keys(), scroller.scrollTop);
    }
    draw();
    sized?.();
  });
  watch.observe(scroller);

  return {
    scroller,
    shown,
    scrollToRow,
    focusRow,
    /** Let the keyboard enter the list at a row, if it is not in there. @param {number} row */
    enterAt: (row) => {
      if (!scroller.matches(":focus-within")) activateRow(row);
    },
    /** Whether all of a row is in the middle of the view. */
    inView: (/** @type {number} */ row) => {
      const begin = heights.before(row) - scroller.scrollTop;
      const view = scroller.clientHeight;
      return begin >= 0 && begin + Math.min(heights.each[row] ?? 0, view / 2) <= view * 0.8;
    },
    /** Fill the rows in view anew. */
    refresh: () => {
      for (const [row, element] of shown) dress(element, row);
      if (scroller.clientHeight) measure(shown.keys(), scroller.scrollTop);
      draw();
    },
    /** Begin anew with other rows. @param {number} count */
    reset: (count) => {
      const focused = scroller.matches(":focus-within");
      heights = new Heights(count, guess);
      shown.clear();
      pane.replaceChildren();
      active = 0;
      scroller.scrollTop = 0;
      place(0);
      draw();
      if (focused) (shown.get(0) ?? scroller).focus({ preventScroll: true });
    },
    destroy: () => {
      drawSoon.cancel();
      watch.disconnect();
      scroller.remove();
    },
  };
}

/**
 * Items of which the first are shown, and more when asked for.
 * @param {number} count
 * @param {number} first how many at once
 * @param {(index: number) => Node} item
 * @param {string} more what the button says; {n} is how many are left
 * @param {HTMLElement} into
 */
export function portions(count, first, item, more, into) {
  let made = 0;
  const add = () => {
    const stop = Math.min(count, made + first);
    const nodes = [];
    for (; made < stop; made++) nodes.push(item(made));
    into.append(...nodes);
    return nodes;
  };
  add();
  if (made >= count) return [into];
  const text = () => more.replace("{n}", String(count - made));
  const button = h(
    "button",
    {
      type: "button",
      class: "more",
      onclick: () => {
        const [fresh] = add();
        button.textContent = text();
        if (made >= count) {
          button.remove();
          const next = /** @type {Element} */ (fresh).querySelector?.("button");
          if (next instanceof HTMLElement) next.focus();
        }
      },
    },
    text(),
  );
  return [into, button];
}
