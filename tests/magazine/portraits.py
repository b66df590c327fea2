"""Portraits, drawn in a unit in which a head is about one high."""

from __future__ import annotations

import math
from dataclasses import dataclass

import skia

from .cast import Person

FACE = (-0.40, -0.47, 0.40, 0.49)
"""The face, from hairline to chin and ear to ear, in head units around the head's centre."""


@dataclass(frozen=True)
class Pose:
    """Where a head is on the frame, in pixels, and what it does."""

    x: float
    y: float
    head: float
    tilt: float = 0.0
    mouth: float = 0.0
    blink: float = 0.0
    look: float = 0.0


def face_box(pose: Pose) -> tuple[float, float, float, float]:
    """The face's box on the frame, tight around the tilted face."""
    x1, y1, x2, y2 = FACE
    angle = math.radians(pose.tilt)
    half_width, half_height = (x2 - x1) / 2, (y2 - y1) / 2
    # The face is an oval: its extent after a turn is that of an ellipse.
    wide = math.hypot(half_width * math.cos(angle), half_height * math.sin(angle))
    high = math.hypot(half_width * math.sin(angle), half_height * math.cos(angle))
    middle = (y1 + y2) / 2
    cx = pose.x - middle * math.sin(angle) * pose.head
    cy = pose.y + middle * math.cos(angle) * pose.head
    return (
        cx - wide * pose.head,
        cy - high * pose.head,
        cx + wide * pose.head,
        cy + high * pose.head,
    )


def colour(code: str, alpha: float = 1.0) -> int:
    """A colour from its hex code."""
    red, green, blue = (int(code[i : i + 2], 16) for i in (1, 3, 5))
    return skia.Color(red, green, blue, round(255 * alpha))


def shade(code: str, by: float) -> str:
    """A colour made lighter (above 0) or darker (below)."""
    goal = 255 if by > 0 else 0
    parts = [int(code[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (goal - part) * abs(by)):02x}" for part in parts)


def fill(code: str, alpha: float = 1.0) -> skia.Paint:
    """A paint that fills."""
    return skia.Paint(Color=colour(code, alpha), AntiAlias=True)


def stroke(code: str, width: float, alpha: float = 1.0) -> skia.Paint:
    """A paint that draws lines with round ends."""
    return skia.Paint(
        Color=colour(code, alpha),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
    )


def draw(canvas: skia.Canvas, person: Person, pose: Pose) -> None:
    """Draw a person from the chest up."""
    canvas.save()
    canvas.translate(pose.x, pose.y)
    canvas.scale(pose.head, pose.head)
    _body(canvas, person)
    canvas.rotate(pose.tilt)
    _hair_behind(canvas, person)
    _head(canvas, person)
    _features(canvas, person, pose)
    _hair_before(canvas, person)
    if person.glasses:
        _glasses(canvas, pose)
    canvas.restore()


def _body(canvas: skia.Canvas, person: Person) -> None:
    neck = skia.Path()
    neck.moveTo(-0.17, 0.25)
    neck.lineTo(-0.19, 0.68)
    neck.quadTo(0, 0.86, 0.19, 0.68)
    neck.lineTo(0.17, 0.25)
    canvas.drawPath(neck, fill(shade(person.skin, -0.14)))
    torso = skia.Path()
    torso.moveTo(-0.22, 0.62)
    torso.cubicTo(-0.55, 0.70, -0.86, 0.78, -0.95, 1.16)
    torso.lineTo(-1.06, 2.6)
    torso.lineTo(1.06, 2.6)
    torso.lineTo(0.95, 1.16)
    torso.cubicTo(0.86, 0.78, 0.55, 0.70, 0.22, 0.62)
    torso.quadTo(0, 0.94, -0.22, 0.62)
    paint = fill(person.cloth)
    paint.setShader(
        skia.GradientShader.MakeLinear(
            [(-0.8, 0.6), (0.9, 2.0)],
            [colour(shade(person.cloth, 0.10)), colour(shade(person.cloth, -0.22))],
        )
    )
    canvas.drawPath(torso, paint)
    for side in (-1, 1):
        lapel = skia.Path()
        lapel.moveTo(0.21 * side, 0.61)
        lapel.lineTo(0.36 * side, 0.70)
        lapel.lineTo(0.24 * side, 1.02)
        lapel.lineTo(0, 0.98)
        lapel.quadTo(0.14 * side, 0.82, 0.21 * side, 0.61)
        canvas.drawPath(lapel, fill(person.lapel))
        canvas.drawLine(
            0.62 * side, 1.25, 0.66 * side, 2.4, stroke(shade(person.cloth, -0.25), 0.02, 0.6)
        )


def _head(canvas: skia.Canvas, person: Person) -> None:
    for side in (-1, 1):
        canvas.drawOval(
            skia.Rect.MakeXYWH(0.36 * side - 0.055, -0.07, 0.11, 0.2),
            fill(shade(person.skin, -0.10)),
        )
    oval = skia.Path()
    oval.moveTo(0, -0.47)
    oval.cubicTo(0.28, -0.47, 0.375, -0.26, 0.365, 0.0)
    oval.cubicTo(0.36, 0.26, 0.21, 0.49, 0, 0.49)
    oval.cubicTo(-0.21, 0.49, -0.36, 0.26, -0.365, 0.0)
    oval.cubicTo(-0.375, -0.26, -0.28, -0.47, 0, -0.47)
    paint = fill(person.skin)
    paint.setShader(
        skia.GradientShader.MakeRadial(
            (-0.12, -0.12),
            0.72,
            [colour(shade(person.skin, 0.14)), colour(shade(person.skin, -0.12))],
        )
    )
    canvas.drawPath(oval, paint)
    if person.beard:
        beard = skia.Path()
        beard.moveTo(-0.355, 0.06)
        beard.cubicTo(-0.34, 0.30, -0.2, 0.50, 0, 0.50)
        beard.cubicTo(0.2, 0.50, 0.34, 0.30, 0.355, 0.06)
        beard.cubicTo(0.28, 0.24, 0.16, 0.17, 0, 0.18)
        beard.cubicTo(-0.16, 0.17, -0.28, 0.24, -0.355, 0.06)
        canvas.drawPath(beard, fill(person.hair, 0.88))
    for side in (-1, 1):
        canvas.drawCircle(0.21 * side, 0.14, 0.085, fill("#e0735c", 0.13))


def _features(canvas: skia.Canvas, person: Person, pose: Pose) -> None:
    for side in (-1, 1):
        x, y = 0.155 * side, -0.035
        high = 0.052 * (1 - pose.blink)
        if high > 0.012:
            eye = skia.Rect.MakeLTRB(x - 0.068, y - high, x + 0.068, y + high)
            canvas.drawOval(eye, fill("#fdfaf6"))
            canvas.save()
            canvas.clipRRect(skia.RRect.MakeOval(eye), True)
            canvas.drawCircle(x + 0.018 * pose.look, y + 0.004, 0.043, fill("#3b2a22"))
            canvas.drawCircle(x + 0.018 * pose.look + 0.013, y - 0.013, 0.012, fill("#ffffff"))
            canvas.restore()
        lid = skia.Path()
        lid.moveTo(x - 0.072, y + 0.006)
        lid.quadTo(x, y - 2 * high + 0.01, x + 0.072, y + 0.006)
        canvas.drawPath(lid, stroke(shade(person.hair, -0.2), 0.017))
        brow = skia.Path()
        brow.moveTo(x - 0.085, y - 0.105)
        brow.quadTo(x, y - 0.15 - 0.012 * pose.mouth, x + 0.085, y - 0.105)
        canvas.drawPath(brow, stroke(person.brow, 0.026, 0.9))
    nose = skia.Path()
    nose.moveTo(0.015, 0.0)
    nose.quadTo(0.06, 0.12, 0.045, 0.145)
    nose.quadTo(0.01, 0.17, -0.035, 0.15)
    canvas.drawPath(nose, stroke(shade(person.skin, -0.32), 0.017, 0.75))
    wide, opened = 0.105 - 0.02 * pose.mouth, 0.012 + 0.085 * pose.mouth
    mouth = skia.Path()
    mouth.moveTo(-wide, 0.272)
    mouth.quadTo(0, 0.272 - 0.3 * opened, wide, 0.272)
    mouth.quadTo(0, 0.285 + 2 * opened, -wide, 0.272)
    canvas.drawPath(mouth, fill("#7c2f35"))
    if pose.mouth > 0.35:
        canvas.save()
        canvas.clipPath(mouth, True)
        canvas.drawRect(skia.Rect.MakeLTRB(-wide, 0.24, wide, 0.284), fill("#fbf7f2"))
        canvas.restore()
    smile = skia.Path()
    smile.moveTo(-wide - 0.012, 0.266)
    smile.quadTo(0, 0.285 + 0.3 * opened, wide + 0.012, 0.266)
    canvas.drawPath(smile, stroke("#9c4a48", 0.018, 0.8 if pose.mouth < 0.2 else 0.0))


def _hair_behind(canvas: skia.Canvas, person: Person) -> None:
    path = skia.Path()
    if person.style == "bob":
        path.addRRect(skia.RRect.MakeRectXY(skia.Rect.MakeLTRB(-0.47, -0.6, 0.47, 0.42), 0.4, 0.4))
    elif person.style == "long":
        path.moveTo(0, -0.62)
        path.cubicTo(0.62, -0.62, 0.46, 0.2, 0.58, 0.92)
        path.cubicTo(0.3, 1.06, -0.3, 1.06, -0.58, 0.92)
        path.cubicTo(-0.46, 0.2, -0.62, -0.62, 0, -0.62)
    elif person.style == "curly":
        for k in range(15):
            angle = math.pi * (1.03 - k / 14 * 1.06) + math.pi
            path.addCircle(0.38 * math.cos(angle), -0.13 + 0.42 * math.sin(angle), 0.16)
    canvas.drawPath(path, fill(shade(person.hair, -0.12)))


def _hair_before(canvas: skia.Canvas, person: Person) -> None:
    path = skia.Path()
    if person.style == "bob":
        path.moveTo(-0.41, 0.08)
        path.cubicTo(-0.50, -0.60, 0.50, -0.66, 0.42, 0.08)
        path.cubicTo(0.36, -0.14, 0.31, -0.24, 0.22, -0.30)
        path.cubicTo(0.0, -0.20, -0.2, -0.21, -0.29, -0.23)
        path.cubicTo(-0.34, -0.14, -0.38, -0.06, -0.41, 0.08)
    elif person.style == "long":
        path.moveTo(-0.40, 0.20)
        path.cubicTo(-0.54, -0.56, 0.54, -0.68, 0.42, 0.22)
        path.cubicTo(0.36, -0.06, 0.24, -0.24, 0.04, -0.37)
        path.cubicTo(-0.1, -0.22, -0.34, -0.20, -0.40, 0.20)
    elif person.style == "curly":
        for k in range(9):
            angle = math.pi * (1.06 + k / 8 * 0.88)
            path.addCircle(0.33 * math.cos(angle), -0.10 + 0.36 * math.sin(angle), 0.105)
    else:
        path.moveTo(-0.385, -0.02)
        path.cubicTo(-0.48, -0.56, 0.1, -0.70, 0.28, -0.48)
        path.cubicTo(0.44, -0.42, 0.41, -0.16, 0.385, -0.02)
        path.cubicTo(0.35, -0.16, 0.34, -0.26, 0.27, -0.31)
        path.cubicTo(0.05, -0.26, -0.18, -0.30, -0.28, -0.27)
        path.cubicTo(-0.33, -0.20, -0.36, -0.12, -0.385, -0.02)
    canvas.drawPath(path, fill(person.hair))
    gloss = skia.Path()
    gloss.moveTo(-0.22, -0.42)
    gloss.quadTo(0.0, -0.53, 0.2, -0.44)
    if person.style != "curly":
        canvas.drawPath(gloss, stroke(shade(person.hair, 0.3), 0.03, 0.14))


def _glasses(canvas: skia.Canvas, pose: Pose) -> None:
    for side in (-1, 1):
        rim = skia.Rect.MakeXYWH(0.16 * side - 0.115, -0.125, 0.23, 0.19)
        canvas.drawRoundRect(rim, 0.07, 0.07, stroke("#2c2a2e", 0.02))
        canvas.drawRoundRect(rim, 0.07, 0.07, fill("#ffffff", 0.10))
        canvas.drawLine(0.275 * side, -0.06, 0.37 * side, -0.05, stroke("#2c2a2e", 0.02))
    canvas.drawLine(-0.045, -0.06, 0.045, -0.06, stroke("#2c2a2e", 0.02))
