/** The interface in English and Chinese. */

const ENGLISH = {
  // The explorer as a whole
  close: "Close",
  drop: "Let go of",
  explorer: "Explorer of a smart tagging answer",
  failed: "The answer could not be shown:",
  help: "Keyboard",
  labels: "Labels",
  loading: "Waiting for the data…",
  noKernel: "No answer from Python. Run the cell again; the data stays with the kernel.",
  nothing: "This answer holds nothing to show here.",
  panels: "Panels",
  results: "Results",
  search: "Search everything",
  story: "Chapters & notes",
  transcript: "Transcript",
  unnamed: "(no name)",
  unplayable: "The browser cannot play this file. Everything else works.",
  unreachable:
    "Jupyter's server does not reach the file. Put it below the folder that the server was started in, or pass embed=True.",
  unreadable: "The file could not be read.",

  // player
  cannotSeek: "The server of this video does not allow to jump in it: it answers no range requests.",
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

  // labels
  ascending: "A–Z",
  category: "Category",
  filterByName: "Filter by name",
  firstSeen: "First seen",
  kind: "Kind",
  knowledge: "Knowledge",
  labelKinds: "Kinds of labels",
  leastRatio: "Ratio from",
  leastScore: "Score from",
  level1: "Level 1",
  level2: "Level 2",
  more: "{n} more",
  noLabels: "No label passes the filters.",
  now: "shown now",
  occurrences: "Occurrences",
  ratio: "Ratio",
  ratioMeasured: "Ratio measured",
  ratioReported: "Ratio reported",
  removeFilters: "Remove the filters",
  score: "Score",
  secondsShown: "Time shown",
  several: "{n} chosen",
  sortBy: "Sort by",

  // search
  allResults: "All",
  found: "{n} found",
  foundOne: "1 found",
  highlights: "Highlights",
  nothingFound: "Nothing found for “{query}”.",
  nothingSearched: "Search in names, speech, text on screen, translations, chapters and all else that is told.",

  // story
  actions: "Actions",
  chapters: "Chapters",
  keySentences: "Key sentences",
  keywords: "Keywords",
  mindmap: "Mind map",
  questions: "Questions and answers",
  searchThis: "Search for this",
  speakers: "Speakers",
  summary: "Summary",
  texts: "Texts",

  // transcript
  columns: "Columns",
  follow: "Follow",
  nothingShown: "All columns are switched off.",
  onScreen: "On screen",
  onScreenAlone: "On screen only",
  roleOther: "Other",
  roles: "Kinds of text",
  same: "as said",
  saidAlone: "Said only",
  speaker: "Speaker {id}",
  speech: "Speech",
  translations: "Translation",
};

/** @typedef {typeof ENGLISH} Words */

/** @type {Words} */
const CHINESE = {
  // The explorer as a whole
  close: "关闭",
  drop: "取消选择",
  explorer: "智能标签结果浏览器",
  failed: "无法显示结果：",
  help: "键盘快捷键",
  labels: "标签",
  loading: "正在等待数据…",
  noKernel: "Python 没有响应。请重新运行该单元格：数据保存在内核中。",
  nothing: "这份结果没有可在此显示的内容。",
  panels: "面板",
  results: "结果",
  search: "搜索全部内容",
  story: "章节与纪要",
  transcript: "文稿",
  unnamed: "（无名称）",
  unplayable: "浏览器无法播放此文件，其他功能照常可用。",
  unreachable: "Jupyter 服务器访问不到此文件。请把文件放到启动服务器的文件夹内，或传入 embed=True。",
  unreadable: "文件无法读取。",

  // player
  cannotSeek: "该视频的服务器不支持范围请求，无法跳转播放。",
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

  // labels
  ascending: "名称",
  category: "类别",
  filterByName: "按名称筛选",
  firstSeen: "首次出现",
  kind: "类型",
  knowledge: "知识",
  labelKinds: "标签类型",
  leastRatio: "占比不低于",
  leastScore: "得分不低于",
  level1: "一级",
  level2: "二级",
  more: "还有 {n} 项",
  noLabels: "没有符合筛选条件的标签。",
  now: "正在出现",
  occurrences: "出现片段",
  ratio: "占比",
  ratioMeasured: "实测占比",
  ratioReported: "报告占比",
  removeFilters: "清除筛选",
  score: "得分",
  secondsShown: "出现时长",
  several: "已选 {n} 项",
  sortBy: "排序",

  // search
  allResults: "全部",
  found: "找到 {n} 处",
  foundOne: "找到 1 处",
  highlights: "要点",
  nothingFound: "没有找到“{query}”。",
  nothingSearched: "可搜索名称、语音、画面文字、译文、章节等全部内容。",

  // story
  actions: "行动",
  chapters: "章节",
  keySentences: "关键句",
  keywords: "关键词",
  mindmap: "思维导图",
  questions: "问答",
  searchThis: "搜索此内容",
  speakers: "发言人",
  summary: "摘要",
  texts: "生成文本",

  // transcript
  columns: "列",
  follow: "跟随播放",
  nothingShown: "所有列都已关闭。",
  onScreen: "画面文字",
  onScreenAlone: "仅画面有",
  roleOther: "其他",
  roles: "文字类型",
  same: "与语音一致",
  saidAlone: "仅语音有",
  speaker: "发言人 {id}",
  speech: "语音",
  translations: "译文",
};

/**
 * The words of a language; English for one that is not known.
 * @param {string} lang
 * @returns {Words}
 */
export function words(lang) {
  return lang.startsWith("zh") ? CHINESE : ENGLISH;
}

/** @type {[string, string][]} */
const ENGLISH_KEYS = [
  ["Space", "Play or pause"],
  ["J K L", "Backward, pause, forward; again: faster"],
  ["← →", "5 seconds; with Shift, 1"],
  [", .", "One frame"],
  ["Home End", "To the beginning, to the end"],
  ["I O", "The range begins, ends here"],
  ["Ctrl Click", "Choose a row, or one more; a click alone goes there"],
  ["M", "Sound on or off"],
  ["F", "Full screen"],
  ["/", "Search"],
  ["N", "Next hit; with Shift, the one before"],
  ["Esc", "Let go of what is chosen"],
  ["?", "This help"],
];

/** @type {[string, string][]} */
const CHINESE_KEYS = [
  ["Space", "播放或暂停"],
  ["J K L", "后退、暂停、前进；再按加速"],
  ["← →", "5 秒；按住 Shift 为 1 秒"],
  [", .", "逐帧"],
  ["Home End", "到开头、到结尾"],
  ["I O", "在此设为区间起点、终点"],
  ["Ctrl Click", "选择该行或加选；单击只跳转"],
  ["M", "静音"],
  ["F", "全屏"],
  ["/", "搜索"],
  ["N", "下一个结果；按住 Shift 为上一个"],
  ["Esc", "取消选择"],
  ["?", "显示本帮助"],
];

/**
 * What keys do, in a language.
 * @param {string} lang
 */
export function keys(lang) {
  return lang.startsWith("zh") ? CHINESE_KEYS : ENGLISH_KEYS;
}
