/** The interface in English and Chinese. */

const ENGLISH = {
  explorer: "Explorer of a smart tagging answer",

  // player
  frameBack: "Back by one frame",
  frameForward: "Forward by one frame",
  fullScreen: "Full screen",
  fullScreenRefused: "The page does not allow full screen here.",
  imageFails: "This browser cannot show the image. Everything else goes on.",
  mute: "Mute",
  pause: "Pause",
  play: "Play",
  player: "Player",
  playRefused: "The browser starts to play only after a click on this page.",
  position: "Position",
  showBoxes: "Boxes on the picture",
  showTexts: "Texts on the picture",
  speed: "Speed",
  unmute: "Unmute",
  videoFails: "This browser cannot play the video. Times, boxes and texts go on without it.",
  volume: "Volume",

  // overlay
  onFrame: "On this frame",
  unnamed: "(no name)",

  // timeline
  chaptersLane: "Chapters",
  clearRange: "Clear the range",
  kindCategory: "Categories",
  kindEntity: "Entities",
  kindHotword: "Hot words",
  kindKeyword: "Keywords",
  kindPerson: "Persons",
  kindTag: "Tags",
  kindText: "Words",
  linesLane: "Text on screen",
  moreHere: "more here",
  noTimes: "Nothing here has a time.",
  playhead: "Playhead",
  ratioIs: "ratio",
  resizeTimeline: "Height of the timeline",
  roleCaption: "caption",
  roleFixed: "fixed text",
  roleScene: "text in the scene",
  roleSlide: "slide",
  roleSubtitle: "subtitle",
  roleTicker: "ticker",
  roleTranslation: "translation",
  scoreIs: "score",
  shotLane: "Shots",
  shotOne: "Shot",
  speechLane: "Speech",
  timeline: "Timeline",
  timelineKeys: "Plus and minus zoom, left and right move, Home and End go to both ends.",
  zoomAll: "Show all",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
};

/** @typedef {typeof ENGLISH} Words */

/** @type {Words} */
const CHINESE = {
  explorer: "智能标签结果浏览器",

  // player
  frameBack: "后退一帧",
  frameForward: "前进一帧",
  fullScreen: "全屏",
  fullScreenRefused: "此页面不允许全屏。",
  imageFails: "浏览器无法显示该图片，其余内容仍可使用。",
  mute: "静音",
  pause: "暂停",
  play: "播放",
  player: "播放器",
  playRefused: "浏览器要求先在此页面上点击一次，才能开始播放。",
  position: "播放位置",
  showBoxes: "在画面上显示检测框",
  showTexts: "在画面上显示文字框",
  speed: "播放速度",
  unmute: "取消静音",
  videoFails: "浏览器无法播放该视频；时间、检测框和文字仍可使用。",
  volume: "音量",

  // overlay
  onFrame: "当前画面",
  unnamed: "（无名称）",

  // timeline
  chaptersLane: "章节",
  clearRange: "清除选区",
  kindCategory: "类目",
  kindEntity: "实体",
  kindHotword: "热词",
  kindKeyword: "关键词",
  kindPerson: "人物",
  kindTag: "标签",
  kindText: "词语",
  linesLane: "画面文字",
  moreHere: "项同在此处",
  noTimes: "此结果不含时间信息。",
  playhead: "播放头",
  ratioIs: "出现占比",
  resizeTimeline: "时间轴高度",
  roleCaption: "字幕条",
  roleFixed: "固定文字",
  roleScene: "场景文字",
  roleSlide: "幻灯片",
  roleSubtitle: "字幕",
  roleTicker: "滚动字幕",
  roleTranslation: "译文字幕",
  scoreIs: "置信度",
  shotLane: "镜头",
  shotOne: "镜头",
  speechLane: "语音",
  timeline: "时间轴",
  timelineKeys: "按加号和减号缩放，按左右方向键移动，按 Home 和 End 跳到两端。",
  zoomAll: "显示全部",
  zoomIn: "放大",
  zoomOut: "缩小",
};

/**
 * The words of a language; English for one that is not known.
 * @param {string} lang
 * @returns {Words}
 */
export function words(lang) {
  return lang.startsWith("zh") ? CHINESE : ENGLISH;
}
