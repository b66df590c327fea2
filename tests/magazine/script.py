"""What is said, by whom, in which shot."""

from __future__ import annotations

from dataclasses import dataclass

from .cast import MARA, MINGCHUAN, QINGHE, TOBIAS, Person


@dataclass(frozen=True)
class Line:
    """A sentence of the script.

    Parameters
    ----------
    shot : str
        The shot that it is heard in.
    person : Person
        Who says it.
    words : str
        Its words, set apart by spaces in Chinese too; marks stay with their word.
    translation : str
        The sentence in the other language.
    shown : bool
        Whether the translation stands in the subtitle too.
    pinyin : str
        A Chinese sentence's syllables as they sound, with tones after tone sandhi: one a character.
    """

    shot: str
    person: Person
    words: str
    translation: str
    shown: bool = False
    pinyin: str = ""

    @property
    def language(self) -> str:
        """zh or en, as spoken."""
        assert self.person.voice is not None
        return self.person.voice.language

    @property
    def parts(self) -> list[str]:
        """The words."""
        return self.words.split(" ")

    @property
    def text(self) -> str:
        """The sentence as written."""
        return "".join(self.parts) if self.language == "zh" else self.words


SCRIPT = (
    Line(
        "studio", QINGHE, "大家 早上 好， 欢迎 收看 晨间 手记。",
        "Good morning, and welcome to Morning Notes.",
        pinyin="da4 jia1 zao3 shang5 hao3 huan1 ying2 shou1 kan4 chen2 jian1 shou3 ji4",
    ),
    Line(
        "studio", QINGHE, "今天 我们 从 一杯 咖啡 说起。",
        "Today we begin with a cup of coffee.",
        pinyin="jin1 tian1 wo3 men5 cong2 yi4 bei1 ka1 fei1 shuo1 qi3",
    ),
    Line(
        "cup", QINGHE, "刚 做好 的 咖啡， 表面 有 一层 细腻 的 油脂。",
        "Freshly made coffee carries a fine layer of crema.",
        pinyin="gang1 zuo4 hao3 de5 ka1 fei1 biao3 mian4 you3 yi4 ceng2 xi4 ni4 de5 you2 zhi1",
    ),
    Line(
        "spoon", QINGHE, "先 闻一闻， 再 用 小勺 轻轻 搅动。",
        "Smell it first, then stir it gently with a small spoon.",
        pinyin="xian1 wen2 yi5 wen2 zai4 yong4 xiao3 shao2 qing1 qing1 jiao3 dong4",
    ),
    Line(
        "interview", MINGCHUAN, "好 咖啡 不怕 等， 水温 比 时间 更 重要。",
        "Good coffee can wait; heat matters more than time.", shown=True,
        pinyin="hao3 ka1 fei1 bu2 pa4 deng3 shui3 wen1 bi3 shi2 jian1 geng4 zhong4 yao4",
    ),
    Line(
        "interview", MARA, "So what is the right temperature?", "那么，合适的水温是多少？",
        shown=True,
    ),
    Line(
        "barista", MINGCHUAN, "九十二度， 我 每天 都要 试 三次。",
        "Ninety-two degrees. I test it three times a day.", shown=True,
        pinyin="jiu3 shi2 er4 du4 wo2 mei3 tian1 dou1 yao4 shi4 san1 ci4",
    ),
    Line(
        "writer", MARA, "A good cup begins with patience.", "一杯好咖啡，始于耐心。", shown=True,
    ),
    Line(
        "writer", MARA, "And then you share it with a friend.", "然后和朋友一起分享。", shown=True,
    ),
    Line(
        "cat", QINGHE, "店里 的 这只 猫， 已经 七岁 了。",
        "The cat of this café is already seven years old.",
        pinyin="dian4 li3 de5 zhe4 zhi1 mao1 yi3 jing1 qi1 sui4 le5",
    ),
    Line(
        "cat", QINGHE, "它 最 喜欢 窗边 的 阳光。", "What it likes best is the sunlight by the window.",
        pinyin="ta1 zui4 xi3 huan5 chuang1 bian1 de5 yang2 guang1",
    ),
    Line(
        "slide", QINGHE, "记住 三件事： 水温、 时间 和 耐心。",
        "Remember three things: temperature, time and patience.",
        pinyin="ji4 zhu4 san1 jian4 shi4 shui3 wen1 shi2 jian1 he2 nai4 xin1",
    ),
    Line(
        "slide", QINGHE, "萃取 只要 二十五秒， 不必 着急。",
        "Brewing takes only twenty-five seconds; there is no hurry.",
        pinyin="cui4 qu3 zhi3 yao4 er4 shi2 wu2 miao3 bu2 bi4 zhao2 ji2",
    ),
    Line(
        "rocket", TOBIAS, "Meanwhile on the coast, a rocket waits for the dawn.",
        "与此同时，海岸边的火箭正等待黎明。", shown=True,
    ),
    Line(
        "rocket", TOBIAS, "The launch is planned for Tuesday morning.", "发射定于星期二早晨。",
        shown=True,
    ),
    Line(
        "street", TOBIAS, "People here have been waiting since midnight.", "人们从午夜起就等在这里。",
        shown=True,
    ),
    Line(
        "street", TOBIAS, "Many of them brought blankets and hot coffee.", "许多人带来了毯子和热咖啡。",
        shown=True,
    ),
    Line(
        "link", QINGHE, "谢谢 你， 那边 冷 吗？", "Thank you. Is it cold out there?", shown=True,
        pinyin="xie4 xie5 ni3 na4 bian1 leng3 ma5",
    ),
    Line(
        "link", TOBIAS, "A little, but nobody wants to go home.", "有一点，但没有人想回家。", shown=True,
    ),
    Line(
        "stars", MARA, "Each point of light here is a galaxy.", "这里的每一个光点，都是一个星系。",
        shown=True,
    ),
    Line(
        "stars", MARA, "Some of them are older than our sun.", "其中一些比太阳还要古老。", shown=True,
    ),
    Line(
        "recap", QINGHE, "一杯咖啡、 一只猫、 一枚火箭， 这 就是 今天 的 早晨。",
        "A cup of coffee, a cat and a rocket: that was this morning.",
        pinyin="yi4 bei1 ka1 fei1 yi4 zhi1 mao1 yi4 mei2 huo3 jian4 zhe4 jiu4 shi4 jin1 tian1"
        " de5 zao3 chen2",
    ),
    Line(
        "recap", QINGHE, "谢谢 收看， 我们 明天 同一 时间 再见。",
        "Thank you for watching; see you tomorrow at the same time.",
        pinyin="xie4 xie5 shou1 kan4 wo3 men5 ming2 tian1 tong2 yi1 shi2 jian1 zai4 jian4",
    ),
)  # fmt: skip
