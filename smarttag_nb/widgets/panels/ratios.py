"""Appearance ratios, over thresholds of score and ratio."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

import ipywidgets
import pandas as pd

from ... import plots
from ...job import Job, check_job
from ...measures.presence import presence
from ...plots import style
from .panel import SHARP, Panel, across, chosen_labels, kind_of, search_field, slider, why_without


def ratios(job: Job, *, result_type: str | None = None) -> RatiosPanel:
    """Show appearance ratios, with thresholds to set by sliders.

    Parameters
    ----------
    job : Job
        An answer.
    result_type : str, optional
        The result type to take, in place of the one `Job.best` prefers.

    Returns
    -------
    RatiosPanel
        A container to show in a cell.

    Raises
    ------
    InvalidArgument
        `job` is none.
    UnknownName
        The answer has no labels of that result type.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> panel = stag.panels.ratios(stag.samples.load("magazine"))
    >>> panel.ratio.value = 30
    >>> panel.shown.name.tolist()
    ['晨间手记', '讲话', '咖啡杯']
    """
    check_job(job)
    return RatiosPanel(job, result_type)


class RatiosPanel(Panel):
    """Appearance ratios over two thresholds; `ratios` makes it.

    Attributes
    ----------
    kind, name : ipywidgets.Dropdown, ipywidgets.Text
        Only labels of this kind (None: all), with this part in their names.
    score : ipywidgets.FloatSlider
        Occurrences with a lower score (percent, 0–100) are not counted: the measured ratio is of
        those left, and a label without any is left out. An occurrence without a score has its
        label's; where neither has one, it counts at 0 alone.
    ratio : ipywidgets.FloatSlider
        Labels with a lower ratio (percent, 0–100; the reported one, else the measured) are left
        out.
    top : ipywidgets.IntSlider
        How many labels to draw, at most.
    shown : pandas.DataFrame
        As `measures.presence` has them, the labels that pass, drawn or folded, longest first.
    """

    def __init__(self, job: Job, result_type: str | None) -> None:
        labels = job.best("labels", result_type)
        seen = job["occurrences"]
        seen = seen[seen["label_id"].isin(labels["label_id"])]
        own = seen["label_id"].map(labels.set_index("label_id")["score"]).to_numpy()
        self._job, self._labels = job, labels
        self._seen = seen.assign(certain=seen["score"].fillna(pd.Series(own, seen.index)))
        self._scored: tuple[float, pd.DataFrame] = (0.0, self._measured(0.0))
        known = self._scored[1]
        self._total = len(known)
        longest = float(known["bar"].max()) if self._total else 0.0
        most = math.ceil(100 * min(1.0, longest)) or 100
        self.kind, self.name = kind_of(known), search_field()
        # In percent, not shown as such: what is typed into a slider is read without its sign, and
        # what only looks like 30% would become 30.
        self.score = slider(
            ipywidgets.FloatSlider,
            "score ≥ (%)",
            "Occurrences with a lower score are not counted",
            max=100.0,
            step=1.0,
            readout_format=".1f",
            disabled=not self._seen["certain"].notna().any(),
        )
        self.ratio = slider(
            ipywidgets.FloatSlider,
            "ratio ≥ (%)",
            "Labels with a lower ratio are left out",
            max=most,
            step=0.5 if most > 10 else 0.1,
            readout_format=".1f",
            disabled=not self._total,
        )
        self.top = slider(
            ipywidgets.IntSlider,
            "rows",
            "How many labels to draw, at most",
            min=1,
            max=max(1, min(_MOST_ROWS, self._total)),
            value=20,
            disabled=self._total < 2,
        )
        super().__init__(
            across(self.kind, self.name),
            across(self.score, self.ratio),
            across(self.top),
        )
        for control in (self.kind, self.name, self.score, self.ratio, self.top):
            control.observe(self._redraw, "value")
        self._redraw()

    def _measured(self, score: float) -> pd.DataFrame:
        """Measure the labels with a ratio, counting only occurrences of that score."""
        table = presence(self._narrowed(score))
        bar = table["ratio_reported"].fillna(table["ratio_measured"])
        table = table.assign(bar=bar)[bar > 0]
        return table.sort_values("bar", ascending=False, kind="stable")

    def _narrowed(self, score: float, labels: Iterable[int] | None = None) -> Job:
        """Give the job with the occurrences of that score, and the labels that have any."""
        seen, kept = self._seen, self._labels
        if score > 0:
            seen = seen[seen["certain"] >= score - _ROUNDING]
            kept = kept[kept["label_id"].isin(seen["label_id"])]
        if labels is not None:
            kept = kept[kept["label_id"].isin(labels)]
        tables = {**self._job.tables, "labels": kept, "occurrences": seen.drop(columns="certain")}
        return dataclasses.replace(self._job, tables=tables)

    def _redraw(self, _: object = None) -> None:
        score, ratio, top = self.score.value / 100, self.ratio.value / 100, self.top.value
        if not self._is_new(self.kind.value, self.name.value, score, ratio, top):
            return
        if self._scored[0] != score:
            self._scored = score, self._measured(score)
        scored = self._scored[1]
        shown = chosen_labels(scored, self.kind.value, self.name.value)
        shown = shown[shown["bar"] >= ratio - _ROUNDING].drop(columns="bar")
        self.told.value = f"{len(shown):,} of {self._total:,} labels with a ratio"
        if len(shown):
            job = self._narrowed(score, shown["label_id"])
            rows = min(top, len(shown)) + (len(shown) > top)
            size = (7.2, 1.6 + style.ROW * max(3, rows))
            self._draw(size, SHARP, lambda ax: plots.ratios(job, ax, top=top))
        elif self._total:
            asked = [f"a score of {self.score.value:.3g}% or more"] * (score > 0)
            asked += [f"a ratio of {self.ratio.value:.3g}% or more"] * (ratio > 0)
            asked += ["that name"] * bool(self.name.value.strip())
            why = f"No {self.kind.value or 'label'} has {' and '.join(asked) or 'a ratio'}."
            self._draw_nothing("No label is left", why)
        else:
            why = why_without(self._job, "labels with ratios or time ranges")
            self._draw_nothing("No label with a ratio", why)
        self.shown = shown.reset_index(drop=True)


_MOST_ROWS = 60
"""Rows of a picture that is still looked at as one."""

_ROUNDING = 1e-9
"""What a slider's steps may differ by from the numbers that they are compared with."""
