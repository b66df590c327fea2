"""The shots: what each shows, moment by moment, and where everything on it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import skia

from . import photographs, portraits, sets
from .captions import LOGO, Text, ease, width, write
from .cast import MARA, MINGCHUAN, PASSER_A, PASSER_B, QINGHE, TOBIAS, UNKNOWN, Person
from .geometry import Box
from .palette import AMBER, CORAL, CREAM, INK, TEAL, fill, linear, stroke
from .photographs import View
from .portraits import Pose

SIZE = (640, 360)
FRAME = skia.Rect.MakeWH(*SIZE)


@dataclass
class Seen:
    """What a frame shows."""

    faces: dict[str, Box] = field(default_factory=dict)
    objects: dict[str, Box] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)

    def add(self, name: str, box: Box | None) -> None:
        """Note an object, if it is in sight."""
        if box:
            self.objects[name] = box


@dataclass(frozen=True)
class Mouth:
    """A mouth at work: how far it is open, and how round."""

    opened: float
    round: float


@dataclass(frozen=True)
class Moment:
    """A moment of a shot: seconds into it, its share, seconds into the clip, and who speaks."""

    seconds: float
    share: float
    clock: float
    mouths: dict[str, Mouth]


Draw = Callable[[skia.Canvas, Moment], Seen]


def _pose(person: Person, x: float, y: float, head: float, m: Moment, phase: float) -> Pose:
    """A pose that breathes, sways, blinks and, when speaking, moves its mouth."""
    mouth = m.mouths.get(person.name, Mouth(0.0, 0.0))
    beat = (m.clock * 0.29 + phase) % 1.0
    lively = 1.0 if person.name in m.mouths else 0.6
    return Pose(
        x + head * 0.035 * lively * math.sin(m.clock * 1.1 + 5 * phase),
        y + head * 0.014 * math.sin(m.clock * 2.3 + 3 * phase) - head * 0.010 * mouth.opened,
        head,
        tilt=2.6 * lively * math.sin(m.clock * 0.8 + 4 * phase) + 0.8 * mouth.opened,
        mouth=mouth.opened,
        round=mouth.round,
        blink=max(0.0, 1 - abs(beat - 0.5) / 0.028),
        look=math.sin(m.clock * 0.5 + 6 * phase),
        breath=math.sin(m.clock * 1.7 + 2 * phase),
    )


def _show(
    canvas: skia.Canvas, seen: Seen, person: Person, pose: Pose, name: str | None = None
) -> None:
    box = portraits.draw(canvas, person, pose)
    if box:
        seen.faces[name or person.name] = box


def _push(canvas: skia.Canvas, m: Moment, middle: tuple[float, float], by: float) -> None:
    """Move the camera slowly in on a point, until the canvas is restored."""
    zoom = 1 + by * m.share
    canvas.save()
    canvas.translate(*middle)
    canvas.scale(zoom, zoom)
    canvas.translate(-middle[0], -middle[1])


def _far(canvas: skia.Canvas, zoom: float, left: float, top: float, blur: float) -> None:
    """Put what follows behind, bigger and out of focus, until the canvas is restored twice."""
    sets.soften(canvas, blur)
    canvas.save()
    canvas.translate(left, top)
    canvas.scale(zoom, zoom)


def _studio(canvas: skia.Canvas, m: Moment) -> Seen:
    seen = Seen()
    _push(canvas, m, (220, 150), 0.05)
    sets.studio(canvas, m.clock)
    _show(canvas, seen, QINGHE, _pose(QINGHE, 226, 150, 118, m, 0.1))
    seen.add("咖啡杯", sets.desk(canvas, m.clock))
    canvas.restore()
    sets.vignette(canvas)
    return seen


def _interview(canvas: skia.Canvas, m: Moment) -> Seen:
    seen = Seen()
    _push(canvas, m, (320, 170), 0.04)
    sets.cafe(canvas, m.clock)
    _show(canvas, seen, MINGCHUAN, _pose(MINGCHUAN, 176, 152, 102, m, 0.25))
    _show(canvas, seen, MARA, _pose(MARA, 464, 156, 100, m, 0.7))
    seen.add("咖啡杯", sets.table(canvas, m.clock))
    canvas.restore()
    sets.vignette(canvas, 0.26)
    return seen


def _barista(canvas: skia.Canvas, m: Moment) -> Seen:
    seen = Seen()
    _far(canvas, 1.6, -30, -40, 5)
    sets.cafe(canvas, m.clock)
    canvas.restore()
    canvas.restore()
    _push(canvas, m, (250, 150), 0.04)
    _show(canvas, seen, MINGCHUAN, _pose(MINGCHUAN, 246, 152, 178, m, 0.25))
    canvas.restore()
    sets.vignette(canvas, 0.26)
    return seen


def _writer(canvas: skia.Canvas, m: Moment) -> Seen:
    seen = Seen()
    _far(canvas, 1.6, -330, -30, 5)
    sets.cafe(canvas, m.clock)
    canvas.restore()
    canvas.restore()
    _push(canvas, m, (390, 150), 0.04)
    _show(canvas, seen, MARA, _pose(MARA, 392, 154, 176, m, 0.7))
    canvas.restore()
    sets.vignette(canvas, 0.26)
    return seen


def _report(canvas: skia.Canvas, m: Moment, seen: Seen) -> None:
    """The reporter on the quay."""
    _show(canvas, seen, TOBIAS, _pose(TOBIAS, 338, 150, 116, m, 0.55))
    seen.add("话筒", sets.microphone(canvas, 392, 268))


def _street(canvas: skia.Canvas, m: Moment) -> Seen:
    seen = Seen(objects=sets.coast(canvas, m.clock))
    sets.quay(canvas)
    left = _pose(PASSER_A, -44 + 27 * m.seconds, 200, 46, m, 0.3)
    right = _pose(PASSER_B, 520 + 24 * m.seconds, 203, 44, m, 0.9)
    _show(canvas, seen, PASSER_A, left, UNKNOWN[0])
    _show(canvas, seen, PASSER_B, right, UNKNOWN[1])
    _report(canvas, m, seen)
    sets.vignette(canvas, 0.22)
    return seen


REMOTE = "海岸连线"


def _link(canvas: skia.Canvas, m: Moment) -> Seen:
    """The host, and the reporter on a screen beside her."""
    seen = Seen()
    _far(canvas, 1.25, -60, -20, 3)
    sets.studio(canvas, m.clock)
    canvas.restore()
    canvas.restore()
    _show(canvas, seen, QINGHE, _pose(QINGHE, 158, 156, 124, m, 0.1))
    screen = skia.Rect.MakeXYWH(312, 66, 296, 166)
    canvas.drawRoundRect(screen.makeOffset(0, 6), 6, 6, fill("#061114", 0.6, blur=10))
    canvas.save()
    canvas.clipRRect(skia.RRect.MakeRectXY(screen, 5, 5), True)
    canvas.translate(screen.left(), screen.top())
    canvas.scale(screen.width() / 480, screen.width() / 480)
    canvas.translate(-98, -42)
    for name, box in sets.coast(canvas, m.clock).items():
        seen.add(name, box)
    sets.quay(canvas)
    _report(canvas, m, seen)
    canvas.restore()
    canvas.drawRoundRect(screen, 5, 5, stroke(CREAM, 2.2, 0.9))
    plate = skia.Rect.MakeXYWH(320, 74, 66, 18)
    canvas.drawRoundRect(plate, 3, 3, fill(INK, 0.78))
    canvas.drawCircle(329, 83, 2.8, fill(CORAL, 0.6 + 0.4 * math.sin(5 * m.clock)))
    box = write(canvas, REMOTE, (336, 87), 11, fill(CREAM), weight=0.3)
    seen.texts.append(Text("fixed", REMOTE, box))
    sets.vignette(canvas, 0.26)
    return seen


def _photograph(photograph: photographs.Photograph, start: View, end: View) -> Draw:
    def show(canvas: skia.Canvas, m: Moment) -> Seen:
        view = start.towards(end, m.share)
        return Seen(objects=photographs.draw(canvas, photograph, view, FRAME))

    return show


def _slide(canvas: skia.Canvas, m: Moment) -> Seen:
    """The coffee once more, beside a page of text."""
    view = View(334, 206, 526).towards(View(338, 207, 506), m.share)
    sets.soften(canvas, 0.6)
    objects = photographs.draw(canvas, photographs.COFFEE, view, FRAME)
    canvas.restore()
    canvas.drawPaint(linear((0, 0), (640, 0), [INK, INK], 0.24))
    return Seen(objects={"咖啡杯": objects["咖啡杯"]})


CARDS = (
    (photographs.COFFEE, View(290, 150, 420), ("咖啡杯",)),
    (photographs.CAT, View(215, 130, 400), ("猫",)),
    (photographs.ROCKET, View(320, 235, 560), ("火箭",)),
)


def _recap(canvas: skia.Canvas, m: Moment) -> Seen:
    """The host, and the morning's three pictures as they are named."""
    seen = Seen()
    _far(canvas, 1.35, -30, -30, 3.5)
    sets.studio(canvas, m.clock)
    canvas.restore()
    canvas.restore()
    _show(canvas, seen, QINGHE, _pose(QINGHE, 190, 156, 142, m, 0.4))
    for k, (photograph, view, names) in enumerate(CARDS):
        arrived = ease((m.seconds - 0.45 - 0.68 * k) / 0.5)
        if not arrived:
            continue
        left = 432 + 16 * (1 - k) + 240 * (1 - arrived)
        card = skia.Rect.MakeXYWH(left, 56 + 79 * k, 144, 76)
        frame = card.makeOutset(3, 3)
        canvas.drawRect(frame.makeOffset(0, 4), fill("#061114", 0.5, blur=6))
        canvas.drawRect(frame, fill(CREAM))
        near = View(view.x, view.y, view.width * (1 - 0.06 * m.share))
        boxes = photographs.draw(canvas, photograph, near, card)
        for name in names:
            seen.add(name, boxes.get(name))
    sets.vignette(canvas, 0.26)
    return seen


def _centred(
    canvas: skia.Canvas, text: str, y: float, size: float, code: str, shown: float, tracking: float
) -> Text:
    at = (320 - width(text, size, tracking) / 2, y)
    weight = 0.9 if size > 30 else 0.2
    box = write(canvas, text, at, size, fill(code, shown), weight=weight, tracking=tracking)
    return Text("caption", text, box)


def _title(canvas: skia.Canvas, m: Moment) -> Seen:
    """The opening: a sun rises over the name."""
    canvas.drawPaint(linear((320, 0), (320, 360), ["#153a44", "#21535c", "#0f2a32"]))
    rise = ease(m.seconds / 2.4)
    sets.glow(canvas, 320, 196 - 40 * rise, 330, AMBER, 0.42 * rise)
    for k in range(1, 12):
        angle = math.pi * (1 + k / 12)
        near, far = 84 + 8 * (k % 2), 84 + (34 + 14 * (k % 2)) * rise
        ends = [(320 + r * math.cos(angle), 180 + r * math.sin(angle)) for r in (near, far)]
        if far > near:
            canvas.drawLine(*ends[0], *ends[1], stroke("#ffd592", 2, 0.75 * rise))
    sets.sunrise(canvas, 320, 180, 62, 0.8 * rise)
    half = 208 * rise
    canvas.drawRect(skia.Rect.MakeLTRB(320 - half, 180, 320 + half, 182), fill(CREAM))
    for k in range(4):
        reach = (120 - 26 * k) * rise
        y = 190 + 7 * k
        alpha = (0.5 - 0.11 * k) * rise
        canvas.drawRect(
            skia.Rect.MakeLTRB(320 - reach, y, 320 + reach, y + 1.6), fill(AMBER, alpha)
        )
    seen = Seen()
    for text, y, size, code, since, tracking in (
        (LOGO, 268, 44, CREAM, 0.6, 9.0),
        ("MORNING NOTES", 298, 14, "#f2c988", 1.0, 6.0),
        ("第十二期", 322, 11.5, "#a9c4c2", 1.3, 3.0),
    ):
        shown = ease((m.seconds - since) / 0.7)
        if shown > 0:
            seen.texts.append(_centred(canvas, text, y, size, code, shown, tracking))
    sets.vignette(canvas)
    return seen


def _closing(canvas: skia.Canvas, m: Moment) -> Seen:
    """The end card."""
    seen = Seen()
    sets.paper(canvas)
    sets.glow(canvas, 492, 160, 220, AMBER, 0.30)
    set_down = 1 - 0.35 * ease(m.seconds / 3)
    sets.sunrise(canvas, 492, 206, 66, set_down)
    canvas.drawRect(skia.Rect.MakeLTRB(392, 206, 592, 208), fill(TEAL))
    for k in range(3):
        canvas.drawRect(
            skia.Rect.MakeLTRB(430 + 18 * k, 216 + 8 * k, 554 - 18 * k, 217.6 + 8 * k),
            fill(TEAL, 0.4 - 0.1 * k),
        )
    canvas.drawRect(skia.Rect.MakeLTRB(72, 126, 76, 126 + 108 * ease(m.seconds / 0.5)), fill(CORAL))
    for text, y, size, code, tracking in (
        ("明天见", 162, 38, TEAL, 5.0),
        ("See you tomorrow", 194, 18, INK, 0.6),
        ("画面与声音均为合成，人物皆为虚构", 228, 12.5, "#7b8587", 0.6),
    ):
        shown = ease((m.seconds - 0.15) / 0.5)
        weight = 0.8 if size > 30 else 0.2
        box = write(
            canvas, text, (96, y), size, fill(code, shown), weight=weight, tracking=tracking
        )
        if shown > 0:
            seen.texts.append(Text("caption", text, box))
    return seen


SHOTS: dict[str, Draw] = {
    "title": _title,
    "studio": _studio,
    "cup": _photograph(photographs.COFFEE, View(300, 196, 596), View(288, 176, 480)),
    "spoon": _photograph(photographs.COFFEE, View(330, 205, 320), View(362, 232, 290)),
    "interview": _interview,
    "barista": _barista,
    "writer": _writer,
    "cat": _photograph(photographs.CAT, View(226, 150, 450), View(238, 136, 384)),
    "slide": _slide,
    "rocket": _photograph(photographs.ROCKET, View(320, 226, 630), View(320, 256, 450)),
    "street": _street,
    "link": _link,
    "stars": _photograph(photographs.STARS, View(420, 380, 620), View(520, 430, 800)),
    "recap": _recap,
    "closing": _closing,
}
"""The programme, in order."""

SILENT = {"title": 3.2, "closing": 3.2}
"""Shots without speech, and how many seconds they last."""

TICKER_SHOTS = ("rocket", "street", "link")

NAMES = {
    "studio": ((QINGHE, 32.0),),
    "interview": ((MINGCHUAN, 60.0), (MARA, 430.0)),
    "street": ((TOBIAS, 32.0),),
}
"""Who is introduced by a caption in which shot, and where it stands."""

PLACES = {
    "studio": "演播室", "link": "演播室", "recap": "演播室", "interview": "咖啡馆",
    "barista": "咖啡馆", "writer": "咖啡馆", "street": "海滨", "rocket": "发射场", "stars": "星空",
}  # fmt: skip
"""What place a shot shows."""

ROLES = {QINGHE.name: "主持人", TOBIAS.name: "记者", MINGCHUAN.name: "咖啡师"}
"""What role a person on screen plays."""

SHOT_SIZES = {
    "studio": "medium", "interview": "medium", "barista": "closeUp", "writer": "closeUp",
    "street": "medium", "link": "medium-closeUp", "recap": "medium-closeUp",
}  # fmt: skip
"""How close the people of a shot are; people behind are medium-long."""
