"""The pictures of a report, as data: URIs: plots on light and on dark, crops, moments."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from PIL import Image, ImageDraw

from .. import plots
from ..alignment import Alignment
from ..job import Job
from ..plots import stage, style
from ..plots.contact_sheet import moments
from ..plots.gallery import crops
from .data import Report

PAPER: Mapping[str, str] = {"light": "#ffffff", "dark": "#16191d"}
"""What is behind the figures: the grounds of report.css."""

DPI = 144
"""Dots an inch of figures: sharp on most screens, and on paper."""

PEOPLE, MOMENTS = 24, 24
"""Most pictures of people, and of moments."""

_FACE, _FRAME = 256, 420
"""Longest side of a crop and of a moment, in pixels."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot as two pictures.

    Attributes
    ----------
    light, dark : str
        data: URIs of the same plot with a transparent ground, in inks for a light page and for a
        dark one.
    width, height : int
        In CSS pixels.
    """

    light: str
    dark: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A cut or a whole frame.

    Attributes
    ----------
    uri : str
        A data: URI.
    width, height : int
        In pixels.
    name, kind : str
        The label's.
    label_id : int
        The label's.
    at : float or None
        When (s); None on an image.
    """

    uri: str
    width: int
    height: int
    name: str
    kind: str
    label_id: int
    at: float | None


Draw = Callable[[], Axes]


def plotted(report: Report, job: Job, alignment: Alignment | None) -> dict[str, Draw]:
    """List the plots that have something to show, to be drawn one by one.

    Parameters
    ----------
    report : Report
        What there is to show.
    job : Job
        The answer.
    alignment : Alignment, optional
        Of its speech with its text on screen.

    Returns
    -------
    dict of str to callable
        By name; each draws in a new figure.
    """
    made: dict[str, Draw] = {}
    if report.ratios:
        made["ratios"] = lambda: plots.ratios(job, top=24)
    if report.is_timed:
        made["timeline"] = lambda: plots.timeline(job)
    if alignment is not None and alignment.scores.matched:
        made["agreement"] = lambda: plots.text_agreement(alignment, _wide(2.2))
    return made


def _wide(height: float) -> Axes:
    """Make axes as wide as the timeline, and lower than a plot of their own would be."""
    return plt.subplots(figsize=(9.6, height), layout="constrained")[1]


def figure(draw: Draw, *, photo: bool = False) -> Figure:
    """Draw a plot on a light and on a dark ground, without its title: the page has one.

    Parameters
    ----------
    draw : callable
        A plot that makes its own figure.
    photo : bool
        Whether it shows a photograph, which takes many times the bytes unless it is compressed.

    Returns
    -------
    Figure
        The two pictures.
    """
    uris = {}
    size = (0.0, 0.0)
    for theme, ground in PAPER.items():
        settings: Any = {"figure.facecolor": ground, "axes.facecolor": ground}
        # Neither a window nor the notebook's cell is to show it; whatever the user has set as
        # grounds would choose the inks.
        with plt.ioff(), mpl.rc_context(settings):
            ax = draw()
            made: Any = ax.get_figure(root=True)
            try:
                ax.set_title("", loc="left")
                stream = io.BytesIO()
                made.savefig(
                    stream, format="webp", dpi=DPI, transparent=True,
                    pil_kwargs={"lossless": not photo, "quality": 85, "method": 2},
                )  # fmt: skip
                size = made.get_size_inches()
            finally:
                plt.close(made)
        uris[theme] = _uri(stream.getvalue())
    return Figure(uris["light"], uris["dark"], round(size[0] * 96), round(size[1] * 96))


def people(job: Job, video: Any) -> dict[int, Picture]:
    """Cut out the best crop of each person.

    Parameters
    ----------
    job : Job
        An answer with boxes.
    video : path, binary file, Video, Still or array
        The media.

    Returns
    -------
    dict of int to Picture
        By label_id, those seen longest first.
    """
    cells = crops(job, video, kind="person", n=PEOPLE)
    return {cell.label.label_id: _picture(cell, _FACE) for cell in cells}


def sheet(job: Job, video: Any) -> tuple[Picture, ...]:
    """Show the best moment of each label, with its box.

    Parameters
    ----------
    job : Job
        An answer with boxes or time ranges.
    video : path, binary file, Video, Still or array
        The media.

    Returns
    -------
    tuple of Picture
        Of labels seen longest first.
    """
    cells, _, _ = moments(job, video, n=MOMENTS)
    return tuple(_picture(cell, _FRAME) for cell in cells)


def picture(job: Job, image: Any) -> Figure:
    """Show an image with its boxes.

    Parameters
    ----------
    job : Job
        The answer of an image.
    image : Still
        The image.

    Returns
    -------
    Figure
        The picture.
    """
    return figure(lambda: plots.boxes(job, image), photo=True)


def _picture(cell: stage.Cell, longest: int) -> Picture:
    height, width = cell.image.shape[:2]
    scale = min(1.0, longest / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    image = Image.fromarray(np.ascontiguousarray(cell.image)).resize(size, Image.Resampling.LANCZOS)
    if cell.box is not None:
        x1, y1, x2, y2 = np.clip(np.multiply(cell.box, scale), -10, 10 + max(size)).tolist()
        corners = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        ImageDraw.Draw(image).rectangle(corners, outline=style.colour(cell.label.kind), width=2)
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=80, method=2)
    name = cell.label.name if isinstance(cell.label.name, str) else ""
    kind = cell.label.kind if isinstance(cell.label.kind, str) else ""
    return Picture(_uri(stream.getvalue()), *size, name, kind, int(cell.label.label_id), cell.at)


def _uri(content: bytes, mime: str = "image/webp") -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"
