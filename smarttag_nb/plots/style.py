"""One restrained style, applied to the axes that a plot draws into and to nothing else."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.ticker import Formatter, Locator
from matplotlib.transforms import ScaledTranslation

from ..intervals import clock
from .fonts import advance, families

COLOURS: Mapping[str, str] = {
    "person": "#2a62a4",
    "tag": "#d98f2b",
    "category": "#9a5fd0",
    "entity": "#259a6c",
    "hotword": "#c8403c",
    "keyword": "#9accb2",
    "text": "#98a1ab",
}
"""Each kind's colour, the same in every plot. They stay apart for every eye, and all but text's
in grey too."""


def colour(kind: Any) -> str:
    """Return a kind's colour; of what has no kind, that of text."""
    return COLOURS.get(kind, COLOURS["text"]) if isinstance(kind, str) else COLOURS["text"]


ROLES: Mapping[str, str] = {
    "subtitle": COLOURS["person"],
    "translation": COLOURS["keyword"],
    "ticker": COLOURS["hotword"],
    "caption": COLOURS["tag"],
    "slide": COLOURS["entity"],
    "fixed": COLOURS["text"],
    "scene": COLOURS["category"],
}
"""The colour of each role that a line on screen can have: kinds' colours, known to stay apart."""


def role_colour(role: Any) -> str:
    """Return a role's colour; of what has none, that of scene text."""
    return ROLES.get(role, ROLES["scene"]) if isinstance(role, str) else ROLES["scene"]


AGREEMENT: tuple[tuple[float, str, str], ...] = (
    (0.95, "#3a76b5", "95–100% alike"),
    (0.80, "#9cc3e6", "80–95%"),
    (0.60, "#e3993f", "60–80%"),
    (0.0, "#b0460e", "below 60%"),
)
"""How alike two texts are: each step's lower bound, its colour and its name, the best first. What
agrees is calm, and what does not is seen; the steps stay apart for every eye and in grey."""


def agreement_step(share: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Tell the step of `AGREEMENT` that each share of equal characters is on."""
    bounds = np.array([bound for bound, _, _ in AGREEMENT])
    reached = np.asarray(share, dtype=np.float64)[..., None] >= bounds
    # What is missing, or below nothing, is on the last step.
    return np.where(reached.any(axis=-1), reached.argmax(axis=-1), len(bounds) - 1)


TITLE, LABEL, SMALL = 12.0, 9.0, 8.0
"""Type sizes in points."""


@dataclass(frozen=True, slots=True)
class Inks:
    """What is drawn with on a light or a dark ground."""

    strong: str
    soft: str
    faint: str


_ON_LIGHT = Inks(strong="#1f2328", soft="#5d6670", faint="#d9dde1")
_ON_DARK = Inks(strong="#e8eaed", soft="#a3abb5", faint="#454b54")


def ground(ax: Axes, *, outside: bool = False) -> npt.NDArray[np.float64]:
    """Tell the colour that is behind what these axes show, or behind the figure around them."""
    colour = np.array(to_rgba(ax.get_facecolor()))
    figure = np.array(to_rgba(ax.figure.get_facecolor()))
    return figure[:3] if outside or not colour[3] else colour[:3]


def inks(ax: Axes, *, outside: bool = False) -> Inks:
    """Choose the inks that are read well on the ground of these axes, or of the figure outside."""
    return _ON_DARK if _lightness(ground(ax, outside=outside)) < 0.5 else _ON_LIGHT


def ink_on(colour: Any) -> str:
    """Choose the ink that is read best on a colour."""
    return _ON_DARK.strong if _lightness(to_rgb(colour)) < 0.58 else _ON_LIGHT.strong


def _lightness(colour: Any) -> float:
    red, green, blue = colour
    return float(0.299 * red + 0.587 * green + 0.114 * blue)


def axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes given, or those of a new figure of that size in inches."""
    if ax is not None:
        return ax
    # Until the layout is made, at the first drawing, these margins stand for it in `size`.
    room = {"left": 0.01, "right": 0.99, "bottom": 0.05, "top": 0.95}
    _, made = plt.subplots(figsize=(width, height), layout="constrained", gridspec_kw=room)
    return made


_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""What no XML can hold, what turns the direction of all that follows, and the byte order mark, on
which matplotlib's PDF fails."""
_SPACE = re.compile(r"[\t\n\r\u2028\u2029]+")


def plain(text: Any, widest: float | None = None) -> str:
    r"""Text of an answer as one line that any backend takes.

    Parameters
    ----------
    text : object
        Anything; a missing value becomes a dash.
    widest : float, optional
        Most ems it may take, a Chinese character being one; what is longer ends in an ellipsis.

    Returns
    -------
    str
        Line breaks become spaces; what is no character to see becomes U+FFFD.

    Examples
    --------
    >>> plain("a\nb\0"), plain("一二三四五", widest=4)
    ('a b�', '一二三…')
    """
    if not isinstance(text, str):
        return "–"
    line = _CONTROL.sub("\ufffd", _SPACE.sub(" ", text)).strip()
    if widest is None:
        return line
    room = 0.0
    fitting = 0
    for length, character in enumerate(line, start=1):
        room += advance(character)
        if room <= widest - 1:
            fitting = length
        if room > widest:
            return line[:fitting] + "…"
    return line


def width(text: str) -> float:
    """Measure a line in ems."""
    return sum(map(advance, text))


def text_style(
    ax: Axes, size: float = LABEL, *, soft: bool = False, outside: bool = False
) -> dict[str, Any]:
    """Return keywords for text of an answer: with Chinese, never parsed as mathematics."""
    ink = inks(ax, outside=outside)
    return {
        "fontfamily": families(),
        "fontsize": size,
        "fontweight": "normal",
        "usetex": False,
        "color": ink.soft if soft else ink.strong,
        "parse_math": False,
    }


def bare(ax: Axes) -> None:
    """Take everything off the axes but what is read from them."""
    ink = inks(ax, outside=True)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.minorticks_off()
    ax.grid(False)
    ax.tick_params(length=0, labelsize=SMALL, labelcolor=ink.soft, top=False, right=False)
    ax.set_axisbelow(True)


def grid(ax: Axes, axis: Literal["x", "y"]) -> None:
    """Draw faint lines at an axis's ticks."""
    ax.grid(axis=axis, color=inks(ax).faint, linewidth=0.6, linestyle="-", alpha=1.0)


def image(ax: Axes, pixels: Any, extent: Any = None, *, smooth: bool = True, **more: Any) -> None:
    """Show pixels, the first row on top; `extent` is left, right, bottom, top."""
    how = "antialiased" if smooth else "nearest"
    ax.imshow(pixels, **{"extent": extent, "origin": "upper", "interpolation": how, **more})
    ax.grid(False)


def title(ax: Axes, text: str) -> Text:
    """Draw a title, at the left, cut where the axes end."""
    shown = plain(text, max(5.0, size(ax)[0] / TITLE))
    return ax.set_title(shown, loc="left", pad=10, **text_style(ax, TITLE, outside=True))


def size(ax: Axes) -> tuple[float, float]:
    """Measure the axes: width and height in points."""
    box = ax.get_window_extent()
    figure = ax.get_figure(root=True)
    assert figure is not None
    return box.width * 72 / figure.dpi, box.height * 72 / figure.dpi


WIDEST = 20.0
"""Ems that a name at the left of a row may take."""

ROW = 0.29
"""Inches that a row with a name takes."""


def rows_in(ax: Axes, asked: int, there: int) -> int:
    """Tell how many rows to draw, so that names do not touch and one is left for "n more".

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes given.
    asked, there : int
        How many rows are asked for at most, and how many there are.
    """
    fitting = lines_in(ax)
    drawn = min(asked, there)
    if drawn == there <= fitting:
        return drawn
    return max(1, min(drawn, fitting - 1))


def lines_in(ax: Axes) -> int:
    """Tell how many lines of names fit into the axes."""
    height = size(ax)[1]
    figure = ax.get_figure(root=True)
    if figure is not None and figure.get_layout_engine() is not None:
        # The layout, made when the figure is drawn, will take room for title, ticks and legend.
        height -= 36
    return max(1, int(height / (1.3 * LABEL)))


def row_names(
    ax: Axes, at: Sequence[float], names: Sequence[Any], soft: Collection[int] = ()
) -> None:
    """Name rows at the left, cut to the room there is.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where the rows are.
    at : sequence of float, shape (n,)
        The height of each row.
    names : sequence, shape (n,)
        The name of each row.
    soft : collection of int
        Which of them are no names of an answer but ours, and step back.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    widest = WIDEST
    if figure.get_layout_engine() is None:
        # Nothing will make room: what is left to the next axes, or to the edge, must do.
        here = ax.get_window_extent()
        others = (other.get_window_extent() for other in figure.axes if other is not ax)
        edges = (o.x1 for o in others if o.x1 <= here.x0 and o.y0 < here.y1 and o.y1 > here.y0)
        room = (here.x0 - max(edges, default=0.0)) * 72 / figure.dpi
        widest = min(widest, max(2.5, (room - 10) / LABEL))
    shown = [plain(name, widest) if isinstance(name, str) else "" for name in names]
    ax.set_yticks(at, [name or "(no name)" for name in shown], **text_style(ax, outside=True))
    ax.tick_params(labelleft=True)
    for row in soft:
        ax.yaxis.get_major_ticks()[row].label1.set_color(inks(ax, outside=True).soft)


class _TimeLocator(Locator):
    """Ticks at times people count in."""

    steps: tuple[float, ...] = (
        *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
        *(60 * minutes for minutes in (1, 2, 5, 10, 15, 30)),
        *(3600 * hours for hours in (1, 2, 3, 6, 12, 24, 48, 120, 240)),
    )

    def step(self) -> float:
        """Return the seconds between ticks: as many as leave each label its room."""
        axis: Any = self.axis
        low, high = sorted(axis.get_view_interval())
        width, height = size(axis.axes)
        most = max(2, int(width / 48) if axis.axis_name == "x" else int(height / 24))
        fitting = (step for step in self.steps if (high - low) / step <= most)
        return next(fitting, (high - low) / most)

    def __call__(self) -> list[float]:
        axis: Any = self.axis
        low, high = axis.get_view_interval()
        return self.tick_values(low, high)

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        low, high = sorted((vmin, vmax))
        step = self.step()
        return [k * step for k in range(math.ceil(low / step - 1e-9), int(high / step + 1e-9) + 1)]


class _TimeFormatter(Formatter):
    """m:ss, from an hour on h:mm:ss, and tenths where the ticks are that close."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        axis: Any = self.axis
        locator = axis.major.locator
        return clock(x, 1 if isinstance(locator, _TimeLocator) and locator.step() < 1 else 0)


def times(ax: Axes, first: float, last: float) -> None:
    """Make the horizontal axis one of times, from the first to the last second."""
    ax.set_xlim(first, last)
    ax.xaxis.set_major_locator(_TimeLocator())
    ax.xaxis.set_major_formatter(_TimeFormatter())


def room_below(ax: Axes) -> float:
    """Tell the share of the height to leave free, lest the first time touch a label at the left."""
    return SMALL / size(ax)[1]


def note(ax: Axes, text: str) -> None:
    """Write a line, or the lines of what was `wrapped`, below the axes."""
    ax.set_xlabel(text, loc="left", **text_style(ax, SMALL, soft=True, outside=True))


def wrapped(ax: Axes, text: str, points: float) -> str:
    """Break a sentence of ours into lines as wide as the axes, three at most."""
    # A letter is about half as wide as it is high.
    room = max(20, int(size(ax)[0] / (0.56 * points)))
    return "\n".join(textwrap.wrap(plain(text), room, max_lines=3, placeholder=" …"))


def nothing(ax: Axes, what: str, why: str) -> Axes:
    """Draw an honest empty picture: what it would show, and what is missing for it."""
    bare(ax)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.text(
        0.5, 0.56, what, transform=ax.transAxes, ha="center", va="center", **text_style(ax, TITLE)
    )
    ax.text(
        0.5,
        0.42,
        why,
        transform=ax.transAxes,
        ha="center",
        va="center",
        **text_style(ax, LABEL, soft=True),
    )
    return ax


def swatch(colour: str) -> Patch:
    """Make the handle of a colour for a legend."""
    return Patch(facecolor=colour, edgecolor="none", linewidth=0)


def legend(
    ax: Axes, handles: Sequence[Any], labels: Sequence[str], *, inside: bool = False
) -> None:
    """Draw a legend below the axes, under the note if there is one, or inside at the upper right.

    From handles and labels, since matplotlib drops labels that begin with an underscore.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    told = ax.get_xlabel()
    lower = 20 + 1.6 * SMALL * (told.count("\n") + 1 if told else 0)
    below = ScaledTranslation(0, -lower / 72, figure.dpi_scale_trans)
    place: dict[str, Any] = {
        "loc": "upper left",
        "bbox_to_anchor": (0, 0),
        "bbox_transform": ax.transAxes + below,
        "ncols": _entries_in(size(ax)[0], labels),
    }
    if inside:
        place = {"loc": "upper right"}
    made = ax.legend(
        handles,
        labels,
        frameon=False,
        borderaxespad=0,
        columnspacing=1.4,
        prop={"size": SMALL},
        **place,
    )
    for text in made.get_texts():
        text.set(**text_style(ax, SMALL, soft=True, outside=not inside))


def _entries_in(points: float, labels: Sequence[str]) -> int:
    """Tell how many entries of a legend fit side by side."""
    widest = SMALL * (max(map(width, labels), default=0) + 4.5)
    return max(1, min(4, int(points / widest)))
