"""The places: studio, café and coast."""

from __future__ import annotations

import math

import skia

from .geometry import Box, visible
from .palette import AMBER, CREAM, colour, fill, linear, mix, radial, shade, stroke

Rect = skia.Rect

WIDE, HIGH = 640, 360


def glow(canvas: skia.Canvas, x: float, y: float, radius: float, code: str, alpha: float) -> None:
    """Shed soft light."""
    canvas.drawCircle(x, y, radius, radial((x, y), radius, [(code, alpha), (code, 0)]))


def vignette(canvas: skia.Canvas, alpha: float = 0.32) -> None:
    """Darken the picture's corners."""
    paint = radial(
        (WIDE / 2, HIGH * 0.46), 430, [("#0a1216", 0), ("#0a1216", 0), ("#0a1216", alpha)]
    )
    canvas.drawRect(Rect.MakeLTRB(0, 0, WIDE, HIGH), paint)


def soften(canvas: skia.Canvas, by: float) -> None:
    """Put what is drawn next, until the canvas is restored, out of focus."""
    blur = skia.ImageFilters.Blur(by, by, skia.TileMode.kClamp, None)
    canvas.saveLayer(None, skia.Paint(ImageFilter=blur))


def _plant(canvas: skia.Canvas, x: float, y: float, size: float, codes: tuple[str, str]) -> None:
    for k, turn in enumerate((-52, -30, -10, 12, 33, 54)):
        canvas.save()
        canvas.translate(x, y)
        canvas.rotate(turn)
        tall = size * (0.78 + 0.22 * math.cos(math.radians(turn)))
        leaf = skia.Path()
        leaf.moveTo(0, 0)
        leaf.quadTo(-size * 0.16, -tall * 0.6, 0, -tall)
        leaf.quadTo(size * 0.16, -tall * 0.6, 0, 0)
        canvas.drawPath(
            leaf, linear((0, 0), (0, -tall), [shade(codes[k % 2], -0.25), codes[k % 2]])
        )
        canvas.drawLine(0, 0, 0, -tall * 0.85, stroke(shade(codes[k % 2], 0.2), 0.8, 0.5))
        canvas.restore()


def _pot(canvas: skia.Canvas, x: float, y: float, size: float, code: str) -> None:
    pot = skia.Path()
    pot.moveTo(x - size * 0.5, y - size)
    pot.lineTo(x + size * 0.5, y - size)
    pot.lineTo(x + size * 0.38, y)
    pot.lineTo(x - size * 0.38, y)
    canvas.drawPath(
        pot, linear((x - size / 2, y), (x + size / 2, y), [shade(code, 0.1), shade(code, -0.25)])
    )


def cup(canvas: skia.Canvas, x: float, y: float, size: float, code: str) -> Box | None:
    """Draw a cup on its saucer, standing at a point; tell where the cup is."""
    canvas.drawOval(
        Rect.MakeXYWH(x - size * 0.95, y - size * 0.2, size * 1.9, size * 0.34),
        fill(shade(code, -0.12)),
    )
    canvas.drawOval(
        Rect.MakeXYWH(x - size * 0.95, y - size * 0.25, size * 1.9, size * 0.32), fill(code)
    )
    handle = Rect.MakeXYWH(x + size * 0.42, y - size * 0.78, size * 0.42, size * 0.42)
    canvas.drawOval(handle, stroke(shade(code, -0.1), size * 0.12))
    body = skia.Path()
    body.moveTo(x - size * 0.55, y - size)
    body.lineTo(x + size * 0.55, y - size)
    body.cubicTo(
        x + size * 0.52, y - size * 0.3, x + size * 0.3, y - size * 0.08, x, y - size * 0.08
    )
    body.cubicTo(
        x - size * 0.3, y - size * 0.08, x - size * 0.52, y - size * 0.3, x - size * 0.55, y - size
    )
    canvas.drawPath(
        body, linear((x - size * 0.5, y), (x + size * 0.5, y), [code, shade(code, -0.22)])
    )
    canvas.drawOval(
        Rect.MakeXYWH(x - size * 0.55, y - size * 1.13, size * 1.1, size * 0.26),
        fill(shade(code, 0.3)),
    )
    canvas.drawOval(
        Rect.MakeXYWH(x - size * 0.46, y - size * 1.09, size * 0.92, size * 0.18), fill("#5a3722")
    )
    extent = Rect.MakeLTRB(x - size * 0.55, y - size * 1.13, x + size * 0.9, y - size * 0.08)
    return visible(canvas, extent)


def steam(canvas: skia.Canvas, x: float, y: float, size: float, clock: float) -> None:
    """Let a cup steam."""
    for k in range(3):
        rise = (clock * 0.32 + k / 3) % 1.0
        wave = skia.Path()
        base = y - size * 1.2 * rise
        sway = size * 0.22 * math.sin(clock * 1.7 + 2.1 * k)
        wave.moveTo(x + (k - 1) * size * 0.22, base)
        wave.cubicTo(
            x + sway,
            base - size * 0.3,
            x - sway,
            base - size * 0.5,
            x + sway * 0.6,
            base - size * 0.85,
        )
        paint = stroke("#ffffff", size * 0.10, 0.34 * math.sin(math.pi * rise))
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, size * 0.07))
        canvas.drawPath(wave, paint)


def morning(canvas: skia.Canvas, clock: float) -> None:
    """Draw a city in the morning, 240 by 240 around the origin."""
    sky = linear((0, -120), (0, 110), ["#6fa3a5", "#f0c998", "#f3a874"])
    canvas.drawRect(Rect.MakeLTRB(-120, -120, 120, 120), sky)
    glow(canvas, 26, 14, 92, "#fff0cf", 0.85)
    canvas.drawCircle(26, 14, 21, fill("#fff3d8"))
    for k, (x, y, w) in enumerate(((-84, -66, 66), (30, -84, 84), (-20, -40, 50))):
        drift = 3.2 * clock * (0.6 + 0.3 * k)
        canvas.drawRoundRect(
            Rect.MakeXYWH(x + drift, y, w, 6), 3, 3, fill("#fff6e6", 0.5, blur=1.2)
        )
    for depth, code, towers in (
        (
            0,
            "#b88b7c",
            ((-112, 52), (-86, 74), (-58, 46), (-30, 66), (2, 40), (52, 62), (80, 84), (100, 52)),
        ),
        (1, "#6f6a74", ((-120, 34), (-98, 54), (-70, 30), (-14, 28), (28, 46), (64, 36), (92, 58))),
        (2, "#33505a", ((-120, 18), (-80, 30), (-44, 16), (10, 24), (50, 14), (84, 28))),
    ):
        for x, tall in towers:
            wide = 24 + 6 * depth
            canvas.drawRect(Rect.MakeXYWH(x, 78 - tall + 6 * depth, wide, 120), fill(code))
            for j in range(int(tall // 12)):
                lit = (x + 7 * j + 5 * depth) % 3 == 0
                window = Rect.MakeXYWH(x + 5, 84 - tall + 12 * j + 6 * depth, wide - 10, 2.4)
                canvas.drawRect(window, fill("#ffe4b0", 0.75 if lit else 0.16))


def studio(canvas: skia.Canvas, clock: float) -> None:
    """Draw the studio: a wall of slats, a round window on the morning, shelves."""
    canvas.drawPaint(linear((0, 0), (640, 360), ["#2b626b", "#1c4953", "#122f38"]))
    for k in range(30):
        x = 22 * k
        canvas.drawRect(Rect.MakeXYWH(x, 0, 1.4, 360), fill("#0c2229", 0.30))
        canvas.drawRect(Rect.MakeXYWH(x + 1.4, 0, 1, 360), fill("#8fc0bf", 0.07))
    glow(canvas, 130, 60, 300, "#ffd9a0", 0.26)
    canvas.drawCircle(474, 150, 113, fill("#0b1d23", 0.5, blur=10))
    canvas.save()
    ring = skia.Path()
    ring.addCircle(474, 146, 106)
    canvas.clipPath(ring, True)
    canvas.translate(474, 146)
    morning(canvas, clock)
    canvas.restore()
    canvas.drawCircle(474, 146, 106, stroke("#e9d3b0", 5))
    canvas.drawCircle(474, 146, 103, stroke("#7d5f42", 1.2, 0.8))
    canvas.drawRect(Rect.MakeXYWH(24, 198, 118, 5), fill("#a3764f"))
    canvas.drawRect(Rect.MakeXYWH(24, 203, 118, 6), fill("#081619", 0.22, blur=2))
    for k, (wide, tall, code) in enumerate(
        (
            (9, 44, "#d8a15c"),
            (7, 38, "#c9644f"),
            (10, 48, "#e6dcc6"),
            (8, 41, "#557f7b"),
            (6, 46, "#b88a6a"),
        )
    ):
        x = 36 + sum((9, 7, 10, 8, 6)[:k]) + 1.5 * k
        canvas.drawRect(
            Rect.MakeXYWH(x, 198 - tall, wide, tall),
            linear((x, 0), (x + wide, 0), [code, shade(code, -0.25)]),
        )
    _plant(canvas, 114, 184, 44, ("#6d9a76", "#86ad84"))
    _pot(canvas, 114, 198, 17, "#c97f5c")


def desk(canvas: skia.Canvas, clock: float) -> Box | None:
    """Draw the host's desk before her; tell where her cup is."""
    canvas.drawRect(Rect.MakeLTRB(0, 290, 640, 300), fill("#0a1a1f", 0.35, blur=5))
    canvas.drawRect(
        Rect.MakeLTRB(0, 298, 640, 360),
        linear((0, 298), (0, 360), ["#c7946a", "#9a683f", "#6e4729"]),
    )
    canvas.drawRect(Rect.MakeLTRB(0, 298, 640, 300.5), fill("#efcfa2"))
    sheet = skia.Path()
    sheet.moveTo(208, 316)
    sheet.lineTo(312, 314)
    sheet.lineTo(322, 326)
    sheet.lineTo(202, 328)
    canvas.drawPath(sheet, fill("#f4ecdd", 0.95))
    steam(canvas, 414, 290, 30, clock)
    return cup(canvas, 414, 318, 25, "#f4ead9")


def cafe(canvas: skia.Canvas, clock: float) -> None:
    """Draw the café: two windows, shelves, hanging lamps, plants."""
    canvas.drawPaint(linear((0, 0), (300, 360), ["#f0dcc0", "#e0bf98", "#b98d68"]))
    for x in (36, 444):
        canvas.drawRect(Rect.MakeXYWH(x - 6, 24, 172, 186), fill("#6b452c", 0.5, blur=5))
        pane = Rect.MakeXYWH(x, 24, 160, 176)
        canvas.save()
        canvas.clipRect(pane)
        canvas.drawRect(pane, linear((x, 24), (x + 70, 200), ["#f2f4e6", "#b7d3c9", "#86b0a8"]))
        for k in range(9):
            bx, by = x + (37 * k * k + 23 * k) % 160, 60 + (53 * k) % 130
            canvas.drawCircle(
                bx, by, 9 + 3 * (k % 4), fill("#fff4cf" if k % 2 else "#f3c58b", 0.34, blur=2)
            )
        for k in range(5):
            canvas.drawCircle(x + 12 + 37 * k, 204, 30 + 6 * (k % 2), fill("#6f957d", 0.75, blur=4))
        canvas.restore()
        for bar in (x + 78, x - 3, x + 158):
            canvas.drawRect(Rect.MakeXYWH(bar, 22, 5, 182), fill("#7c5337"))
        for bar in (22, 104, 199):
            canvas.drawRect(Rect.MakeXYWH(x - 3, bar, 166, 5), fill("#7c5337"))
    canvas.drawRect(Rect.MakeXYWH(232, 150, 176, 5), fill("#8a5d3d"))
    for k, (x, tall, code) in enumerate(
        (
            (246, 28, "#dfe5da"),
            (270, 36, "#7d4f38"),
            (292, 24, "#c97f5c"),
            (322, 34, "#e7dcc3"),
            (350, 28, "#557a70"),
            (376, 38, "#b98b5a"),
        )
    ):
        canvas.drawRoundRect(
            Rect.MakeXYWH(x, 150 - tall, 17, tall),
            3,
            3,
            linear((x, 0), (x + 17, 0), [shade(code, 0.1), shade(code, -0.2)]),
        )
        if k % 2:
            canvas.drawRect(Rect.MakeXYWH(x + 3, 150 - tall * 0.6, 11, 8), fill("#f6ecd8", 0.85))
    for k, x in enumerate((228, 320, 412)):
        sway = 0.8 * math.sin(clock * 0.9 + k)
        canvas.drawLine(x, 0, x + sway, 44 + 8 * (k % 2), stroke("#4d3424", 1.4))
        y = 46 + 8 * (k % 2)
        glow(canvas, x + sway, y + 14, 74, "#ffe2a6", 0.55)
        lamp = skia.Path()
        lamp.moveTo(x + sway - 5, y - 4)
        lamp.lineTo(x + sway + 5, y - 4)
        lamp.lineTo(x + sway + 17, y + 12)
        lamp.lineTo(x + sway - 17, y + 12)
        canvas.drawPath(lamp, linear((x - 16, 0), (x + 16, 0), ["#385a57", "#223b3b"]))
        canvas.drawOval(Rect.MakeXYWH(x + sway - 12, y + 9, 24, 7), fill("#fff1c9"))
    _plant(canvas, 18, 296, 92, ("#5f8767", "#769c76"))
    _plant(canvas, 622, 296, 92, ("#5f8767", "#769c76"))


def table(canvas: skia.Canvas, clock: float) -> Box | None:
    """Draw the table of the café with flowers and a cup; tell where the cup is."""
    canvas.drawRect(Rect.MakeLTRB(0, 276, 640, 286), fill("#2c1a10", 0.35, blur=5))
    canvas.drawRect(
        Rect.MakeLTRB(0, 284, 640, 360),
        linear((0, 284), (0, 360), ["#96623f", "#70462b", "#4d2f1d"]),
    )
    canvas.drawRect(Rect.MakeLTRB(0, 284, 640, 286.5), fill("#d39d6c"))
    for turn, code in ((-14, "#f3d7b0"), (3, "#e58a6d"), (17, "#f2b866")):
        canvas.save()
        canvas.translate(358, 281)
        canvas.rotate(turn)
        canvas.drawLine(0, 0, 0, -34, stroke("#54735a", 1.6))
        for k in range(6):
            angle = math.pi * k / 3
            canvas.drawCircle(4 * math.cos(angle), -36 + 4 * math.sin(angle), 3.4, fill(code))
        canvas.drawCircle(0, -36, 2.6, fill("#7a4b32"))
        canvas.restore()
    vase = Rect.MakeXYWH(349, 269, 18, 32)
    canvas.drawRoundRect(vase, 7, 7, linear((349, 0), (367, 0), ["#e8eee6", "#9fb8b2"]))
    steam(canvas, 286, 275, 27, clock)
    return cup(canvas, 286, 302, 24, "#c9573f")


def coast(canvas: skia.Canvas, clock: float) -> dict[str, Box]:
    """Draw the coast at dawn, a rocket beside its tower far away; tell where these are."""
    sky = linear((0, 0), (60, 268), ["#2f4a74", "#7d7f9d", "#e5a183", "#f8cf95"])
    canvas.drawPaint(sky)
    glow(canvas, 120, 236, 240, "#ffe3ae", 0.8)
    canvas.drawCircle(120, 234, 23, fill("#fff0cd"))
    for k, (x, y, wide) in enumerate(
        ((420, 46, 190), (60, 84, 150), (300, 120, 220), (520, 150, 160), (150, 164, 180))
    ):
        drift = x + 2.4 * clock * (1 + k % 2)
        cloud = Rect.MakeXYWH(drift % 820 - 140, y, wide, 8 + 3 * (k % 2))
        canvas.drawRoundRect(
            cloud, 6, 6, fill(mix("#f7d3b4", "#b98f9b", k % 2 * 0.6), 0.42, blur=4)
        )
    canvas.drawRect(
        Rect.MakeLTRB(0, 246, 640, 318),
        linear((0, 246), (0, 318), ["#c58f7e", "#5d6f8c", "#31496a"]),
    )
    for k in range(26):
        x, y = (83 * k * k + 31 * k) % 640, 250 + (17 * k) % 60
        shift = 6 * math.sin(clock * 0.9 + k)
        near = math.exp(-(((x - 120) / 150) ** 2))
        glint = Rect.MakeXYWH(x + shift, y, 18 + 14 * (k % 3), 1.5)
        canvas.drawRoundRect(glint, 0.7, 0.7, fill("#fff0cd", 0.14 + 0.5 * near))
    far = "#3c4763"
    for x in (186, 202):
        canvas.drawLine(x, 150, x, 247, stroke(far, 2.2, 0.85))
    for k in range(6):
        y = 152 + 16 * k
        canvas.drawLine(186, y, 202, y + 16, stroke(far, 1.2, 0.75))
        canvas.drawLine(202, y, 186, y + 16, stroke(far, 1.2, 0.75))
    hull = Rect.MakeLTRB(208, 162, 221, 247)
    canvas.drawRoundRect(hull, 6, 6, linear((208, 0), (221, 0), ["#f6e8d6", "#a89a98"]))
    canvas.drawRect(Rect.MakeXYWH(208, 190, 13, 2), fill("#c9674f", 0.8))
    canvas.drawRect(Rect.MakeXYWH(170, 244, 66, 5), fill(far, 0.9))
    found = {
        "火箭": visible(canvas, hull),
        "塔架": visible(canvas, Rect.MakeLTRB(185, 149, 203, 247)),
    }
    return {name: box for name, box in found.items() if box}


def quay(canvas: skia.Canvas) -> None:
    """Draw the quay's ground and railing, behind the people who walk there."""
    canvas.drawRect(
        Rect.MakeLTRB(0, 300, 640, 360), linear((0, 300), (0, 360), ["#4e4a55", "#2e2f3a"])
    )
    for y in (258, 278):
        canvas.drawLine(0, y, 640, y, stroke("#2a3246", 2.4))
    for k in range(9):
        canvas.drawLine(20 + 76 * k, 250, 20 + 76 * k, 304, stroke("#2a3246", 3.4))
    canvas.drawLine(0, 250, 640, 250, stroke("#394461", 4))


def microphone(canvas: skia.Canvas, x: float, y: float) -> Box | None:
    """Draw a reporter's microphone, its head at a point; tell where that and its flag are."""
    canvas.drawLine(x + 2, y + 20, x + 14, y + 110, stroke("#23272f", 9))
    head = Rect.MakeXYWH(x - 11, y - 16, 23, 36)
    canvas.drawRoundRect(head, 11, 11, linear((x - 11, 0), (x + 12, 0), ["#4a505c", "#171a20"]))
    flag = skia.Path()
    flag.moveTo(x - 9, y + 24)
    flag.lineTo(x + 15, y + 22)
    flag.lineTo(x + 17, y + 42)
    flag.lineTo(x - 7, y + 44)
    canvas.drawPath(flag, fill("#e2725b"))
    canvas.drawCircle(x + 4, y + 35, 5, fill(AMBER))
    return visible(canvas, Rect.MakeLTRB(x - 11, y - 16, x + 17, y + 44))


def sunrise(canvas: skia.Canvas, x: float, line: float, radius: float, rise: float) -> None:
    """Draw the programme's mark: a sun that has risen by a share over a line."""
    canvas.save()
    canvas.clipRect(Rect.MakeLTRB(x - 2 * radius, 0, x + 2 * radius, line), True)
    y = line + radius * (1 - 1.25 * rise)
    paint = linear((x, y - radius), (x, y + radius), ["#ffd592", "#ef9d5d"])
    canvas.drawCircle(x, y, radius, paint)
    canvas.restore()


def paper(canvas: skia.Canvas) -> None:
    """Draw the light ground of a card."""
    canvas.clear(colour(CREAM))
    canvas.drawPaint(linear((0, 0), (640, 360), ["#fbf6ec", "#f1e2c9"]))
