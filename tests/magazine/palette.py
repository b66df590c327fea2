"""The programme's colours, and paints made of them."""

from __future__ import annotations

from collections.abc import Sequence

import skia

CREAM, INK, CORAL, AMBER, TEAL = "#f7f1e6", "#14272e", "#e2725b", "#f2b866", "#1d4650"

Point = tuple[float, float]


def colour(code: str, alpha: float = 1.0) -> int:
    """Make a colour from its hex code."""
    red, green, blue = (int(code[i : i + 2], 16) for i in (1, 3, 5))
    return skia.Color(red, green, blue, round(255 * min(max(alpha, 0.0), 1.0)))


def mix(code: str, other: str, share: float) -> str:
    """Mix two colours: 0 is the first, 1 the second."""
    parts = [(int(code[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def shade(code: str, by: float) -> str:
    """Make a colour lighter (above 0) or darker (below)."""
    return mix(code, "#ffffff" if by > 0 else "#10141c", abs(by))


def fill(code: str, alpha: float = 1.0, blur: float = 0.0) -> skia.Paint:
    """Make a paint that fills, with soft edges if blurred."""
    paint = skia.Paint(Color=colour(code, alpha), AntiAlias=True)
    if blur:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint


def stroke(code: str, width: float, alpha: float = 1.0) -> skia.Paint:
    """Make a paint that draws lines with round ends."""
    return skia.Paint(
        Color=colour(code, alpha),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )


def linear(start: Point, end: Point, codes: Sequence[str], alpha: float = 1.0) -> skia.Paint:
    """Make a paint that runs evenly through colours between two points."""
    paint = skia.Paint(AntiAlias=True, Dither=True)
    paint.setShader(
        skia.GradientShader.MakeLinear([start, end], [colour(code, alpha) for code in codes])
    )
    return paint


def radial(middle: Point, radius: float, stops: Sequence[tuple[str, float]]) -> skia.Paint:
    """Make a paint that runs outwards through colours, each with its alpha."""
    paint = skia.Paint(AntiAlias=True, Dither=True)
    paint.setShader(
        skia.GradientShader.MakeRadial(middle, radius, [colour(*stop) for stop in stops])
    )
    return paint
