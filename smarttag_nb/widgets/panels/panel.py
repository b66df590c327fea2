"""What panels share: how they draw, how they are laid out, and how labels are chosen in them."""

from __future__ import annotations

import io
import unicodedata
import warnings
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import ipywidgets
import numpy as np
import pandas as pd
import traitlets
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from ...job import Job
from ...plots import style
from ...tables import KINDS


class Panel(ipywidgets.VBox):
    """What panels share: controls, a line that tells, and a picture drawn anew where it changes."""

    shown = traitlets.Instance(pd.DataFrame, help="What the picture shows.")

    def __init__(self, *controls: Any, texts: Sequence[Any] = ()) -> None:
        self.told = ipywidgets.Label()
        self.picture = ipywidgets.Image(format="png")
        self.picture.layout.max_width = "100%"
        self._state: Hashable = None
        super().__init__([*controls, self.told, *texts, self.picture])

    def _is_new(self, *state: Hashable) -> bool:
        """Tell whether there is something else to draw: one change of a control leads to others."""
        if state == self._state:
            return False
        self._state = state
        return True

    def _draw(self, size: tuple[float, float], dpi: int, draw: Callable[[Axes], object]) -> None:
        """Draw a picture of a size in inches, and tell what it met."""
        self.picture.value, met = _png(size, dpi, draw)
        self.picture.layout.width = f"{round(size[0] * _PIXELS)}px"
        self.told.value = "; ".join([self.told.value, *met])

    def _draw_nothing(self, what: str, why: str) -> None:
        """Draw an empty picture that tells why it is.

        It may quote the answer, whose mathematics a label would typeset and a picture does not.
        """
        self._draw(
            (7.2, 2.4),
            SHARP,
            lambda ax: style.nothing(ax, what, style.wrapped(ax, why, style.LABEL)),
        )


_PIXELS = 100
"""Pixels of the page that an inch of a picture takes, as of a plot in a notebook."""

SHARP, PHOTOGRAPH = 200, 150
"""Dots an inch: a dense display shows those of a drawing; a frame has no more to show."""


def _png(
    size: tuple[float, float], dpi: int, draw: Callable[[Axes], object]
) -> tuple[bytes, list[str]]:
    """Draw into a figure that no one else knows of, whatever backend is in use."""
    figure = Figure(size, dpi=dpi, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    red, green, blue, alpha = to_rgba(figure.get_facecolor())
    white = 1 - alpha
    figure.set_facecolor((alpha * red + white, alpha * green + white, alpha * blue + white))
    # As in a plot's own figure: these margins stand for the layout until it is made.
    ax = figure.subplots(gridspec_kw={"left": 0.01, "right": 0.99, "bottom": 0.05, "top": 0.95})
    png = io.BytesIO()
    with warnings.catch_warnings(record=True) as met:
        warnings.simplefilter("always", UserWarning)
        draw(ax)
        canvas.print_png(png)  # type: ignore[no-untyped-call]
    return png.getvalue(), list(dict.fromkeys(str(one.message) for one in met))


def why_without(job: Job, what: str) -> str:
    """Tell why an answer has nothing of some sort."""
    if any(len(job[table]) for table in ("labels", "occurrences", "boxes")) or not job.status:
        return f"The answer holds no {what}."
    reason = f": {job.reason}" if job.reason else "."
    return f"The answer holds no {what}; its status is {job.status}{reason}"


def slider(kind: Any, description: str, tooltip: str, **more: Any) -> Any:
    """Make a slider that tells its value when it is let go: each value is a picture."""
    return kind(
        description=description,
        tooltip=tooltip,
        continuous_update=False,
        layout=ipywidgets.Layout(width="340px", max_width="100%"),
        **more,
    )


def kind_of(labels: pd.DataFrame) -> Any:
    """Make the choice of a kind, with how many labels there are of each."""
    counts = labels["kind"].value_counts()
    there = [kind for kind in KINDS if kind in counts]
    return ipywidgets.Dropdown(
        options=[(f"all ({len(labels):,})", None), *((f"{k} ({counts[k]:,})", k) for k in there)],
        description="kind",
        layout=ipywidgets.Layout(width="220px"),
    )


def search_field() -> Any:
    """Make the field for a part of a name."""
    return ipywidgets.Text(
        description="name",
        placeholder="part of a name",
        continuous_update=False,
        layout=ipywidgets.Layout(width="260px"),
    )


def across(*widgets: Any) -> Any:
    """Put widgets side by side, as far as there is room."""
    return ipywidgets.HBox(widgets, layout=ipywidgets.Layout(flex_flow="row wrap"))


def _folded(text: Any) -> str:
    return unicodedata.normalize("NFKC", text).casefold() if isinstance(text, str) else ""


def chosen_labels(labels: pd.DataFrame, kind: str | None, part: str) -> pd.DataFrame:
    """List the labels of a kind whose names have a part, whatever its width and case."""
    if kind is not None:
        labels = labels[labels["kind"] == kind]
    part = _folded(part.strip())
    has_part = np.array([part in _folded(name) for name in labels["name"]], dtype=bool)
    return labels[has_part]
