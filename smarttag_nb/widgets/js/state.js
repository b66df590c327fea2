/** What the views share. A view reads it, changes it, and hears when it changes. */

/** @typedef {import("./data.js").Filters} Filters */
/** @typedef {import("./data.js").TableName} TableName */

/**
 * @typedef {object} Selected rows of one table
 * @property {TableName} table
 * @property {number[]} rows
 */

/**
 * @typedef {object} Values
 * @property {number} time the moment shown, in seconds
 * @property {number} seek the moment asked for last: whoever plays goes there, and then sets time
 * @property {number} duration
 * @property {boolean} playing
 * @property {number} rate 1 is as filmed; below 0 backward
 * @property {[number, number] | null} range chosen on the timeline
 * @property {Selected | null} selected
 * @property {Filters} filters
 * @property {string} query what is searched
 * @property {{table: TableName, row: number} | null} hover
 * @property {[number, number]} view the part of the time that the timeline shows
 * @property {"light" | "dark"} theme what the page around is
 */

/** @typedef {keyof Values} Name */

export class State {
  /** @param {Values} values */
  constructor(values) {
    this.values = values;
    /** @type {Map<Name, Set<() => void>>} */
    this.listeners = new Map();
  }

  /**
   * @template {Name} N
   * @param {N} name
   * @returns {Values[N]}
   */
  get(name) {
    return this.values[name];
  }

  /**
   * Change a value and tell those who listen. A `seek` is told even if it is to the same moment.
   * @template {Name} N
   * @param {N} name
   * @param {Values[N]} value
   */
  set(name, value) {
    if (name !== "seek" && same(this.values[name], value)) return;
    this.values[name] = value;
    for (const listener of [...(this.listeners.get(name) ?? [])]) listener();
  }

  /**
   * Listen to values.
   * @param {Name | Name[]} names
   * @param {() => void} listener
   * @returns {() => void} what ends it
   */
  on(names, listener) {
    const all = Array.isArray(names) ? names : [names];
    for (const name of all) {
      if (!this.listeners.has(name)) this.listeners.set(name, new Set());
      /** @type {Set<() => void>} */ (this.listeners.get(name)).add(listener);
    }
    return () => all.forEach((name) => this.listeners.get(name)?.delete(listener));
  }

  /**
   * Go to a moment, within the media.
   * @param {number} time
   */
  seek(time) {
    if (time === time) this.set("seek", Math.min(Math.max(0, time), this.values.duration || Infinity));
  }

  /**
   * Choose one row; choosing the only chosen one again lets go of it. With `more`, add or take out.
   * @param {TableName} table
   * @param {number} row
   * @param {boolean} more
   */
  choose(table, row, more = false) {
    const now = this.values.selected;
    const rows = now && now.table === table ? now.rows : [];
    if (more) {
      const left = rows.includes(row) ? rows.filter((one) => one !== row) : [...rows, row];
      this.set("selected", left.length ? { table, rows: left } : null);
    } else if (rows.length === 1 && rows[0] === row) this.set("selected", null);
    else this.set("selected", { table, rows: [row] });
  }
}

/**
 * Whether two values say the same.
 * @param {any} a
 * @param {any} b
 */
function same(a, b) {
  return Object.is(a, b) || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}

/**
 * Call a function once per frame of the screen at most, however often it is asked for.
 * @param {() => void} draw
 */
export function once(draw) {
  let asked = 0;
  const run = () => {
    asked = 0;
    draw();
  };
  const ask = () => {
    if (!asked) asked = requestAnimationFrame(run);
  };
  ask.cancel = () => {
    cancelAnimationFrame(asked);
    asked = 0;
  };
  return ask;
}
