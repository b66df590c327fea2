"""A window that slides over an alignment, and what differs there as text."""

from __future__ import annotations

import math

import ipywidgets
import pandas as pd

from ... import intervals, plots
from ...alignment.result import Alignment, check_alignment
from ...alignment.variants import variants
from ...intervals import clock
from ...plots import style
from ...plots.selection import aligned_span, in_picture, timed
from .panel import SHARP, Panel, across, slider


def alignment(alignment: Alignment) -> AlignmentPanel:
    """Show an alignment through a window that slides over it, and what differs there as text.

    Parameters
    ----------
    alignment : Alignment
        What `align` returned.

    Returns
    -------
    AlignmentPanel
        A container to show in a cell.

    Raises
    ------
    InvalidArgument
        `alignment` is none.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> panel = stag.panels.alignment(stag.align(stag.samples.load("magazine")))
    >>> panel.length.value = 20
    >>> panel.shown[["said", "written"]].values.tolist()
    [['纸', '脂'], ['清清', '轻轻']]
    """
    check_alignment(alignment)
    return AlignmentPanel(alignment)


class AlignmentPanel(Panel):
    """A window over an alignment; `alignment` makes it.

    Attributes
    ----------
    start, length : ipywidgets.FloatSlider
        The window in seconds of the picture.
    differences : ipywidgets.Textarea
        What differs in the window, sentence by sentence: ``[said → written]``, ``[−said]`` where
        it is not written, ``[+written]`` where it is not said.
    shown : pandas.DataFrame
        A row per difference in the window: start_time and end_time (s) of the line it is in,
        group_id, speech_id, line_id, said and written, one of them empty where the other has
        more, and text, the sentence with its differences marked.
    """

    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment
        self._all = variants(alignment)
        said = in_picture(alignment) if alignment.clock.ok else alignment.speech
        _, last = aligned_span(said, alignment.lines)
        self._said = said
        self._last = max(_SHORTEST, math.ceil(last))
        is_long = self._last > _SHORTEST
        self.length = slider(
            ipywidgets.FloatSlider,
            "length (s)",
            "How many seconds are shown",
            min=_SHORTEST,
            max=min(self._last, _LONGEST_WINDOW),
            value=30.0,
            step=1.0,
            readout_format=".0f",
            disabled=not is_long,
        )
        self.start = slider(
            ipywidgets.FloatSlider,
            "start (s)",
            "Where the window begins",
            max=self._last - self.length.value,
            step=1.0,
            readout_format=".0f",
            disabled=not is_long,
        )
        self._buttons = [
            ipywidgets.Button(
                description=f"difference {which}",
                icon=icon,
                tooltip=f"Go to where speech and screen differ {which} this window",
                layout=ipywidgets.Layout(width="160px"),
            )
            for which, icon in (("before", "arrow-left"), ("after", "arrow-right"))
        ]
        self.differences = ipywidgets.Textarea(
            disabled=True,
            rows=6,
            placeholder="Nothing differs in this window.",
            layout=ipywidgets.Layout(width="960px", max_width="100%"),
        )
        super().__init__(
            across(self.start, self.length), across(*self._buttons), texts=[self.differences]
        )
        self._buttons[0].on_click(lambda _: self._go(self._earlier()))
        self._buttons[1].on_click(lambda _: self._go(self._later()))
        self.start.observe(self._redraw, "value")
        self.length.observe(self._stretch, "value")
        self._redraw()

    def _earlier(self) -> float:
        """Tell when the last difference before the window is; −infinity where there is none."""
        begins = self._all["start_time"].to_numpy()
        return float(begins[begins < self.start.value].max(initial=-math.inf))

    def _later(self) -> float:
        """Tell when the first difference after the window is; infinity where there is none."""
        begins = self._all["start_time"].to_numpy()
        end = self.start.value + self.length.value
        return float(begins[begins >= end].min(initial=math.inf))

    def _go(self, time: float) -> None:
        """Let the window begin at a difference."""
        if math.isfinite(time):
            self.start.value = min(max(0.0, math.floor(time)), self.start.max)

    def _stretch(self, _: object = None) -> None:
        # The window never reaches beyond the end: a later start moves back.
        self.start.max = max(0.0, self._last - self.length.value)
        self._redraw()

    def _redraw(self, _: object = None) -> None:
        start, length = self.start.value, self.length.value
        if not self._is_new(start, length):
            return
        end = start + length
        inside = (self._all["start_time"] < end) & (self._all["end_time"] > start)
        self.shown = self._all[inside].reset_index(drop=True)
        found = f"{len(self.shown):,} of {len(self._all):,} differences"
        self.told.value = f"{clock(start)} to {clock(end)} · {found}, [said → written]"
        lanes = _lanes(timed(self._said, start, end), timed(self._alignment.lines, start, end))
        self._draw(
            (9.6, 1.2 + style.ROW * lanes),
            SHARP,
            lambda ax: plots.alignment(self._alignment, ax, start=start, end=end),
        )
        sentences = self.shown.drop_duplicates("group_id")
        self.differences.value = "\n".join(
            f"{clock(time, 1)}  {style.plain(text)}"
            for time, text in zip(sentences["start_time"], sentences["text"], strict=True)
        )
        self._buttons[0].disabled = not math.isfinite(self._earlier())
        self._buttons[1].disabled = not math.isfinite(self._later())


_SHORTEST, _LONGEST_WINDOW = 5.0, 600.0
"""Seconds of the shortest and the longest window."""


def _lanes(speech: pd.DataFrame, lines: pd.DataFrame) -> float:
    """Count the lanes that a picture of these has, and what is between them."""
    lanes = 2.4
    for _, own in [("speech", speech), *lines.groupby("role", dropna=False)]:
        packed = intervals.pack(own["start_time"], own["end_time"])
        lanes += 0.12 + min(3, int(packed.max(initial=0)) + 1)
    return max(4.0, lanes)
