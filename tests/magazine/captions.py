"""Text on screen: subtitles, ticker, logo, name captions and a page of text."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

import skia

from .portraits import fill

Box = tuple[float, float, float, float]

CREAM, INK, CORAL, TEAL = "#f7f1e6", "#14272e", "#e2725b", "#1d4650"


@functools.cache
def font(size: float, bold: bool = False) -> skia.Font:
    """Noto Sans SC, by its file: importing the package that brings it changes global settings."""
    found = importlib.util.find_spec("zhplot")
    assert found is not None
    folder = Path(next(iter(found.submodule_search_locations or [])))
    made = skia.Font(skia.Typeface.MakeFromFile(str(next(folder.rglob("NotoSansSC*.ttf")))), size)
    made.setEdging(skia.Font.Edging.kAntiAlias)
    made.setSubpixel(True)
    made.setEmbolden(bold)
    return made


def ink_box(text: str, x: float, y: float, face: skia.Font) -> Box:
    """Where a text's ink is when it is drawn from a point of the base line."""
    bounds = skia.Rect()
    face.measureText(text, bounds=bounds)
    return (x + bounds.left(), y + bounds.top(), x + bounds.right(), y + bounds.bottom())


def _write(
    canvas: skia.Canvas, text: str, x: float, y: float, face: skia.Font, paint: skia.Paint
) -> Box:
    canvas.drawString(text, x, y, face, paint)
    return ink_box(text, x, y, face)


def subtitle_rows(rows: list[str], lifted: bool) -> list[tuple[str, float, float, skia.Font]]:
    """Where the rows of a subtitle stand: text, x, base line, font."""
    base = 326.0 if lifted else 345.0
    placed = []
    for text, up, size in zip(
        rows, ((0.0,), (20.0, 0.0))[len(rows) - 1], _sizes(rows), strict=True
    ):
        face = font(size)
        placed.append((text, 320 - face.measureText(text) / 2, base - up, face))
    return placed


def _sizes(rows: list[str]) -> list[float]:
    return [19.0] if len(rows) == 1 else [17.5, 13.5]


def draw_subtitle(canvas: skia.Canvas, rows: list[str], lifted: bool) -> list[Box]:
    """Draw one or two rows of subtitle, light with a soft dark edge."""
    boxes = []
    for text, x, y, face in subtitle_rows(rows, lifted):
        edge = fill("#0b1418", 0.82)
        edge.setStyle(skia.Paint.kStroke_Style)
        edge.setStrokeWidth(3.2)
        edge.setStrokeJoin(skia.Paint.kRound_Join)
        edge.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.7))
        canvas.drawString(text, x, y, face, edge)
        boxes.append(_write(canvas, text, x, y, face, fill("#ffffff")))
    return boxes


LOGO = "晨间手记"


def draw_logo(canvas: skia.Canvas) -> Box:
    """Draw the programme's mark: a sun that rises over a line, and its name."""
    x, y = 556.0, 30.0
    canvas.drawRRect(
        skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x - 30, y - 15, 100, 24), 12, 12),
        fill(INK, 0.55),
    )
    canvas.save()
    canvas.clipRect(skia.Rect.MakeLTRB(x - 24, y - 15, x - 4, y + 1), True)
    canvas.drawCircle(x - 14, y + 1, 8, fill("#f2b866"))
    canvas.restore()
    canvas.drawRect(skia.Rect.MakeXYWH(x - 25, y + 1.6, 22, 1.6), fill(CREAM))
    return _write(canvas, LOGO, x + 3, y + 2, font(13, bold=True), fill(CREAM))


TICKER = (
    "海岸发射场今晨天气晴朗，能见度良好"
    "   ◆   Coffee prices hold steady for a third week   ◆   "
    "城市图书馆本周末延长开放至晚上十点   ◆   Tide tables for Tuesday are out"
)


def draw_ticker(canvas: skia.Canvas, seconds: float) -> Box:
    """Draw the ticker, which has been running for that long."""
    canvas.drawRect(skia.Rect.MakeLTRB(0, 338, 640, 360), fill(INK, 0.92))
    canvas.save()
    canvas.clipRect(skia.Rect.MakeLTRB(58, 338, 640, 360))
    canvas.drawString(TICKER, 640 - 74 * seconds, 354, font(13), fill(CREAM))
    canvas.restore()
    canvas.drawRect(skia.Rect.MakeLTRB(0, 338, 54, 360), fill(CORAL))
    canvas.drawString("快讯", 13, 354, font(13.5, bold=True), fill("#ffffff"))
    return (58.0, 341.0, 640.0, 357.0)


def ticker_text(seconds: float) -> str:
    """What of the ticker can be read at that moment: the characters wholly in sight."""
    left = 640 - 74 * seconds
    shown = [
        character
        for character, (x, width) in zip(TICKER, _ticker_places(), strict=True)
        if left + x >= 58 and left + x + width <= 640
    ]
    return "".join(shown).strip(" ◆")


@functools.cache
def _ticker_places() -> list[tuple[float, float]]:
    """Where each of the ticker's characters begins, and how wide it is."""
    widths = [font(13).measureText(character) for character in TICKER]
    return [(sum(widths[:i]), width) for i, width in enumerate(widths)]


def draw_name(canvas: skia.Canvas, name: str, title: str, seconds: float) -> list[Box]:
    """Draw a name caption that slides in; its two rows' boxes once it stands."""
    left, share = 34.0, min(1.0, seconds / 0.4)
    eased = 1 - (1 - share) ** 3
    high, low = font(18, bold=True), font(12)
    wide = max(high.measureText(name), low.measureText(title)) + 30
    canvas.save()
    canvas.clipRect(skia.Rect.MakeLTRB(left, 250, left + wide * eased, 306))
    canvas.drawRRect(
        skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(left, 254, wide, 46), 3, 3), fill(CREAM, 0.95)
    )
    canvas.drawRect(skia.Rect.MakeXYWH(left, 254, 5, 46), fill(CORAL))
    rows = [
        _write(canvas, name, left + 16, 275, high, fill(INK)),
        _write(canvas, title, left + 16, 292, low, fill("#5b6b70")),
    ]
    canvas.restore()
    return rows if share == 1.0 else []


SLIDE = ("好咖啡的三件事", "1  水温：九十二度", "2  时间：二十五秒", "3  耐心：不必着急")


def draw_slide(canvas: skia.Canvas, seconds: float) -> list[Box]:
    """Draw the page of text on its right half; all rows stand from the first moment."""
    canvas.drawRRect(
        skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(300, 62, 300, 226), 6, 6), fill(CREAM, 0.97)
    )
    canvas.drawRect(skia.Rect.MakeXYWH(328, 126, 44, 3), fill(CORAL))
    boxes = [_write(canvas, SLIDE[0], 328, 112, font(24, bold=True), fill(INK))]
    for i, text in enumerate(SLIDE[1:]):
        boxes.append(_write(canvas, text, 328, 166 + 42 * i, font(19), fill("#27424a")))
    return boxes
