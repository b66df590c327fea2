"""Where things stand on the frame."""

from __future__ import annotations

import skia

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels of the frame, y down."""

SMALLEST = 12.0
"""What a thing must measure on the frame, in pixels, to count as seen."""


def visible(canvas: skia.Canvas, thing: skia.Rect | skia.Path) -> Box | None:
    """Find the box of a thing on the frame, under the canvas's transformation and clip.

    Parameters
    ----------
    canvas : skia.Canvas
        The canvas as the thing is drawn on it.
    thing : skia.Rect or skia.Path
        The thing, or its outline, in the canvas's present coordinates.

    Returns
    -------
    (float, float, float, float) or None
        The tight box of what is inside the frame; None where that is too small.
    """
    matrix = canvas.getTotalMatrix()
    if isinstance(thing, skia.Path):
        moved = skia.Path()
        thing.transform(matrix, moved)
        bounds = moved.computeTightBounds()
    else:
        bounds = matrix.mapRect(thing)
    inside = bounds.intersect(skia.Rect.Make(canvas.getDeviceClipBounds()))
    if not inside or min(bounds.width(), bounds.height()) < SMALLEST:
        return None
    return (bounds.left(), bounds.top(), bounds.right(), bounds.bottom())
