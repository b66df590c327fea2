"""Text on screen: subtitles, ticker, logo, name captions, a page of text."""

from __future__ import annotations

import functools
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import skia

from . import sets
from .geometry import Box, visible
from .palette import AMBER, CORAL, CREAM, INK, fill, linear

MARGIN = 32.0
"""What stays free at the left and right of the frame."""


@dataclass(frozen=True)
class Text:
    """A text on a frame: its role, its words, and the box of its ink when it stands in full."""

    role: str
    text: str
    box: Box
    speech: int | None = None


@functools.cache
def font(size: float) -> skia.Font:
    """Open Noto Sans SC by its file: importing the package that brings it changes settings."""
    found = importlib.util.find_spec("zhplot")
    assert found is not None
    folder = Path(next(iter(found.submodule_search_locations or [])))
    made = skia.Font(skia.Typeface.MakeFromFile(str(next(folder.rglob("NotoSansSC*.ttf")))), size)
    made.setEdging(skia.Font.Edging.kAntiAlias)
    made.setSubpixel(True)
    return made


@functools.cache
def _set(text: str, size: float, tracking: float) -> tuple[skia.TextBlob, float, skia.Rect]:
    """Set a line: its glyphs, its width and its ink around the start of its base line."""
    face = font(size)
    glyphs = face.textToGlyphs(text)
    widths, bounds = face.getWidthsBounds(glyphs)
    places, x, ink = [], 0.0, skia.Rect.MakeEmpty()
    for width, bound in zip(widths, bounds, strict=True):
        places.append(x)
        if not bound.isEmpty():
            ink.join(bound.makeOffset(x, 0))
        x += width + tracking
    builder = skia.TextBlobBuilder()
    builder.allocRunPosH(face, glyphs, places, 0)
    return builder.make(), x - tracking, ink


def width(text: str, size: float, tracking: float = 0.0) -> float:
    """Measure a line."""
    return _set(text, size, tracking)[1]


def write(
    canvas: skia.Canvas,
    text: str,
    at: tuple[float, float],
    size: float,
    paint: skia.Paint,
    *,
    weight: float = 0.0,
    tracking: float = 0.0,
) -> Box:
    """Write a line from a point of its base line; tell where its ink is.

    The font comes in one weight only: `weight` thickens its strokes by as many pixels.
    """
    blob, _, ink = _set(text, size, tracking)
    if weight:
        paint = skia.Paint(paint)
        paint.setStyle(skia.Paint.kStrokeAndFill_Style)
        paint.setStrokeWidth(weight)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
    canvas.drawTextBlob(blob, *at, paint)
    moved = ink.makeOffset(*at).makeOutset(weight / 2, weight / 2)
    return (moved.left(), moved.top(), moved.right(), moved.bottom())


def ease(share: float) -> float:
    """Slow a movement down towards its end."""
    return 1 - (1 - min(1.0, max(0.0, share))) ** 3


def draw_scrim(canvas: skia.Canvas) -> None:
    """Darken the foot of the picture, so that subtitles read on anything."""
    paint = skia.Paint(AntiAlias=True, Dither=True)
    dark = fill(INK, 0.62).getColor()
    clear = fill(INK, 0.0).getColor()
    paint.setShader(skia.GradientShader.MakeLinear([(0, 262), (0, 360)], [clear, dark]))
    canvas.drawRect(skia.Rect.MakeLTRB(0, 262, 640, 360), paint)


@dataclass(frozen=True)
class Subtitle:
    """What a subtitle shows: each row's role and text, and the sentence it belongs to."""

    rows: tuple[tuple[str, str], ...]
    speech: int


def draw_subtitle(canvas: skia.Canvas, subtitle: Subtitle, frames: int, lifted: bool) -> list[Text]:
    """Draw one or two rows of subtitle, which has stood for that many frames."""
    base = 322.0 if lifted else 342.0
    shown = min(1.0, (frames + 1) / 3)
    layout = [(base - 20, 18.0), (base, 13.5)] if len(subtitle.rows) > 1 else [(base - 4, 19.5)]
    texts = []
    for (role, text), (y, size) in zip(subtitle.rows, layout, strict=True):
        at = (320 - width(text, size, 0.3) / 2, y)
        shadow = fill("#050b0d", 0.85 * shown, blur=1.6)
        write(canvas, text, (at[0], at[1] + 0.8), size, shadow, weight=1.6, tracking=0.3)
        paint = fill("#ffffff" if size > 15 else "#f3e6cf", shown)
        box = write(canvas, text, at, size, paint, weight=0.35, tracking=0.3)
        texts.append(Text(role, text, box, subtitle.speech))
    return texts


LOGO = "晨间手记"


def draw_logo(canvas: skia.Canvas) -> tuple[Text, Box | None]:
    """Draw the programme's mark in its corner; tell its text, and where the whole mark is."""
    left, top = 640 - MARGIN - 92, 20.0
    pill = skia.Rect.MakeXYWH(left, top, 92, 25)
    canvas.drawRoundRect(pill, 12.5, 12.5, fill(INK, 0.62))
    sets.sunrise(canvas, left + 19, top + 16.5, 7, 0.86)
    canvas.drawRect(skia.Rect.MakeXYWH(left + 9, top + 16.5, 20, 1.4), fill(CREAM))
    box = write(canvas, LOGO, (left + 34, top + 17), 12, fill(CREAM), weight=0.35, tracking=0.4)
    return Text("fixed", LOGO, box), visible(canvas, pill)


TICKER = (
    "海岸发射场今晨天气晴朗，能见度良好   ◆   Coffee prices hold steady for a third week   ◆   "
    "城市图书馆本周末延长开放至晚上十点   ◆   Tide tables for Tuesday are out"
)
TICKER_SPEED = 74.0
"""Pixels a second."""

TICKER_TOP, TICKER_LEFT, TICKER_SIZE = 337.0, 62.0, 13.0
FLASH = "快讯"


def draw_ticker(canvas: skia.Canvas, seconds: float) -> list[Text]:
    """Draw the ticker, which has been running for that long."""
    canvas.drawRect(skia.Rect.MakeLTRB(0, TICKER_TOP, 640, 360), fill(INK))
    canvas.save()
    canvas.clipRect(skia.Rect.MakeLTRB(TICKER_LEFT, TICKER_TOP, 640, 360))
    at = (640 - TICKER_SPEED * seconds, 353.0)
    full = write(canvas, TICKER, at, TICKER_SIZE, fill(CREAM))
    canvas.restore()
    canvas.drawRect(skia.Rect.MakeLTRB(0, TICKER_TOP, TICKER_LEFT - 6, 360), fill(CORAL))
    label = write(canvas, FLASH, (16, 353), 13.0, fill("#ffffff"), weight=0.4, tracking=0.5)
    band = (TICKER_LEFT, full[1], 640.0, full[3])
    return [Text("ticker", TICKER, band), Text("fixed", FLASH, label)]


def ticker_at(seconds: float) -> tuple[str, tuple[float, float]] | None:
    """What of the ticker can be read after that long, and from where to where on the frame.

    Only characters that are wholly in sight count; None where there are none.
    """
    left = 640 - TICKER_SPEED * seconds
    shown = [
        (character, left + x, left + x + wide)
        for character, (x, wide) in zip(TICKER, _ticker_places(), strict=True)
        if left + x >= TICKER_LEFT and left + x + wide <= 640
    ]
    while shown and shown[0][0] in " ◆":
        shown.pop(0)
    while shown and shown[-1][0] in " ◆":
        shown.pop()
    if not shown:
        return None
    return "".join(character for character, *_ in shown), (shown[0][1], shown[-1][2])


@functools.cache
def _ticker_places() -> list[tuple[float, float]]:
    """Where each of the ticker's characters begins, and how wide it is."""
    widths = [font(TICKER_SIZE).measureText(character) for character in TICKER]
    return [(sum(widths[:i]), wide) for i, wide in enumerate(widths)]


NAME_SECONDS = 3.6
"""How long a name caption stands, with its coming and going."""


def draw_name(
    canvas: skia.Canvas, name: str, title: str, left: float, seconds: float
) -> list[Text]:
    """Draw a name caption that has been there for that long: a bar grows, a plate unfolds."""
    top, high = 226.0, 45.0
    wide = max(width(name, 17.5, 0.4), width(title, 11.5, 0.4)) + 34
    going = min(1.0, (NAME_SECONDS - seconds) / 0.3)
    bar = ease(seconds / 0.25) * ease(going)
    plate = ease((seconds - 0.12) / 0.4) * ease(going)
    canvas.drawRect(
        skia.Rect.MakeLTRB(left, top + high * (1 - bar), left + 4, top + high), fill(CORAL)
    )
    canvas.save()
    canvas.clipRect(skia.Rect.MakeLTRB(left + 4, top, left + 4 + wide * plate, top + high))
    ground = linear((left, 0), (left + wide, 0), [CREAM, "#efe2cc"], 0.96)
    canvas.drawRect(skia.Rect.MakeXYWH(left + 4, top, wide, high), ground)
    slide = 10 * (1 - plate)
    first = (left + 18 - slide, top + 21)
    second = (left + 18 - slide, top + 37)
    boxes = [
        write(canvas, name, first, 17.5, fill(INK, plate), weight=0.55, tracking=0.4),
        write(canvas, title, second, 11.5, fill("#8a4a37", plate), tracking=0.4),
    ]
    canvas.restore()
    if plate <= 0:
        return []
    return [
        Text("caption", text, (box[0] + slide, box[1], box[2] + slide, box[3]))
        for text, box in zip((name, title), boxes, strict=True)
    ]


SLIDE = ("好咖啡的三件事", "水温：九十二度", "时间：二十五秒", "耐心：不必着急")


def draw_slide(canvas: skia.Canvas, seconds: float) -> list[Text]:
    """Draw the page of text; its rows follow each other within the first second."""
    left = 322.0
    canvas.drawRoundRect(skia.Rect.MakeXYWH(296, 64, 312, 210), 4, 4, fill("#0b1518", 0.5, blur=9))
    card = skia.Rect.MakeXYWH(296, 60, 312, 210)
    canvas.drawRoundRect(card, 4, 4, linear((296, 60), (608, 270), ["#fcf7ed", "#f2e5cf"]))
    canvas.drawRect(skia.Rect.MakeXYWH(296, 60, 4, 210), fill(CORAL))
    texts = []
    for i, text in enumerate(SLIDE):
        shown = ease((seconds - 0.12 - 0.22 * i) / 0.35)
        size, y = (23.0, 104.0) if i == 0 else (18.0, 152.0 + 41 * (i - 1))
        if i:
            dot = fill((CORAL, AMBER, "#5f8767")[i - 1], shown)
            canvas.drawCircle(left + 278 - 14, y - 6, 5, dot)
            canvas.drawRect(skia.Rect.MakeXYWH(left, y + 12, 266, 0.8), fill(INK, 0.13 * shown))
        else:
            canvas.drawRect(skia.Rect.MakeXYWH(left, 118, 40 * shown, 2.6), fill(CORAL))
        weight = 0.6 if i == 0 else 0.2
        box = write(canvas, text, (left, y), size, fill(INK, shown), weight=weight, tracking=0.6)
        if shown > 0:
            texts.append(Text("slide", text, box))
    return texts
