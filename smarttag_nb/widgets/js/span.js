/** The part of the time that is seen: zooming, moving, following; and where its ticks stand. */

/** @typedef {[number, number]} Span from, to: in seconds */

/** No less than this is seen, in seconds. */
export const LEAST = 0.4;

/** Where in the view the playhead stays while the view follows it. */
const HELD = 0.75;

/**
 * Bring a span into the media, as long as it was wherever that fits.
 * @param {Span} span
 * @param {number} duration
 * @returns {Span}
 */
export function within([from, to], duration) {
  const length = Math.min(Math.max(to - from, Math.min(LEAST, duration)), duration);
  const begin = Math.min(Math.max(0, from), duration - length);
  return [begin, begin + length];
}

/**
 * See less (a factor below 1) or more; a moment stays where it is.
 * @param {Span} view
 * @param {number} at
 * @param {number} factor
 * @param {number} duration
 * @returns {Span}
 */
export function zoomed([from, to], at, factor, duration) {
  const length = Math.min(Math.max((to - from) * factor, Math.min(LEAST, duration)), duration);
  const share = to > from ? (at - from) / (to - from) : 0.5;
  return within([at - share * length, at + (1 - share) * length], duration);
}

/**
 * @param {Span} view
 * @param {number} by seconds
 * @param {number} duration
 * @returns {Span}
 */
export function moved([from, to], by, duration) {
  return within([from + by, to + by], duration);
}

/**
 * The view as the playhead goes on. It goes along once the playhead has come to three quarters; with
 * `paged`, a page at a time. Who has looked elsewhere is left there.
 * @param {Span} view
 * @param {number} before where the playhead was
 * @param {number} time where it is
 * @param {number} duration
 * @param {boolean} paged
 * @returns {Span}
 */
export function followed(view, before, time, duration, paged) {
  const [from, to] = view;
  const length = to - from;
  if (before < from || before > to) return view;
  if (paged)
    return time > to || time < from ? within([time - 0.02 * length, time + 0.98 * length], duration) : view;
  if (time >= before) {
    const limit = from + HELD * length;
    // Who has the playhead beyond the limit sees it come no nearer to the edge.
    const beyond = Math.max(limit, Math.min(before, to));
    return time > beyond ? moved(view, time - beyond, duration) : view;
  }
  const limit = from + (1 - HELD) * length;
  const beyond = Math.min(limit, Math.max(before, from));
  return time < beyond ? moved(view, time - beyond, duration) : view;
}

/**
 * The view in which a moment can be seen: the same if it can be already.
 * @param {Span} view
 * @param {number} time
 * @param {number} duration
 * @returns {Span}
 */
export function revealed(view, time, duration) {
  const length = view[1] - view[0];
  return time >= view[0] && time <= view[1]
    ? view
    : within([time - 0.25 * length, time + 0.75 * length], duration);
}

const STEPS = [0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/**
 * Round moments at which ticks stand.
 * @param {Span} view
 * @param {number} width in pixels
 * @param {number} apart pixels between two, at least
 */
export function ticks([from, to], width, apart = 72) {
  const wanted = ((to - from) / Math.max(width, 1)) * apart;
  const step = STEPS.find((one) => one >= wanted) ?? Math.ceil(wanted / 7200) * 7200;
  const times = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9; k++) times.push(k * step);
  return { step, times, digits: step < 0.1 ? 2 : step < 1 ? 1 : 0 };
}
