/** Names beside boxes: cut to what fits, and placed where they hide neither the edge nor each other. */

/**
 * @typedef {object} Tag
 * @property {number} key the same from frame to frame
 * @property {number} x1 the box that it names
 * @property {number} y1
 * @property {number} x2
 * @property {number} y2
 * @property {number} width
 * @property {number} height
 */

/** @typedef {{x: number, y: number}} Place */

/** What is longer is cut before it is measured. */
const LONGEST = 120;

/**
 * Cut a text to a width.
 * @param {string} text
 * @param {number} most
 * @param {(text: string) => number} measure
 */
export function cut(text, most, measure) {
  // Whole characters: half of a surrogate pair is none.
  const characters = Array.from(text.slice(0, 4 * LONGEST)).slice(0, LONGEST);
  const whole = characters.join("");
  if (whole.length === text.length && measure(text) <= most) return text;
  let [fits, not] = [0, characters.length];
  while (fits + 1 < not) {
    const middle = (fits + not) >> 1;
    if (measure(`${characters.slice(0, middle).join("")}…`) <= most) fits = middle;
    else not = middle;
  }
  return `${characters.slice(0, fits).join("").trimEnd()}…`;
}

/**
 * Place tags, the first ones first. A tag stays on its side of the box for as long as that is free.
 * @param {Tag[]} tags
 * @param {number} width of the stage
 * @param {number} height
 * @param {Map<number, number>} sides where each tag was, by its key; changed
 * @returns {(Place | null)[]} null where there is no room at all
 */
export function placed(tags, width, height, sides) {
  /** @type {{x: number, y: number, width: number, height: number}[]} */
  const taken = [];
  return tags.map((tag) => {
    const places = candidates(tag, width, height);
    const before = sides.get(tag.key);
    const order = places.map((_, side) => side);
    if (before !== undefined) order.sort((a, b) => Number(b === before) - Number(a === before));
    for (const side of order) {
      const { x, y } = places[side];
      const free = taken.every(
        (one) =>
          x >= one.x + one.width ||
          one.x >= x + tag.width ||
          y >= one.y + one.height ||
          one.y >= y + tag.height,
      );
      if (!free) continue;
      taken.push({ x, y, width: tag.width, height: tag.height });
      sides.set(tag.key, side);
      return { x, y };
    }
    return null;
  });
}

/** @param {Tag} tag @param {number} width @param {number} height @returns {Place[]} */
function candidates({ x1, y1, x2, y2, width: wide, height: high }, width, height) {
  const inside = (/** @type {number} */ x, /** @type {number} */ y) => ({
    x: Math.min(Math.max(0, x), Math.max(0, width - wide)),
    y: Math.min(Math.max(0, y), Math.max(0, height - high)),
  });
  const [left, right] = [x1, x2 - wide];
  const places = [
    inside(left, y1 - high),
    inside(right, y1 - high),
    inside(left, y2),
    inside(right, y2),
    inside(left, y1),
    inside(right, y2 - high),
  ];
  for (let step = 1; step <= 4; step++) {
    places.push(
      inside(left, y1 - (step + 1) * high),
      inside(left, y2 + step * high),
      inside(left, y1 + step * high),
    );
  }
  return places;
}

/**
 * Where a frame lies within a stage that has another form.
 * @param {number} width of the stage
 * @param {number} height
 * @param {[number, number]} size of the frame
 */
export function fitted(width, height, [wide, high]) {
  const scale = Math.min(width / wide, height / high);
  return { x: (width - wide * scale) / 2, y: (height - high * scale) / 2, scale };
}
