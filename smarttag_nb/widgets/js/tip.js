/** What the pointer is told about the mark under it, placed within the explorer. */

import { clock } from "./data.js";
import { h } from "./dom.js";
import { ROLES } from "./entries.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./lanes.js").Lane} Lane */
/** @typedef {import("./lanes.js").Lanes} Lanes */
/** @typedef {import("./words.js").Words} Words */

/** Pixels to the explorer's edge, and to the pointer. */
const [EDGE, AWAY] = [8, 12];

/**
 * @param {Data} data
 * @param {Lanes} lanes
 * @param {Words} t
 * @param {HTMLElement} root
 */
export function tip(data, lanes, t, root) {
  const element = h("div", { class: "timeline-tip", role: "tooltip", hidden: true });
  root.append(element);
  const { speech, lines, chapters, occurrences } = data.tables;

  /** @param {Lane} lane @param {number} row @returns {[string, string]} what stands on top, and below */
  function texts(lane, row) {
    if (row < 0 || lane.what === "label") return [lane.name, ""];
    if (lane.what === "speech") return ["", speech.text[row] ?? ""];
    if (lane.what === "lines") return ["", lines.text[row] ?? ""];
    if (lane.what === "chapters") return [chapters.headline[row] ?? "", chapters.summary[row] ?? ""];
    return [`${t.shotOne} ${row + 1}`, ""];
  }

  /** @param {Lane} lane @param {number} row */
  function facts(lane, row) {
    const told = [];
    if (row >= 0) {
      const [start, end] = lanes.times(lane, row);
      told.push(end > start ? `${clock(start, 1)} – ${clock(end, 1)}` : clock(start, 1));
    }
    const role = lane.what === "lines" && row >= 0 ? lines.role[row] : null;
    const name = ROLES.get(role ?? "");
    if (role) told.push(name ? t[name] : role);
    const score = lane.table === "occurrences" && row >= 0 ? occurrences.score[row] : NaN;
    if (score === score) told.push(`${t.scoreIs} ${score.toFixed(2)}`);
    const ratio = lane.label >= 0 ? data.ratio(lane.label) : NaN;
    if (ratio === ratio) told.push(`${t.ratioIs} ${(100 * ratio).toFixed(1)} %`);
    return told;
  }

  return {
    /**
     * @param {Lane} lane
     * @param {number} row of the lane's table; -1 for the lane itself
     * @param {number} count how many marks lie there
     * @param {{clientX: number, clientY: number}} pointer
     */
    tell(lane, row, count, { clientX, clientY }) {
      const [head, body] = texts(lane, row);
      const told = facts(lane, row);
      if (count > 1) told.push(`+${count - 1} ${t.moreHere}`);
      element.replaceChildren(
        ...(head ? [h("p", { class: "what", dir: "auto" }, head)] : []),
        ...(body ? [h("p", { dir: "auto" }, body)] : []),
        ...(told.length ? [h("p", { class: "facts" }, told.join(" · "))] : []),
      );
      element.hidden = false;
      // Where the tip stands by itself depends on the page around: it is moved from there.
      element.style.transform = "none";
      const own = element.getBoundingClientRect();
      const all = root.getBoundingClientRect();
      const left = Math.max(all.left + EDGE, Math.min(clientX + AWAY, all.right - own.width - EDGE));
      const above = clientY - own.height - AWAY;
      const below = Math.min(clientY + AWAY + 4, all.bottom - own.height - EDGE);
      const top = above >= all.top + EDGE ? above : Math.max(all.top + EDGE, below);
      element.style.transform = `translate(${Math.round(left - own.left)}px, ${Math.round(top - own.top)}px)`;
    },
    hide() {
      element.hidden = true;
    },
    destroy() {
      element.remove();
    },
  };
}
