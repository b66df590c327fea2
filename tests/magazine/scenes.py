"""The shots: what each shows, moment by moment, and where everything on it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import skia

from . import photographs
from .captions import CORAL, CREAM, INK, TEAL, font, ink_box
from .cast import MARA, MINGCHUAN, PASSER_A, PASSER_B, QINGHE, TOBIAS, Person
from .photographs import Box, View
from .portraits import Pose, colour, draw, face_box, fill

SIZE = (640, 360)


@dataclass
class Seen:
    """What a frame shows."""

    faces: dict[str, Box] = field(default_factory=dict)
    objects: dict[str, Box] = field(default_factory=dict)
    texts: dict[str, Box] = field(default_factory=dict)


@dataclass(frozen=True)
class Moment:
    """A moment of a shot: seconds into it, its share, seconds into the clip, and who speaks."""

    seconds: float
    share: float
    clock: float
    mouths: dict[str, float]


Draw = Callable[[skia.Canvas, Moment], Seen]


def _ground(canvas: skia.Canvas, top: str, bottom: str) -> None:
    paint = fill(top)
    paint.setShader(
        skia.GradientShader.MakeLinear([(0, 0), (120, 360)], [colour(top), colour(bottom)])
    )
    canvas.drawPaint(paint)


def _glow(canvas: skia.Canvas, x: float, y: float, radius: float, code: str, alpha: float) -> None:
    paint = fill(code)
    paint.setShader(
        skia.GradientShader.MakeRadial((x, y), radius, [colour(code, alpha), colour(code, 0)])
    )
    canvas.drawCircle(x, y, radius, paint)


def _sitting(person: Person, x: float, y: float, head: float, m: Moment, phase: float) -> Pose:
    """A pose that breathes, sways, blinks and, when speaking, moves its mouth."""
    mouth = m.mouths.get(person.name, 0.0)
    beat = (m.clock * 0.31 + phase) % 1.0
    return Pose(
        x + head * 0.035 * math.sin(m.clock * 1.1 + 5 * phase),
        y + head * 0.014 * math.sin(m.clock * 2.3 + 3 * phase) - head * 0.012 * mouth,
        head,
        tilt=2.6 * math.sin(m.clock * 0.8 + 4 * phase) + 1.2 * mouth,
        mouth=mouth,
        blink=max(0.0, 1 - abs(beat - 0.5) / 0.022),
        look=math.sin(m.clock * 0.5 + phase),
    )


def _show(canvas: skia.Canvas, seen: Seen, person: Person, pose: Pose, name: str = "") -> None:
    draw(canvas, person, pose)
    x1, y1, x2, y2 = face_box(pose)
    if x2 > 0 and x1 < SIZE[0]:
        seen.faces[name or person.name] = (max(x1, 0.0), y1, min(x2, float(SIZE[0])), y2)


def _studio(canvas: skia.Canvas, m: Moment) -> None:
    _ground(canvas, "#20505a", "#122b33")
    _glow(canvas, 150, 70, 250, "#f2b866", 0.30)
    for i, (x, w, h) in enumerate(((392, 30, 96), (428, 22, 132), (456, 40, 78), (502, 26, 150),
                                   (534, 34, 104), (574, 24, 124))):  # fmt: skip
        canvas.drawRRect(
            skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x, 236 - h, w, h), 3, 3),
            fill("#2f6a72" if i % 2 else "#295d66"),
        )
        for k in range(int(h // 22)):
            canvas.drawRect(
                skia.Rect.MakeXYWH(x + 6, 236 - h + 9 + 22 * k, w - 12, 4),
                fill("#f2c988", 0.55 if (i + k) % 3 else 0.2),
            )
    canvas.drawCircle(520, 74, 24, fill("#f2b866", 0.85))
    canvas.drawRect(skia.Rect.MakeLTRB(372, 236, 620, 239), fill("#f7f1e6", 0.35))
    for x in (40, 66, 92):
        canvas.drawRect(skia.Rect.MakeXYWH(x, 40, 5, 200), fill("#f7f1e6", 0.05))


def _desk(canvas: skia.Canvas) -> None:
    paint = fill("#b9835a")
    paint.setShader(
        skia.GradientShader.MakeLinear([(0, 312), (0, 360)], [colour("#c48f66"), colour("#8b5c3c")])
    )
    canvas.drawRect(skia.Rect.MakeLTRB(0, 314, 640, 360), paint)
    canvas.drawRect(skia.Rect.MakeLTRB(0, 314, 640, 317), fill("#e3b98f"))


def studio(canvas: skia.Canvas, m: Moment) -> Seen:
    """The host at her desk."""
    seen = Seen()
    _studio(canvas, m)
    _show(canvas, seen, QINGHE, _sitting(QINGHE, 262, 140, 116, m, 0.1))
    _desk(canvas)
    return seen


def recap(canvas: skia.Canvas, m: Moment) -> Seen:
    """The host again, closer."""
    seen = Seen()
    canvas.save()
    canvas.translate(-40, -14)
    canvas.scale(1.14, 1.14)
    _studio(canvas, m)
    canvas.restore()
    _show(canvas, seen, QINGHE, _sitting(QINGHE, 300, 152, 150, m, 0.4))
    return seen


def _cafe(canvas: skia.Canvas) -> None:
    _ground(canvas, "#f3e3cb", "#d9b894")
    for x in (46, 426):
        window = skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x, 22, 168, 176), 6, 6)
        paint = fill("#cfe3e0")
        paint.setShader(
            skia.GradientShader.MakeLinear(
                [(x, 22), (x + 60, 198)], [colour("#e9f3ee"), colour("#a9cbc6")]
            )
        )
        canvas.drawRRect(window, paint)
        canvas.drawRect(skia.Rect.MakeXYWH(x + 82, 22, 4, 176), fill("#a97f5c"))
        canvas.drawRect(skia.Rect.MakeXYWH(x, 106, 168, 4), fill("#a97f5c"))
    canvas.drawRect(skia.Rect.MakeXYWH(319, 0, 2, 48), fill("#6b4c37"))
    canvas.drawCircle(320, 62, 17, fill("#f8d58f"))
    _glow(canvas, 320, 66, 120, "#fbe3ae", 0.55)
    for k, (x, high) in enumerate(((18, 86), (30, 120), (8, 104), (616, 96), (630, 128))):
        leaf = skia.Path()
        leaf.moveTo(x, 300)
        leaf.quadTo(x - 26 + 7 * k, 300 - high, x + 4, 268 - high)
        leaf.quadTo(x + 24, 300 - high, x, 300)
        canvas.drawPath(leaf, fill("#5d7f63" if k % 2 else "#6f9371"))


def _table(canvas: skia.Canvas) -> None:
    canvas.drawRect(skia.Rect.MakeLTRB(0, 306, 640, 360), fill("#8a5a3b"))
    canvas.drawRect(skia.Rect.MakeLTRB(0, 306, 640, 309), fill("#b98660"))
    for x in (286, 338):
        canvas.drawOval(skia.Rect.MakeXYWH(x - 17, 308, 34, 8), fill("#e9e0d0"))
        cup = skia.Path()
        cup.moveTo(x - 11, 292)
        cup.lineTo(x + 11, 292)
        cup.quadTo(x + 9, 312, x, 312)
        cup.quadTo(x - 9, 312, x - 11, 292)
        canvas.drawPath(cup, fill(CREAM))
        canvas.drawOval(skia.Rect.MakeXYWH(x - 11, 289, 22, 6), fill("#5b3a26"))


def interview(canvas: skia.Canvas, m: Moment) -> Seen:
    """Two people at a table."""
    seen = Seen()
    _cafe(canvas)
    _show(canvas, seen, MINGCHUAN, _sitting(MINGCHUAN, 178, 150, 104, m, 0.25))
    _show(canvas, seen, MARA, _sitting(MARA, 462, 154, 102, m, 0.7))
    _table(canvas)
    return seen


def mara(canvas: skia.Canvas, m: Moment) -> Seen:
    """One of them, close up."""
    seen = Seen()
    canvas.save()
    canvas.translate(-330, -60)
    canvas.scale(1.7, 1.7)
    _cafe(canvas)
    canvas.restore()
    canvas.drawPaint(fill("#f3e3cb", 0.35))
    _show(canvas, seen, MARA, _sitting(MARA, 372, 160, 196, m, 0.7))
    return seen


def street(canvas: skia.Canvas, m: Moment) -> Seen:
    """A reporter outdoors; people walk by behind him."""
    seen = Seen()
    _ground(canvas, "#31476b", "#e59a72")
    _glow(canvas, 110, 250, 220, "#ffd9a0", 0.75)
    canvas.drawCircle(110, 252, 26, fill("#ffe7bd"))
    canvas.drawRect(skia.Rect.MakeLTRB(0, 252, 640, 300), fill("#3f5876"))
    for k in range(7):
        canvas.drawRect(
            skia.Rect.MakeXYWH(20 + 96 * k, 262 + 5 * (k % 3), 58, 2), fill("#ffe7bd", 0.35)
        )
    canvas.drawRect(skia.Rect.MakeLTRB(0, 296, 640, 360), fill("#3b3f4a"))
    for x, h in ((556, 196), (600, 150)):
        canvas.drawRect(skia.Rect.MakeLTRB(x, 296 - h, x + 38, 296), fill("#26324a"))
        for k in range(h // 24):
            canvas.drawRect(
                skia.Rect.MakeXYWH(x + 8, 300 - h + 24 * k, 22, 7), fill("#f7cf8c", 0.5)
            )
    walk = m.seconds * 24
    _show(canvas, seen, PASSER_A, _sitting(PASSER_A, 40 + walk, 196, 46, m, 0.3), "未知人脸1")
    _show(
        canvas, seen, PASSER_B, _sitting(PASSER_B, 530 - 0.8 * walk, 204, 43, m, 0.9), "未知人脸2"
    )
    _show(canvas, seen, TOBIAS, _sitting(TOBIAS, 330, 146, 118, m, 0.55))
    canvas.drawRRect(
        skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(376, 262, 20, 38), 9, 9), fill("#1c1f26")
    )
    canvas.drawRect(skia.Rect.MakeXYWH(381, 298, 10, 62), fill("#2c313b"))
    return seen


def _photograph(photograph: photographs.Photograph, start: View, end: View) -> Draw:
    def show(canvas: skia.Canvas, m: Moment) -> Seen:
        view = start.towards(end, m.share)
        return Seen(objects=photographs.draw(canvas, photograph, view, SIZE))

    return show


def slide(canvas: skia.Canvas, m: Moment) -> Seen:
    """The coffee again behind a page of text."""
    view = View(250, 190, 470).towards(View(262, 196, 455), m.share)
    objects = photographs.draw(canvas, photographs.COFFEE, view, SIZE)
    canvas.drawPaint(fill(INK, 0.28))
    return Seen(objects={"咖啡杯": objects["咖啡杯"]})


def title(canvas: skia.Canvas, m: Moment) -> Seen:
    """The opening: a sun rises behind the name."""
    _ground(canvas, "#1b4650", "#0f262d")
    rise = 1 - (1 - min(1.0, m.seconds / 2.2)) ** 3
    _glow(canvas, 320, 250 - 90 * rise, 210, "#f2b866", 0.5 * rise)
    canvas.save()
    canvas.clipRect(skia.Rect.MakeLTRB(0, 0, 640, 206))
    canvas.drawCircle(320, 250 - 90 * rise, 62, fill("#f2b866"))
    canvas.restore()
    canvas.drawRect(skia.Rect.MakeLTRB(320 - 150 * rise, 206, 320 + 150 * rise, 208), fill(CREAM))
    shown = min(1.0, max(0.0, (m.seconds - 0.7) / 0.8))
    seen = Seen()
    for text, y, size, code in (
        ("晨间手记", 258, 42, CREAM),
        ("MORNING NOTES", 286, 15, "#f2c988"),
    ):
        face = font(size, bold=size > 20)
        left = 320 - face.measureText(text) / 2
        canvas.drawString(text, left, y, face, fill(code, shown))
        if shown == 1.0:
            seen.texts[text] = ink_box(text, left, y, face)
    return seen


def closing(canvas: skia.Canvas, m: Moment) -> Seen:
    """The end card."""
    seen = Seen()
    _ground(canvas, CREAM, "#ead9bf")
    canvas.drawRect(skia.Rect.MakeLTRB(84, 128, 89, 232), fill(CORAL))
    for text, y, size, code in (
        ("明天见", 168, 40, TEAL),
        ("See you tomorrow", 198, 19, INK),
        ("画面与声音均为合成，人物皆为虚构", 228, 13, "#6f7f83"),
    ):
        face = font(size, bold=size > 30)
        canvas.drawString(text, 108, y, face, fill(code))
        seen.texts[text] = ink_box(text, 108, y, face)
    canvas.drawCircle(500, 188, 60, fill("#f2b866"))
    canvas.drawRect(skia.Rect.MakeLTRB(420, 204, 580, 260), fill("#ecdcc4"))
    canvas.drawRect(skia.Rect.MakeLTRB(420, 204, 580, 206.5), fill(TEAL))
    return seen


SHOTS: dict[str, Draw] = {
    "title": title,
    "studio": studio,
    "cup": _photograph(photographs.COFFEE, View(300, 190, 590), View(285, 175, 470)),
    "spoon": _photograph(photographs.COFFEE, View(340, 215, 300), View(372, 240, 270)),
    "interview": interview,
    "mara": mara,
    "cat": _photograph(photographs.CAT, View(228, 150, 440), View(240, 128, 372)),
    "slide": slide,
    "rocket": _photograph(photographs.ROCKET, View(320, 220, 600), View(318, 250, 400)),
    "street": street,
    "stars": _photograph(photographs.STARS, View(420, 380, 640), View(520, 430, 820)),
    "recap": recap,
    "closing": closing,
}
"""The programme, in order."""

TICKER_SHOTS = ("rocket", "street", "stars")
NAMES = {"studio": QINGHE, "interview": MINGCHUAN, "mara": MARA, "street": TOBIAS}
"""Who is introduced by a caption in which shot."""

SCENE = {
    "studio": "演播室", "recap": "演播室", "interview": "咖啡馆", "mara": "咖啡馆", "street": "海滨",
    "rocket": "发射场", "stars": "星空",
}  # fmt: skip

SHOT_SIZE = {
    "studio": "medium-closeUp", "recap": "closeUp", "interview": "medium", "mara": "closeUp",
    "street": "medium-closeUp",
}  # fmt: skip
