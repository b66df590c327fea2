"""Public-domain photographs that scikit-image ships, and where objects are on them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import skia
import skimage

from .geometry import Box, visible


@dataclass(frozen=True)
class Photograph:
    """A photograph: its file, and each object's box in its own pixels."""

    file: str
    objects: dict[str, Box]


COFFEE = Photograph(
    "coffee.png",
    {"咖啡杯": (172, 16, 408, 308), "茶碟": (77, 60, 480, 388), "勺子": (316, 66, 425, 326)},
)
CAT = Photograph("chelsea.png", {"猫": (0, 0, 389, 300)})
ROCKET = Photograph("rocket.jpg", {"火箭": (309, 127, 335, 407), "塔架": (165, 122, 206, 380)})
STARS = Photograph("hubble_deep_field.jpg", {})


@functools.cache
def image(file: str) -> skia.Image:
    """Open a photograph."""
    return skia.Image.open(str(Path(skimage.__file__).parent / "data" / file))


@dataclass(frozen=True)
class View:
    """What part of a photograph is shown: its centre, and how wide it is, in its pixels."""

    x: float
    y: float
    width: float

    def towards(self, other: View, share: float) -> View:
        """Find the view on the way to another."""
        eased = share * share * (3 - 2 * share)
        return View(
            self.x + (other.x - self.x) * eased,
            self.y + (other.y - self.y) * eased,
            self.width + (other.width - self.width) * eased,
        )


def draw(
    canvas: skia.Canvas, photograph: Photograph, view: View, window: skia.Rect
) -> dict[str, Box]:
    """Fill a window with a view; tell where each object is on the frame, in its pixels."""
    scale = window.width() / view.width
    canvas.save()
    canvas.clipRect(window)
    canvas.translate(window.centerX(), window.centerY())
    canvas.scale(scale, scale)
    canvas.translate(-view.x, -view.y)
    smooth = skia.SamplingOptions(skia.CubicResampler.Mitchell())
    canvas.drawImage(image(photograph.file), 0, 0, smooth)
    found = {
        name: visible(canvas, skia.Rect.MakeLTRB(*edges))
        for name, edges in photograph.objects.items()
    }
    canvas.restore()
    return {name: box for name, box in found.items() if box}
