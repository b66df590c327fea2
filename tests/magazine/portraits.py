"""Portraits, drawn in a unit in which a head is about one high."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import skia

from .cast import Person
from .geometry import Box, visible
from .palette import fill, linear, mix, radial, shade, stroke

Pair = tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """Where a head is on the picture, in its pixels, and what it does."""

    x: float
    y: float
    head: float
    tilt: float = 0.0
    mouth: float = 0.0
    round: float = 0.0
    blink: float = 0.0
    look: float = 0.0
    breath: float = 0.0


def draw(canvas: skia.Canvas, person: Person, pose: Pose) -> Box | None:
    """Draw a person from the chest up; tell where the face is, in pixels of the frame.

    The face is the outline from hairline to chin and cheek to cheek; its box is the tight one
    around what of that outline is inside the frame.
    """
    canvas.save()
    canvas.translate(pose.x, pose.y)
    canvas.scale(pose.head, pose.head)
    _turn(canvas, pose)
    _hair_behind(canvas, person)
    canvas.restore()
    _neck(canvas, person, pose)
    _GARMENTS[person.garment](canvas, person, pose)
    _turn(canvas, pose)
    _head(canvas, person)
    _features(canvas, person, pose)
    _hair_before(canvas, person)
    if person.glasses:
        _glasses(canvas)
    box = visible(canvas, _outline(person))
    canvas.restore()
    canvas.restore()
    return box


def _turn(canvas: skia.Canvas, pose: Pose) -> None:
    """Tilt what follows around the neck, until the canvas is restored."""
    canvas.save()
    canvas.rotate(pose.tilt, 0, 0.45)


def _curve(start: Pair, *pieces: Sequence[float], close: bool = True) -> skia.Path:
    """Make a path from numbers: two a line, four a quadratic, six a cubic."""
    path = skia.Path()
    path.moveTo(*start)
    for piece in pieces:
        {2: path.lineTo, 4: path.quadTo, 6: path.cubicTo}[len(piece)](*piece)
    if close:
        path.close()
    return path


def _both_sides(canvas: skia.Canvas, path: skia.Path, paint: skia.Paint) -> None:
    for side in (1, -1):
        canvas.save()
        canvas.scale(side, 1)
        canvas.drawPath(path, paint)
        canvas.restore()


def _outline(person: Person) -> skia.Path:
    jaw = person.jaw
    return _curve(
        (0, -0.42),
        (0.25, -0.42, 0.365, -0.26, 0.365, -0.03),
        (0.365, 0.17, jaw + 0.13, 0.32, jaw, 0.42),
        (jaw * 0.6, 0.5, -jaw * 0.6, 0.5, -jaw, 0.42),
        (-jaw - 0.13, 0.32, -0.365, 0.17, -0.365, -0.03),
        (-0.365, -0.26, -0.25, -0.42, 0, -0.42),
    )


def _neck(canvas: skia.Canvas, person: Person, pose: Pose) -> None:
    wide = 0.145 + 0.25 * (person.jaw - 0.17)
    neck = _curve(
        (-wide, 0.2), (-wide, 0.52, -wide - 0.05, 0.62, -0.34, 0.72), (0, 1.1, 0.34, 0.72),
        (wide + 0.05, 0.62, wide, 0.52, wide, 0.2),
    )  # fmt: skip
    skin = shade(person.skin, -0.10)
    canvas.drawPath(neck, linear((-0.2, 0.4), (0.25, 0.7), [skin, shade(person.skin, -0.22)]))
    canvas.save()
    canvas.clipPath(neck, True)
    canvas.translate(0.06 * math.sin(math.radians(pose.tilt)), 0.1)
    canvas.drawPath(_outline(person), fill(shade(person.skin, -0.5), 0.38, blur=0.05))
    canvas.restore()


def _torso(canvas: skia.Canvas, code: str, pose: Pose) -> None:
    """The shoulders and below, which breathe."""
    lift = 0.012 * pose.breath
    torso = _curve(
        (-0.25, 0.63 - lift), (-0.5, 0.73 - lift, -0.84, 0.76 - lift, -0.95, 1.1),
        (-1.03, 1.45, -1.06, 2.0, -1.1, 3.2), (1.1, 3.2), (1.06, 2.0, 1.03, 1.45, 0.95, 1.1),
        (0.84, 0.76 - lift, 0.5, 0.73 - lift, 0.25, 0.63 - lift), (0, 0.98, -0.25, 0.63 - lift),
    )  # fmt: skip
    ends = [shade(code, 0.12), code, shade(code, -0.3)]
    canvas.drawPath(torso, linear((-0.85, 0.6), (0.95, 2.1), ends))
    arm = _curve((0.66, 1.32), (0.72, 1.7, 0.7, 2.2, 0.74, 3.2), close=False)
    _both_sides(canvas, arm, stroke(shade(code, -0.35), 0.022, 0.55))


def _blazer(canvas: skia.Canvas, person: Person, pose: Pose) -> None:
    _torso(canvas, person.cloth, pose)
    blouse = _curve((-0.25, 0.65), (0, 0.99, 0.25, 0.65), (0.17, 1.2), (0, 1.75), (-0.17, 1.2))
    canvas.drawPath(blouse, linear((0, 0.7), (0, 1.7), [person.accent, shade(person.accent, -0.2)]))
    canvas.drawPath(
        _curve((-0.25, 0.65), (0, 0.99, 0.25, 0.65), close=False),
        stroke(shade(person.accent, -0.3), 0.016, 0.6),
    )
    lapel = _curve(
        (0.24, 0.62), (0.36, 0.68), (0.47, 0.98), (0.36, 1.03), (0.41, 1.12), (0.03, 1.86),
        (0, 1.78), (0.15, 1.1, 0.24, 0.62),
    )  # fmt: skip
    canvas.save()
    canvas.translate(0.014, 0.03)
    _both_sides(canvas, lapel, fill(shade(person.cloth, -0.5), 0.35, blur=0.03))
    canvas.restore()
    _both_sides(canvas, lapel, fill(shade(person.cloth, 0.08)))
    _both_sides(canvas, lapel, stroke(shade(person.cloth, -0.3), 0.010, 0.5))
    canvas.drawLine(0.01, 1.83, 0.02, 3.2, stroke(shade(person.cloth, -0.4), 0.016, 0.7))
    canvas.drawCircle(0.055, 2.02, 0.03, fill(shade(person.cloth, -0.4)))


def _apron(canvas: skia.Canvas, person: Person, pose: Pose) -> None:
    _torso(canvas, person.cloth, pose)
    canvas.drawLine(0, 0.86, 0, 1.2, stroke(shade(person.cloth, -0.3), 0.012, 0.7))
    collar = _curve((0.2, 0.6), (0.31, 0.67), (0.23, 0.93), (0.015, 0.86), (0.15, 0.78, 0.2, 0.6))
    _both_sides(canvas, collar, fill(shade(person.cloth, 0.35)))
    _both_sides(canvas, collar, stroke(shade(person.cloth, -0.3), 0.011, 0.6))
    bib = _curve(
        (-0.4, 1.2), (0, 1.26, 0.4, 1.2), (0.46, 1.7, 0.66, 1.9), (0.7, 3.2), (-0.7, 3.2),
        (-0.66, 1.9), (-0.46, 1.7, -0.4, 1.2),
    )  # fmt: skip
    for side in (1, -1):
        strap = _curve((0.365 * side, 1.22), (0.33 * side, 0.9, 0.29 * side, 0.67), close=False)
        canvas.drawPath(strap, stroke(person.accent, 0.075))
    canvas.drawPath(
        bib, linear((-0.5, 1.2), (0.6, 2.2), [person.accent, shade(person.accent, -0.3)])
    )
    canvas.drawCircle(-0.33, 1.27, 0.026, fill("#d9b36a"))
    canvas.drawCircle(0.33, 1.27, 0.026, fill("#d9b36a"))


def _knit(canvas: skia.Canvas, person: Person, pose: Pose) -> None:
    _torso(canvas, person.cloth, pose)
    collar = _curve(
        (-0.2, 0.5), (0, 0.62, 0.2, 0.5), (0.22, 0.62, 0.27, 0.7), (0, 0.92, -0.27, 0.7),
        (-0.22, 0.62, -0.2, 0.5),
    )  # fmt: skip
    canvas.drawPath(collar, linear((-0.2, 0.5), (0.25, 0.8), [person.accent, person.cloth]))
    canvas.drawPath(collar, stroke(shade(person.cloth, -0.35), 0.01, 0.6))
    for k in range(-5, 6):
        rib = _curve((0.038 * k, 0.56), (0.042 * k, 0.68, 0.05 * k, 0.79), close=False)
        canvas.drawPath(rib, stroke(shade(person.cloth, -0.3), 0.008, 0.45))


def _parka(canvas: skia.Canvas, person: Person, pose: Pose) -> None:
    _torso(canvas, person.cloth, pose)
    canvas.drawLine(0.02, 0.9, 0.03, 3.2, stroke(shade(person.cloth, -0.45), 0.022, 0.8))
    pocket = _curve((0.2, 1.62), (0.56, 1.6), (0.58, 1.72), (0.22, 1.76))
    _both_sides(canvas, pocket, fill(shade(person.cloth, -0.18)))
    wings = _curve((0.2, 0.56), (0.42, 0.62, 0.46, 0.82), (0.26, 1.06, 0.03, 1.02), (0.18, 0.8))
    _both_sides(canvas, wings, fill(shade(person.cloth, 0.1)))
    _both_sides(canvas, wings, stroke(shade(person.cloth, -0.35), 0.012, 0.6))
    scarf = _curve(
        (-0.24, 0.52), (0, 0.7, 0.24, 0.52), (0.33, 0.66, 0.28, 0.78), (0, 0.99, -0.28, 0.78),
        (-0.33, 0.66, -0.24, 0.52),
    )  # fmt: skip
    ends = [shade(person.accent, 0.1), shade(person.accent, -0.25)]
    canvas.drawPath(scarf, linear((-0.25, 0.5), (0.3, 0.95), ends))
    fold = _curve((-0.25, 0.64), (0, 0.84, 0.26, 0.66), close=False)
    canvas.drawPath(fold, stroke(shade(person.accent, -0.35), 0.014, 0.6))


_GARMENTS = {"blazer": _blazer, "apron": _apron, "knit": _knit, "parka": _parka}


def _head(canvas: skia.Canvas, person: Person) -> None:
    skin = person.skin
    for side in (-1, 1):
        ear = skia.Rect.MakeXYWH(0.365 * side - 0.06, -0.07, 0.12, 0.2)
        canvas.drawOval(ear, fill(shade(skin, -0.1)))
        inner = skia.Rect.MakeXYWH(0.375 * side - 0.03, -0.03, 0.06, 0.11)
        canvas.drawOval(inner, fill(shade(skin, -0.26), 0.6))
        if person.earrings:
            canvas.drawCircle(0.385 * side, 0.15, 0.026, fill("#e8c069"))
    outline = _outline(person)
    # The key light comes from the upper left.
    light = [(shade(skin, 0.14), 1.0), (skin, 1.0), (shade(skin, -0.17), 1.0)]
    canvas.drawPath(outline, radial((-0.12, -0.12), 0.72, light))
    canvas.save()
    canvas.clipPath(outline, True)
    for side in (-1, 1):
        blush = [(mix(skin, person.lips, 0.6), 0.42), (skin, 0.0)]
        canvas.drawCircle(0.215 * side, 0.155, 0.14, radial((0.215 * side, 0.155), 0.14, blush))
    if person.freckles:
        for k in range(16):
            x = (-1) ** k * (0.06 + 0.026 * (k // 2)) + 0.01 * math.sin(7 * k)
            canvas.drawCircle(x, 0.115 + 0.028 * math.sin(5 * k), 0.0085, fill("#a8663e", 0.5))
    if person.beard:
        beard = _curve(
            (-0.4, 0.02), (-0.33, 0.04), (-0.3, 0.2, -0.24, 0.19), (-0.1, 0.165, 0, 0.185),
            (0.1, 0.165, 0.24, 0.19), (0.3, 0.2, 0.33, 0.04), (0.4, 0.02), (0.4, 0.6), (-0.4, 0.6),
        )  # fmt: skip
        canvas.drawPath(beard, fill(person.hair, 0.88, blur=0.012))
    canvas.restore()


def _features(canvas: skia.Canvas, person: Person, pose: Pose) -> None:
    for side in (-1, 1):
        _eye(canvas, person, pose, side)
    skin = person.skin
    canvas.drawPath(
        _curve((0.035, -0.03), (0.075, 0.1, 0.062, 0.135), (0.03, 0.175, -0.03, 0.15), close=False),
        stroke(shade(skin, -0.4), 0.015, 0.55),
    )
    canvas.drawOval(skia.Rect.MakeXYWH(-0.035, 0.06, 0.05, 0.06), fill("#ffffff", 0.16, blur=0.02))
    _mouth(canvas, person, pose)


def _eye(canvas: skia.Canvas, person: Person, pose: Pose, side: int) -> None:
    canvas.save()
    canvas.translate(0.155 * side, -0.015)
    canvas.scale(side, 1)
    opened = 1 - pose.blink
    top, low = -0.062 * opened + 0.03 * pose.blink, 0.042
    if opened > 0.12:
        eye = _curve((-0.078, 0.01), (-0.02, 2 * top - 0.008, 0.078, 0.0), (0.02, 1.7 * low, -0.078, 0.01))  # fmt: skip
        canvas.drawPath(eye, fill("#fdf9f4"))
        canvas.save()
        canvas.clipPath(eye, True)
        x = side * 0.02 * pose.look
        iris = [
            (shade(person.iris, 0.25), 1.0),
            (person.iris, 1.0),
            (shade(person.iris, -0.5), 1.0),
        ]
        canvas.drawCircle(x, -0.006, 0.045, radial((x, 0.01), 0.048, iris))
        canvas.drawCircle(x, -0.006, 0.021, fill("#15110f"))
        canvas.drawCircle(x + side * -0.014, -0.021, 0.0115, fill("#ffffff", 0.95))
        canvas.drawRect(skia.Rect.MakeLTRB(-0.1, -0.09, 0.1, -0.03), fill("#3a2a28", 0.16))
        canvas.restore()
    lid = _curve((-0.08, 0.012), (-0.02, 2 * top - 0.008, 0.086, -0.006), close=False)
    canvas.drawPath(lid, stroke(shade(person.hair, -0.3), 0.019))
    crease = _curve((-0.05, top - 0.035), (0.0, top - 0.06, 0.07, top - 0.022), close=False)
    canvas.drawPath(crease, stroke(shade(person.skin, -0.4), 0.009, 0.4))
    raised = 0.014 * pose.mouth
    thick = 0.017 * person.brow
    brow = _curve(
        (-0.09, -0.108 - raised), (-0.088, -0.13 - raised), (0.0, -0.164 - raised, 0.108, -0.108 - raised),
        (0.0, -0.164 + 1.9 * thick - raised, -0.09, -0.108 - raised),
    )  # fmt: skip
    canvas.drawPath(brow, fill(shade(person.hair, -0.1), 0.92))
    canvas.restore()


def _mouth(canvas: skia.Canvas, person: Person, pose: Pose) -> None:
    opened = pose.mouth
    wide = 0.125 - 0.045 * pose.round - 0.012 * opened
    drop = 0.085 * opened
    y = 0.285
    if opened > 0.06:
        inside = _curve(
            (-wide + 0.012, y), (0, y - 0.03, wide - 0.012, y), (0, y + 0.012 + 1.9 * drop, -wide + 0.012, y)
        )  # fmt: skip
        canvas.drawPath(inside, fill("#5c1f26"))
        canvas.save()
        canvas.clipPath(inside, True)
        teeth = skia.Rect.MakeLTRB(-wide, y - 0.05, wide, y + 0.006 + 0.12 * drop)
        canvas.drawRect(teeth, fill("#fbf6ef"))
        canvas.drawOval(
            skia.Rect.MakeXYWH(-0.06, y + 0.62 * drop, 0.12, 0.09), fill("#b9555c", 0.85)
        )
        canvas.restore()
    upper = _curve(
        (-wide - 0.008, y - 0.004), (-0.05, y - 0.036, -0.016, y - 0.031), (0, y - 0.022, 0.016, y - 0.031),
        (0.05, y - 0.036, wide + 0.008, y - 0.004), (0, y + 0.004 - 0.012 * opened, -wide - 0.008, y - 0.004),
    )  # fmt: skip
    lower = _curve(
        (-wide - 0.004, y - 0.002), (0, y + 0.014 + 1.9 * drop, wide + 0.004, y - 0.002),
        (0.03, y + 0.062 + 1.25 * drop, 0, y + 0.056 + 1.12 * drop),
        (-0.03, y + 0.062 + 1.25 * drop, -wide - 0.004, y - 0.002),
    )  # fmt: skip
    canvas.drawPath(lower, fill(shade(person.lips, 0.06)))
    canvas.drawPath(upper, fill(shade(person.lips, -0.08)))
    parting = _curve(
        (-wide - 0.012, y - 0.008), (0, y + 0.018, wide + 0.012, y - 0.008), close=False
    )
    if opened <= 0.06:
        canvas.drawPath(parting, stroke(shade(person.lips, -0.45), 0.011, 0.8))
    shine = _curve((-0.04, y + 0.04 + 1.1 * drop), (0, y + 0.048 + 1.1 * drop, 0.04, y + 0.04 + 1.1 * drop), close=False)  # fmt: skip
    canvas.drawPath(shine, stroke("#ffffff", 0.010, 0.22))


def _hair_paint(person: Person, darker: float = 0.0) -> skia.Paint:
    light = shade(person.hair, 0.20 - darker / 2)
    return linear((-0.35, -0.6), (0.4, 0.5), [light, shade(person.hair, -darker), shade(person.hair, -0.25 - darker)])  # fmt: skip


def _strands(canvas: skia.Canvas, person: Person, *paths: skia.Path) -> None:
    for path in paths:
        canvas.drawPath(path, stroke(shade(person.hair, 0.38), 0.014, 0.30))


def _hair_behind(canvas: skia.Canvas, person: Person) -> None:
    paint = _hair_paint(person, 0.22)
    if person.style == "bob":
        path = _curve(
            (0, -0.6), (0.34, -0.6, 0.5, -0.38, 0.5, -0.04), (0.5, 0.2, 0.49, 0.34, 0.40, 0.50),
            (0.2, 0.58, -0.2, 0.58, -0.40, 0.50), (-0.49, 0.34, -0.5, 0.2, -0.5, -0.04),
            (-0.5, -0.38, -0.34, -0.6, 0, -0.6),
        )  # fmt: skip
    elif person.style == "waves":
        path = _curve(
            (0, -0.6), (0.36, -0.6, 0.52, -0.36, 0.5, 0.0), (0.47, 0.24, 0.68, 0.36, 0.57, 0.62),
            (0.5, 0.8, 0.62, 0.9, 0.5, 1.06), (0.3, 1.1, 0.2, 0.9, 0.14, 0.7), (-0.14, 0.7),
            (-0.2, 0.9, -0.3, 1.1, -0.5, 1.06), (-0.62, 0.9, -0.5, 0.8, -0.57, 0.62),
            (-0.68, 0.36, -0.47, 0.24, -0.5, 0.0), (-0.52, -0.36, -0.36, -0.6, 0, -0.6),
        )  # fmt: skip
    elif person.style == "curls":
        path = skia.Path()
        for k in range(17):
            angle = math.pi * (0.93 + k / 16 * 1.14)
            path.addCircle(0.39 * math.cos(angle), -0.15 + 0.42 * math.sin(angle), 0.13)
    elif person.style == "bun":
        path = skia.Path()
        path.addCircle(0.05, -0.62, 0.19)
        path.addOval(skia.Rect.MakeLTRB(-0.43, -0.57, 0.43, 0.2))
    else:
        path = skia.Path()
        path.addOval(skia.Rect.MakeLTRB(-0.40, -0.54, 0.40, 0.16))
    canvas.drawPath(path, paint)


def _hair_before(canvas: skia.Canvas, person: Person) -> None:
    path = _fringe(person.style)
    canvas.save()
    canvas.clipPath(_outline(person), True)
    canvas.translate(0.012, 0.045)
    canvas.drawPath(path, fill(shade(person.skin, -0.55), 0.32, blur=0.03))
    canvas.restore()
    if person.style == "cap":
        canvas.drawPath(path, linear((-0.3, -0.6), (0.4, 0.0), [shade(person.accent, 0.1), shade(person.accent, -0.25)]))  # fmt: skip
        band = skia.Rect.MakeLTRB(-0.415, -0.33, 0.415, -0.2)
        canvas.drawRoundRect(band, 0.06, 0.06, fill(shade(person.accent, -0.18)))
        return
    canvas.drawPath(path, _hair_paint(person))
    if person.style == "bob":
        _strands(
            canvas, person,
            _curve((0.1, -0.53), (-0.16, -0.46, -0.36, -0.30, -0.41, 0.0), close=False),
            _curve((0.08, -0.55), (-0.24, -0.55, -0.42, -0.34, -0.455, 0.04), close=False),
            _curve((0.16, -0.53), (0.34, -0.46, 0.43, -0.28, 0.45, 0.02), close=False),
        )  # fmt: skip
    elif person.style == "waves":
        _strands(
            canvas, person,
            _curve((0.0, -0.56), (-0.3, -0.5, -0.44, -0.28, -0.44, 0.06), close=False),
            _curve((-0.47, 0.22), (-0.56, 0.42, -0.46, 0.56, -0.5, 0.84), close=False),
            _curve((0.06, -0.55), (0.32, -0.5, 0.45, -0.26, 0.44, 0.08), close=False),
            _curve((0.48, 0.24), (0.58, 0.44, 0.46, 0.6, 0.5, 0.86), close=False),
        )  # fmt: skip
    elif person.style == "crop":
        _strands(
            canvas, person,
            _curve((-0.3, -0.36), (-0.18, -0.54, 0.02, -0.56), close=False),
            _curve((-0.12, -0.36), (-0.02, -0.5, 0.18, -0.52), close=False),
        )  # fmt: skip


def _fringe(style: str) -> skia.Path:
    """The hair, or the cap, before the forehead."""
    if style == "bob":
        return _curve(
            (0.12, -0.59), (-0.22, -0.66, -0.5, -0.44, -0.5, 0.0), (-0.5, 0.2, -0.48, 0.36, -0.40, 0.48),
            (-0.34, 0.40, -0.325, 0.2, -0.35, 0.02), (-0.35, -0.12, -0.22, -0.30, 0.14, -0.40),
            (0.26, -0.32, 0.35, -0.16, 0.35, 0.02), (0.325, 0.2, 0.34, 0.40, 0.40, 0.48),
            (0.48, 0.36, 0.5, 0.2, 0.5, 0.0), (0.5, -0.36, 0.36, -0.58, 0.12, -0.59),
        )  # fmt: skip
    if style == "waves":
        return _curve(
            (0.03, -0.6), (-0.32, -0.62, -0.52, -0.36, -0.5, 0.0), (-0.48, 0.24, -0.68, 0.38, -0.57, 0.62),
            (-0.5, 0.8, -0.62, 0.92, -0.48, 1.08), (-0.36, 0.98, -0.46, 0.78, -0.38, 0.62),
            (-0.33, 0.48, -0.40, 0.32, -0.34, 0.12), (-0.36, -0.16, -0.2, -0.34, 0.03, -0.46),
            (0.22, -0.36, 0.37, -0.16, 0.34, 0.12), (0.40, 0.32, 0.33, 0.48, 0.38, 0.62),
            (0.46, 0.78, 0.36, 0.98, 0.48, 1.08), (0.62, 0.92, 0.5, 0.8, 0.57, 0.62),
            (0.68, 0.38, 0.48, 0.24, 0.5, 0.0), (0.52, -0.36, 0.34, -0.62, 0.03, -0.6),
        )  # fmt: skip
    if style == "curls":
        path = skia.Path()
        for k in range(10):
            angle = math.pi * (1.04 + k / 9 * 0.92)
            path.addCircle(
                0.34 * math.cos(angle), -0.13 + 0.33 * math.sin(angle), 0.085 + 0.014 * (k % 2)
            )
        return path
    if style == "bun":
        return _curve(
            (0, -0.58), (-0.34, -0.58, -0.46, -0.3, -0.41, 0.02), (-0.36, -0.16, -0.26, -0.33, 0.02, -0.42),
            (0.26, -0.33, 0.36, -0.16, 0.41, 0.02), (0.46, -0.3, 0.34, -0.58, 0, -0.58),
        )  # fmt: skip
    if style == "cap":
        return _curve((-0.41, -0.22), (-0.44, -0.7, 0.44, -0.7, 0.41, -0.22))
    return _curve(
        (-0.39, 0.0), (-0.46, -0.3, -0.40, -0.5, -0.2, -0.56), (-0.06, -0.66, 0.18, -0.66, 0.28, -0.54),
        (0.42, -0.50, 0.45, -0.24, 0.39, 0.0), (0.37, -0.1, 0.36, -0.2, 0.31, -0.29),
        (0.2, -0.33, 0.14, -0.30, 0.06, -0.34), (-0.02, -0.29, -0.14, -0.34, -0.22, -0.30),
        (-0.34, -0.26, -0.36, -0.12, -0.39, 0.0),
    )  # fmt: skip


def _glasses(canvas: skia.Canvas) -> None:
    rim = stroke("#2e2724", 0.021)
    for side in (-1, 1):
        lens = skia.Rect.MakeXYWH(0.16 * side - 0.118, -0.115, 0.236, 0.21)
        canvas.drawRoundRect(lens, 0.1, 0.1, fill("#ffffff", 0.10))
        canvas.drawRoundRect(lens, 0.1, 0.1, rim)
        canvas.drawLine(0.278 * side, -0.035, 0.365 * side, -0.05, rim)
        glint = _curve((0.16 * side - 0.07, 0.03), (0.16 * side - 0.02, -0.07), close=False)
        canvas.drawPath(glint, stroke("#ffffff", 0.016, 0.28))
    bridge = _curve((-0.042, -0.03), (0, -0.058, 0.042, -0.03), close=False)
    canvas.drawPath(bridge, rim)
