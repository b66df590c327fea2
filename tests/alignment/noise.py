"""What OCR and ASR make of a text: misread and misheard characters and words.

The rates are per character of OCR and Chinese ASR. Of English words more are wrong, since most of
their letters are still right: `WORDS` times the rate.
"""

from __future__ import annotations

import functools
import math
from random import Random

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from . import wording_en

LOOK_ALIKES = (
    "己已巳 未末 日曰目 人入八 大太犬天夫 今令 问间闻 师帅 土士 待侍 二三 干千于 我找 他地她 "
    "没设 体休 住往佳 看着 这还 时对 会合 在左 右石 白自百 王玉主 田由甲申 刀力 方万 午牛年 "
    "水永冰 木本术 手毛 开井升 见贝 只兄 名各 多夕 来米 少小 心必 中虫 用甩 电甲 了子 工土 "
    "为办 里理 历厉 何向 清情请 睛晴 快块 抢枪 扬杨 提堤 拔拨 折拆 析折 狠狼 很根 跟眼 报服 "
    "复夏 夜液 烧绕 浇烧 渴喝 蓝篮 监盐 盐蓝 练炼 线钱 浅线 饭饮 馒慢 慢漫 受爱 爱受 变交 "
    "衣农 农衣 买头 头买 实买 写与 与马 鸟乌 岛鸟 鱼渔 海每 治冶 冷冶 准淮 谁准 推准 难准 "
    "话活 浩活 治始 始姑 如奴 好妤 妈吗 吗妈 码吗 骑椅 读续 续读 课棵 颗棵 果课 规现 现视 "
    "视规 观现 站战 战站 点占 热熟 熟热 然燃 照熙 熊熟 盒盆 盆盘 盘盆 血皿 孟盖 量重 童章 "
    "章童 意竟 竟竞 竞竟 境镜 镜境 铁钱 钱铁 铜钢 钢纲 纲钢 刚纲 网冈 同问 何河 河何 沙纱 "
    "抄沙 炒抄 秒沙 妙秒 深探 探深 采来 菜莱 茶荼 草早 单草 菜采 药约 约药 的旳 给绐 络给 "
    "结给 细纽 组细 租组 助租 和种 种钟 神种 机几 朵杂 杂朵 林材 村材 材村 树村 桥挢 棒捧 "
    "担但 但担 坦担 压庄 庄压 应庆 度庋 库车 床库 麻床 店点 房户 护沪 所听 听所 斤斥 近远 "
    "远近 进近 过边 边过 连莲 速连 这边 运云 达这 选远 遗遣 酒洒 酱浆 桨浆 将浆 奖将 醋酷 "
    "配酝 鲜解 解触 角用 有肴 育有 肯背 背肯 能熊 胜脏 肺胁 肤肘 脚胸 脸验 验脸 险验 检捡"
)
"""Groups of characters that OCR takes for one another."""

LATIN_LOOK_ALIKES = "O0QD o0c l1Ii S5 B8 ce uv nh g9q Z2 vy ft ao tf rn hb mn ij kx ec il VY EF GC"
JOINED = {"rn": "m", "m": "rn", "cl": "d", "d": "cl", "w": "vv", "vv": "w", "li": "h"}
"""Two letters that look like one, and the other way round."""

HOMOPHONES = (
    "啊阿 埃爱 安岸按暗案 八吧把笆 白百 办半扳拌搬斑板班 傍膀 保包报暴爆薄饱 倍北备惫杯碑背被贝 "
    "壁必比笔避 便变编边遍 标表 冰病 卜拨播 不布捕步补部 彩才猜菜裁采 残餐 仓舱 嘈糙草 察差插查茶 "
    "唱场常敞 巢抄朝潮 尘晨沉 乘城成承程 吃持池炽迟齿 充冲虫 抽稠绸 出厨处础锄除 传川穿船 床窗 "
    "刺次瓷磁祠词 从葱 粗醋 存村 大打搭答 代带待贷 但单弹担淡蛋 倒刀到导岛稻道 得的 灯等 "
    "低地底第递 "
    "典店殿淀点电甸 掉调雕 丁定订顶 东冬冻动洞 豆都 度渡独读 段端锻 对队 炖顿 多躲 二尔而耳 发法 "
    "反帆繁翻返饭 坊房放方肪防 啡肥肺费非飞 份分粉 丰缝蜂风 傅复服浮父福肤腐辐附 改概盖该 干感敢赶 "
    "刚港纲钢 告稿高 个割各格歌骼 供公共宫工 够构沟 估古孤故股菇谷骨鼓 关冠惯罐观馆 光广逛 "
    "规贵轨龟 "
    "国果过锅 孩害海还 函含寒旱瀚罕 号好毫浩耗 何合和喝核河禾 恒衡 宏红 候后 "
    "乎互呼忽户护湖狐瑚胡蝴 "
    "划化滑画花话 换欢环缓 会回彗恢挥毁汇 或活火 几击剂及吉圾基季寂己挤机极激祭纪绩肌计记辑集鸡 "
    "价假加嫁家架甲茄 件健兼减剪坚建检渐简箭肩见鉴键间 匠奖姜将浆讲酱降 交搅教椒浇礁脚角较酵饺 "
    "介届捷接洁结节街解 今尽斤禁紧谨近进金 境惊睛竞竟精经镜静颈鲸 久九就旧究酒 举具剧句居巨据 "
    "决觉 军均 "
    "卡咖 考靠 刻可壳客课 控空 库枯 块快 宽款 困昆 扩阔 垃拉腊辣 来赖 篮缆蓝览 廊浪 劳捞老 乐了 "
    "例利力历狸理离立篱里 炼练联莲连链镰 两亮凉晾粮量 料辽 烈猎 临吝林邻 另灵羚零领 六刘流浏留 "
    "楼漏 "
    "录炉路陆鹿 络罗萝落逻 律率绿 吗嘛码马麻 买卖埋麦 慢满漫蔓馒 毛茂贸锚 每没美 们门 猛盟 "
    "密秘米蜜迷 免棉眠面 描苗 敏民 墨末模膜蘑陌默 墓幕木母牧目 呐哪拿那 南难 你泥腻 年念 农浓 "
    "偶藕鸥 拍排牌 判攀盘 泡跑 佩配 朋棚 批疲皮 漂票 品聘 屏平瓶苹评 朴瀑葡谱铺 七其启器契期栖气起 "
    "前千歉潜签迁钱 墙强抢 悄桥 且切 亲勤琴 庆情清请轻青 丘求球秋蚯 区去取曲渠趣 全圈 然燃 人认 "
    "容荣 揉柔肉 入如 三散 沙砂 删山珊 上伤商赏 勺哨少烧绍 射摄社设 什深神身 升声牲生绳胜 "
    "使十史士失始实室市师式时是柿湿石示视识试诗适食 售守手收首 书数术树熟署舒述鼠 水睡税谁 瞬顺 "
    "丝司四思私 塑素诉速酥 算蒜酸 岁碎穗 所缩 他塔她它 台太苔 坛探摊滩谈 堂汤烫糖 套桃萄讨陶 "
    "体提替梯题 天甜田 条跳 停厅听挺 同桶痛统通铜 头投透 图土涂突 推退 拓拖脱 完晚顽 往忘望网 "
    "为伟位卫危味喂微未维胃 文温稳问闻 我沃 五务屋无物舞误雾 习吸喜希席徙息戏析汐溪稀系细膝西 下狭 "
    "先县咸显现线藓险鲜 享像向响想相箱象项香 小效校消销 些写蟹谢 信心新欣芯馨 兴型星行醒 凶汹 休修 "
    "序绪续蓄虚需须 宣悬旋选 学穴血雪 寻训迅 压崖牙鸦鸭 严岩沿演烟盐眼研颜验 样氧洋秧羊阳 腰药要遥 "
    "业也叶夜页 一以依医宜已意易疫议遗驿 印因引蚓银阴隐饮 应影盈硬营赢迎 勇拥泳涌用 "
    "优又友右幼幽忧悠有油由 于余域宇屿渔玉羽语遇雨预鱼 原员园愿源远院 月约越阅 云运陨 再在崽载 "
    "咱赞 "
    "早灶燥造 债摘窄 展战湛站 张涨章长 召找招沼照 着者这 珍真诊 争整正症蒸证 "
    "之制只址志支智枝止汁滞直知纸置脂芝质 中众种终重钟 周舟 主住注煮祝竹筑 专转 壮庄状 捉茁 "
    "子字自资 "
    "奏走 租组足 作做坐左座昨"
)
"""Groups of characters of one syllable."""

SIMPLIFIED = (
    "专业东丝两严个丰临为举么乐习书买乱争于云亲从仓们价众优会伟传伤体余债关兴内写军农冲决冻准凉减"
    "几凶击划刘刚删别剂剧办务动劳区医单卖卫厅历压厨县发变台叶号后吗听启呐员咸响团园国图场块坚坛墙"
    "壮声壳处备复够头夸奖学实宫宽对寻导将尔尘尽层届屿岁岛岩师带干广庄庆库应开张弹强当录忧总恒悬惊"
    "惫惯愿戏战户扩抢护报担拥拨择挤挥捞换据搅摄摊数无旧时显晒术朴机杂条来极构标树栖样桥检楼欢残毁"
    "气汇汤汹沟没洁浆浇测浏浓涂涌润涨淀渐渔温湿滚滞满滩潜灯灵灶炉炖点炼炽烟烧烫热爱状独狭猎环现电"
    "画盐盖盘码础离种秘税稳竞笋笔笼筑签简篮篱粮紧红约纪纲纸线练组细终绍经结绕给络统绩绪续绳维绸绿"
    "缆缓编缝缩网罗联肤胜脚脱腊腻舱节苹荣药莲萝营葱蓝藓虚虫补见观规视览觉计订认讨训议记讲论设证评"
    "识诉诊词试诗话该语误说请读课谁调谈谢谨谱贝质贵贷贸费资赏赖赛赞赢赶车轨转软轻载较辐辑边辽迁过"
    "运还这进远连迟适选递逻遗遥邻酱采里鉴钟钢钱铁铜银铺链销锄锅错锚键锻镜镰长门问间闹闻阅阔队阳阴"
    "陆陨险隐难雾静页顶项顺须顽顿预领颈题颜风飞饭饮饱饺馆馒马驿验鱼鲜鲸鸟鸡鸥鸦鸭麦齿龟"
)
TRADITIONAL = (
    "專業東絲兩嚴個豐臨爲舉麼樂習書買亂爭於雲親從倉們價眾優會偉傳傷體餘債關興內寫軍農衝決凍準涼減"
    "幾兇擊劃劉剛刪別劑劇辦務動勞區醫單賣衛廳歷壓廚縣發變臺葉號後嗎聽啓吶員鹹響團園國圖場塊堅壇牆"
    "壯聲殼處備復夠頭誇獎學實宮寬對尋導將爾塵盡層屆嶼歲島巖師帶幹廣莊慶庫應開張彈強當錄憂總恆懸驚"
    "憊慣願戲戰戶擴搶護報擔擁撥擇擠揮撈換據攪攝攤數無舊時顯曬術樸機雜條來極構標樹棲樣橋檢樓歡殘毀"
    "氣匯湯洶溝沒潔漿澆測瀏濃塗湧潤漲澱漸漁溫溼滾滯滿灘潛燈靈竈爐燉點煉熾煙燒燙熱愛狀獨狹獵環現電"
    "畫鹽蓋盤碼礎離種祕稅穩競筍筆籠築籤簡籃籬糧緊紅約紀綱紙線練組細終紹經結繞給絡統績緒續繩維綢綠"
    "纜緩編縫縮網羅聯膚勝腳脫臘膩艙節蘋榮藥蓮蘿營蔥藍蘚虛蟲補見觀規視覽覺計訂認討訓議記講論設證評"
    "識訴診詞試詩話該語誤說請讀課誰調談謝謹譜貝質貴貸貿費資賞賴賽贊贏趕車軌轉軟輕載較輻輯邊遼遷過"
    "運還這進遠連遲適選遞邏遺遙鄰醬採裡鑑鍾鋼錢鐵銅銀鋪鏈銷鋤鍋錯錨鍵鍛鏡鐮長門問間鬧聞閱闊隊陽陰"
    "陸隕險隱難霧靜頁頂項順須頑頓預領頸題顏風飛飯飲飽餃館饅馬驛驗魚鮮鯨鳥雞鷗鴉鴨麥齒龜"
)

FULL_WIDTH = {c: chr(ord(c) + 0xFEE0) for c in "0123456789,:!?()"} | {
    "，": ",", "。": ".", "？": "?", "！": "!", "：": ":"
}  # fmt: skip
WORDS = 1.4
"""Wrong words for each wrong character."""
MARKS = frozenset("，。？！、：,.?!:;'·|")
SPURIOUS = "·-.一|、丶'，~"
ENGLISH_EARS = (
    "their there they're|to two too|for four|right write|know no|sea see|hear here|one won|"
    "by buy|week weak|whole hole|peace piece|weather whether|our are hour|its it's|than then|"
    "affect effect|meet meat|new knew|would wood|wait weight|road rode|sale sail|where wear|"
    "have of|in and|a the|this these|is was|of off|can can't|want won't|this that"
)
INSERTED = {"zh": ("呃", "嗯", "的", "啊", "那个", "就"), "en": ("uh", "the", "a", "and", "um")}


def _grouped(groups: str) -> dict[str, str]:
    others: dict[str, str] = {}
    for group in groups.split():
        for one in group:
            others[one] = others.get(one, "") + group.replace(one, "")
    return others


_ALIKE = _grouped(LOOK_ALIKES) | _grouped(LATIN_LOOK_ALIKES)
_SAME_SOUND = _grouped(HOMOPHONES)
_COMMON = "".join(HOMOPHONES.split())

TO_TRADITIONAL = str.maketrans(SIMPLIFIED, TRADITIONAL)
TO_SIMPLIFIED = str.maketrans(TRADITIONAL, SIMPLIFIED)


def simplified(text: str) -> str:
    """Spell traditional characters as simplified ones."""
    return text.translate(TO_SIMPLIFIED)


def misread(text: str, rate: float, random: Random) -> str:
    """Read a text as OCR would, with about so many of its characters wrong."""
    if rate <= 0:
        return text
    made: list[str] = []
    scale = math.log(1 - rate)
    at, copied = 0, 0
    while True:
        # The distance to the next error, so that characters read well cost nothing.
        at += int(math.log(1 - random.random()) / scale)
        if at >= len(text):
            made.append(text[copied:])
            return "".join(made)
        made.append(text[copied:at])
        taken, read = _misread_at(text, at, random)
        made.append(read)
        at += taken
        copied = at


def _misread_at(text: str, at: int, random: Random) -> tuple[int, str]:
    """How many characters are misread there, and as what."""
    one, chance = text[at], random.random()
    if one in MARKS or one == " ":
        return 1, "" if chance < 0.6 else FULL_WIDTH.get(one, ".")
    if chance < 0.15:
        return 1, ""
    if chance < 0.22:
        return 1, one + random.choice(SPURIOUS)
    if chance < 0.27 and one in FULL_WIDTH:
        return 1, FULL_WIDTH[one]
    if chance < 0.35:
        for length in (2, 1):
            if text[at : at + length] in JOINED:
                return length, JOINED[text[at : at + length]]
    if one in _ALIKE:
        return 1, random.choice(_ALIKE[one])
    if one.isascii():
        return 1, random.choice("aceilnorstu")
    return 1, random.choice(_COMMON)


def mishear(words: list[str], language: str, rate: float, random: Random) -> list[str]:
    """Hear words as ASR would: each comes back as what was heard, which may be nothing."""
    hear = _hear_chinese if language == "zh" else _hear_english
    return [hear(word, rate, random) for word in words]


def _hear_chinese(word: str, rate: float, random: Random) -> str:
    if word.isascii():
        return _hear_english(word, rate, random)
    heard = []
    for one in word:
        if random.random() >= rate:
            heard.append(one)
            continue
        chance = random.random()
        if chance < 0.2:
            continue
        if chance < 0.35:
            heard.append(one + random.choice((one, *INSERTED["zh"])))
        else:
            heard.append(random.choice(_SAME_SOUND.get(one, _COMMON)))
    return "".join(heard)


def _hear_english(word: str, rate: float, random: Random) -> str:
    if random.random() >= WORDS * rate:
        return word
    chance = random.random()
    if chance < 0.18:
        return ""
    if chance < 0.33:
        return f"{word} {random.choice(INSERTED['en'])}"
    near = _near_words().get(word.lower())
    return random.choice(near) if near else word[:-1] or "a"


@functools.cache
def _near_words() -> dict[str, tuple[str, ...]]:
    """For each English word what it may be heard as: of like sound, or of like spelling."""
    texts = [" ".join((nouns, phrases, qualities)) for nouns, phrases, qualities in
             wording_en.TOPICS.values()]  # fmt: skip
    texts += wording_en.WORDS.values()
    cleaned = " ".join(texts).replace("|", " ").lower()
    words = sorted({word for word in cleaned.split() if word.isalpha()})
    distance = process.cdist(words, words, scorer=Levenshtein.normalized_similarity)
    near = {}
    for row, word in enumerate(words):
        order = distance[row].argsort(kind="stable")[::-1][1:4]
        near[word] = tuple(words[k] for k in order)
    for group in ENGLISH_EARS.split("|"):
        heard = group.split()
        for word in heard:
            near[word] = tuple(other for other in heard if other != word)
    return near
