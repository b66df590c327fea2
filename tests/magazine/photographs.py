"""Public-domain photographs that scikit-image ships, and where objects are on them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import skia
import skimage

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Photograph:
    """A photograph: its file, and each object's box in its own pixels."""

    file: str
    objects: dict[str, Box]


COFFEE = Photograph(
    "coffee.png",
    {"咖啡杯": (172, 16, 408, 308), "茶碟": (77, 60, 480, 388), "勺子": (316, 66, 425, 326)},
)
CAT = Photograph("chelsea.png", {"猫": (20, 0, 400, 300)})
ROCKET = Photograph("rocket.jpg", {"火箭": (309, 127, 335, 407), "塔架": (165, 122, 206, 380)})
STARS = Photograph("hubble_deep_field.jpg", {})


@functools.cache
def image(file: str) -> skia.Image:
    """A photograph's pixels."""
    return skia.Image.open(str(Path(skimage.__file__).parent / "data" / file))


@dataclass(frozen=True)
class View:
    """What part of a photograph fills the frame: its centre, and how wide it is, in its pixels."""

    x: float
    y: float
    width: float

    def towards(self, other: View, share: float) -> View:
        """The view on the way to another."""
        eased = share * share * (3 - 2 * share)
        return View(
            self.x + (other.x - self.x) * eased,
            self.y + (other.y - self.y) * eased,
            self.width + (other.width - self.width) * eased,
        )


def draw(
    canvas: skia.Canvas, photograph: Photograph, view: View, size: tuple[int, int]
) -> dict[str, Box]:
    """Fill the frame with a view; tell where each object is on the frame."""
    scale = size[0] / view.width
    left, top = view.x - view.width / 2, view.y - size[1] / scale / 2
    canvas.save()
    canvas.scale(scale, scale)
    canvas.translate(-left, -top)
    canvas.drawImage(
        image(photograph.file), 0, 0, skia.SamplingOptions(skia.CubicResampler.Mitchell())
    )
    canvas.restore()
    seen = {}
    for name, (x1, y1, x2, y2) in photograph.objects.items():
        box = (
            max(0.0, (x1 - left) * scale),
            max(0.0, (y1 - top) * scale),
            min(float(size[0]), (x2 - left) * scale),
            min(float(size[1]), (y2 - top) * scale),
        )
        if box[2] - box[0] > 12 and box[3] - box[1] > 12:
            seen[name] = box
    return seen
