/** The interface in English and Chinese. */

const ENGLISH = {
  explorer: "Explorer of a smart tagging answer",
  play: "Play",
  pause: "Pause",
};

/** @typedef {typeof ENGLISH} Words */

/** @type {Words} */
const CHINESE = {
  explorer: "智能标签结果浏览器",
  play: "播放",
  pause: "暂停",
};

/**
 * The words of a language; English for one that is not known.
 * @param {string} lang
 * @returns {Words}
 */
export function words(lang) {
  return lang.startsWith("zh") ? CHINESE : ENGLISH;
}
