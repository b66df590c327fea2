"""What a report says of its own, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..errors import InvalidArgument, UnknownName
from ..tables import PROBLEM_CODES

LANGUAGES = {"en": "en", "zh": "zh-Hans"}
"""What `lang=` can be, and what HTML calls it."""


class Words:
    """The texts of a language.

    Parameters
    ----------
    lang : {"en", "zh"}
        The language.

    Raises
    ------
    InvalidArgument
        There are no texts in that language.

    Examples
    --------
    >>> Words("en")("rows", 1), Words("en")("rows", 1200), Words("zh")("rows", 3)
    ('1 row', '1,200 rows', '3 行')
    """

    def __init__(self, lang: str) -> None:
        if not isinstance(lang, str) or lang not in LANGUAGES:
            raise InvalidArgument("lang", f"one of {', '.join(LANGUAGES)}", lang)
        self.lang = lang
        self.html_lang = LANGUAGES[lang]

    def __call__(self, key: str, number: float | None = None) -> str:
        """Give a text; of one with two forms, that for a number, with the number in it."""
        try:
            text = TEXTS[key][self.lang]
        except KeyError:
            raise UnknownName("text of a report", key, TEXTS) from None
        if number is None:
            return text
        one, _, many = text.partition("|")
        return (one if number == 1 or not many else many).format(f"{number:,}")

    def known(self, group: str, value: str) -> str:
        """Translate a value of a documented list, such as a kind of label; or give it as it is."""
        found = TEXTS.get(f"{group}.{value}")
        return value if found is None else found[self.lang]

    def meaning(self, code: str) -> str:
        """Tell what a code of problems means."""
        if self.lang == "zh" and code in PROBLEMS_ZH:
            return PROBLEMS_ZH[code]
        return PROBLEM_CODES[code].meaning if code in PROBLEM_CODES else code


def _texts(rows: str) -> Mapping[str, Mapping[str, str]]:
    made = {}
    for line in filter(str.strip, rows.splitlines()):
        key, english, chinese = (part.strip() for part in line.split("¦"))
        made[key] = MappingProxyType({"en": english, "zh": chinese})
    return MappingProxyType(made)


TEXTS = _texts("""
    report                ¦ Report of smart tagging        ¦ 智能标签报告
    untitled              ¦ Untitled                       ¦ 无标题
    contents              ¦ Contents                       ¦ 目录
    explorer              ¦ Look around                    ¦ 浏览
    problems              ¦ What the reader met            ¦ 读取时遇到的情况
    summary               ¦ Summary                        ¦ 摘要
    chapters              ¦ Chapters                       ¦ 章节
    people                ¦ People                         ¦ 人物
    ratios                ¦ Appearance ratios              ¦ 出镜占比
    timeline              ¦ Timeline                       ¦ 时间轴
    sheet                 ¦ Best moments                   ¦ 精彩画面
    transcript            ¦ Transcript                     ¦ 文字记录
    screen                ¦ Text on screen                 ¦ 画面文字
    questions             ¦ Questions and answers          ¦ 问答
    mindmap               ¦ Mind map                       ¦ 思维导图
    highlights            ¦ Highlights and actions         ¦ 要点与待办
    entities              ¦ What is known of them          ¦ 知识信息
    tables                ¦ Tables                         ¦ 数据表

    operation             ¦ Operation                      ¦ 接口
    status                ¦ Status                         ¦ 状态
    job                   ¦ Job                            ¦ 任务 ID
    duration              ¦ Duration                       ¦ 时长
    reason                ¦ Reason                         ¦ 原因
    media                 ¦ Media                          ¦ 媒体
    details               ¦ More of the job                ¦ 任务的其他信息
    empty                 ¦ The answer holds no results.   ¦ 此次返回没有任何结果。
    duration.given        ¦ as given                       ¦ 由调用方给出
    duration.ratios       ¦ inferred from the ratios       ¦ 由出镜占比推算
    duration.last end     ¦ at least: the last end         ¦ 至少如此：取最晚的结束时间
    counts.people         ¦ person|people                  ¦ 人物
    counts.labels         ¦ label|labels                   ¦ 标签
    counts.sentences      ¦ sentence|sentences             ¦ 语句
    counts.lines          ¦ text on screen|texts on screen ¦ 画面文字
    counts.shots          ¦ shot|shots                     ¦ 镜头
    counts.chapters       ¦ chapter|chapters               ¦ 章节
    counts.boxes          ¦ box|boxes                      ¦ 检测框

    severity.error        ¦ error                          ¦ 错误
    severity.warning      ¦ warning                        ¦ 警告
    severity.info         ¦ note                           ¦ 提示
    action.kept           ¦ kept as received               ¦ 按原样保留
    action.changed        ¦ changed                        ¦ 已修改
    action.skipped        ¦ left out                       ¦ 已略去
    times                 ¦ once|{} times                  ¦ {} 处
    where                 ¦ Where, and what                ¦ 位置与内容

    name                  ¦ Name                           ¦ 姓名
    category              ¦ Category                       ¦ 类别
    on_screen             ¦ On screen                      ¦ 出镜时长
    share                 ¦ Share                          ¦ 占比
    first_seen            ¦ First seen                     ¦ 首次出现
    appearances           ¦ Times                          ¦ 次数
    category.politician   ¦ politician                     ¦ 政治人物
    category.celebrity    ¦ celebrity                      ¦ 名人
    category.sensitive    ¦ sensitive                      ¦ 敏感人物
    category.unknown      ¦ unknown                        ¦ 未知
    category.custom       ¦ custom                         ¦ 自定义
    kind.person           ¦ person                         ¦ 人物
    kind.tag              ¦ tag                            ¦ 标签
    kind.category         ¦ category                       ¦ 分类
    kind.entity           ¦ entity                         ¦ 实体
    kind.hotword          ¦ hotword                        ¦ 热词
    kind.keyword          ¦ keyword                        ¦ 关键词
    kind.text             ¦ text                           ¦ 文本
    no_name               ¦ (no name)                      ¦ （无名）

    alt.gallery           ¦ The best crop of each person: {}. ¦ 每个人物最清晰的截图：{}。
    alt.sheet             ¦ The best moment of each label, seen longest first. ¦ 每个标签的最佳画面，出现最久的在前。
    alt.ratios            ¦ Bars of the share of the duration; the longest: {}. ¦ 占总时长比例的条形图，最长的是：{}。
    alt.timeline          ¦ Lanes of labels over time, under chapters and shots, over speech and text. ¦ 各标签随时间出现的轨道，上方为章节与镜头，下方为语音与文字。
    alt.agreement         ¦ Subtitles over time, coloured by how far the speech agrees with them. ¦ 各条字幕随时间的分布，颜色表示与语音的一致程度。

    said                  ¦ Said                           ¦ 语音
    shown                 ¦ On screen                      ¦ 画面
    to_review             ¦ worth a look                   ¦ 待核对
    start                 ¦ Start                          ¦ 开始
    sentences             ¦ {} sentence|{} sentences       ¦ {} 句
    legend                ¦ Where the two differ:          ¦ 两者的差异：
    legend.other          ¦ another character              ¦ 字不同
    legend.said           ¦ only said                      ¦ 仅语音有
    legend.shown          ¦ only on screen                 ¦ 仅画面有
    agreement             ¦ Agreement                      ¦ 一致程度
    agreement.characters  ¦ of the characters on screen are said ¦ 的画面文字与语音一致
    agreement.words       ¦ of the words                   ¦ 的词与语音一致
    agreement.speech      ¦ characters that the speech recognition got wrong, estimated ¦ 语音识别的字错误率（估计）
    agreement.matched     ¦ {} subtitle is said|{} subtitles are said ¦ {} 条字幕有对应语音
    agreement.missed      ¦ {} is not|{} are not           ¦ {} 条没有
    agreement.extra       ¦ {} sentence without a subtitle|{} sentences without a subtitle ¦ {} 句没有字幕
    agreement.clock       ¦ The picture is {} s from the sound. ¦ 画面与声音相差 {} 秒。
    agreement.cuts        ¦ That changes once.|That changes {} times. ¦ 其间变化 {} 次。
    not_aligned           ¦ Not aligned with the text on screen: ¦ 未能与画面文字对齐：

    role.ticker           ¦ ticker                         ¦ 滚动字幕
    role.caption          ¦ caption                        ¦ 标题条
    role.slide            ¦ slide                          ¦ 幻灯片
    role.fixed            ¦ stays on screen                ¦ 常驻
    role.scene            ¦ in the scene                   ¦ 场景文字
    role.subtitle         ¦ subtitle                       ¦ 字幕
    role.translation      ¦ translation                    ¦ 译文
    role.scrolling        ¦ scrolling                      ¦ 滚动字幕

    speakers              ¦ By speaker                     ¦ 各发言人
    scenes                ¦ Sort of talk                   ¦ 场景类型
    scene.interview       ¦ interview                      ¦ 访谈
    scene.lecture         ¦ lecture                        ¦ 讲座
    scene.meeting         ¦ meeting                        ¦ 会议
    keywords              ¦ Keywords                       ¦ 关键词
    key_sentences         ¦ Key sentences                  ¦ 重点语句
    actions               ¦ Actions                        ¦ 待办事项

    rows                  ¦ {} row|{} rows                 ¦ {} 行
    first_rows            ¦ the first {}                   ¦ 前 {} 行
    columns               ¦ {} column|{} columns           ¦ {} 列
    shown_columns         ¦ those with values here         ¦ 仅列出有值的列
    more                  ¦ and one more|and {} more       ¦ 另有 {} 项
    download              ¦ All tables as CSV, in one zip  ¦ 下载全部数据表（CSV，zip）
    made_by               ¦ Made by smarttag_nb {} from the answer alone; nothing in this page is fetched from anywhere. ¦ 由 smarttag_nb {} 根据返回结果生成；本页不从任何地方加载内容。
    media_linked          ¦ The video is not in this page; it is looked for at {}. ¦ 本页未内嵌视频，播放时从 {} 读取。
    at                    ¦ at                             ¦ 于
""")
"""Every text: its key, in English, in Chinese. Two forms, of one and of more, part at a bar."""

PROBLEMS_ZH: Mapping[str, str] = MappingProxyType({
    "key-case": "键的大小写与文档不同，仍照常读取。",
    "spelling": "值的写法与文档不同，仍照常读取。",
    "score-scale": "列表中有大于 1 的分数，整列按 0 到 100 读取。",
    "surrogate": "孤立的代理码位不是字符，已换成 U+FFFD。",
    "not-strict-json": "含有注释、NaN 或未转义的控制字符，JSON 不允许。",
    "encoding": "不是 UTF-8 的字节，已换成 U+FFFD。",
    "superseded": "已弃用的字段与其替代字段并存，仅保留在 job.raw 中。",
    "nothing-in-it": "条目中没有可成为一行的内容。",
    "shape": "应为对象处是列表，或相反。",
    "unknown-key": "文档中没有的键，其值仅在 job.raw 中。",
    "unknown-type": "未知类型的结果，仅在 job.raw 中。",
    "type-mismatch": "结果的键属于另一种类型，与其 Type 不符。",
    "unknown-value": "不在文档所列范围内的值，按原样保留。",
    "range-reversed": "时间段的结束早于开始，按原样保留。",
    "time-negative": "时间早于媒体开头，按原样保留。",
    "timestamp-outside": "时间戳超出其时间段，且超过舍入误差。",
    "ratio-range": "占比小于 0 或大于 1，按原样保留。",
    "ratio-off": "上报的占比与其自身的出现时段不符，且超过舍入误差。",
    "score-range": "分数超出范围，按原样保留。",
    "box-reversed": "检测框的右边或下边在前，按原样保留。",
    "box-outside": "检测框超出画面，按原样保留。",
    "boxes-corner-sum": "第二个角点实为两角之和，已更正。",
    "body-failed": "该结果自称未成功。",
    "wrong-type": "值的类型与文档不同，已略去。",
    "out-of-range": "超出 64 位数值范围的数，已略去。",
    "not-json": "应为 JSON 处是文本或损坏的 JSON，已略去。",
})  # fmt: skip
"""What `tables.PROBLEM_CODES` tells, in Chinese."""
