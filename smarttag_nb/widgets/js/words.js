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
  tooLarge:
    "The file is too large to send, and Jupyter's server does not reach it. Put it below the folder that the server was started in, or pass embed=True.",
  transcript: "Transcript",
  unnamed: "(no name)",
  unplayable: "The browser cannot play this file. Everything else works.",
  unreadable: "The file could not be read.",
  keys: /** @type {[string, string][]} */ ([
    ["Space", "Play or pause"],
    ["J K L", "Backward, pause, forward; again: faster"],
    ["← →", "5 seconds; with Shift, 1"],
    [", .", "One frame"],
    ["Home End", "To the beginning, to the end"],
    ["M", "Sound on or off"],
    ["F", "Full screen"],
    ["/", "Search"],
    ["N", "Next hit; with Shift, the one before"],
    ["Esc", "Let go of what is chosen"],
    ["?", "This help"],
  ]),
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
  tooLarge:
    "文件太大，无法发送，而 Jupyter 服务器访问不到它。请把文件放到启动服务器的文件夹内，或传入 embed=True。",
  transcript: "文稿",
  unnamed: "（无名称）",
  unplayable: "浏览器无法播放此文件，其他功能照常可用。",
  unreadable: "文件无法读取。",
  keys: [
    ["Space", "播放或暂停"],
    ["J K L", "后退、暂停、前进；再按加速"],
    ["← →", "5 秒；按住 Shift 为 1 秒"],
    [", .", "逐帧"],
    ["Home End", "到开头、到结尾"],
    ["M", "静音"],
    ["F", "全屏"],
    ["/", "搜索"],
    ["N", "下一个结果；按住 Shift 为上一个"],
    ["Esc", "取消选择"],
    ["?", "显示本帮助"],
  ],
};

/**
 * The words of a language; English for one that is not known.
 * @param {string} lang
 * @returns {Words}
 */
export function words(lang) {
  return lang.startsWith("zh") ? CHINESE : ENGLISH;
}
