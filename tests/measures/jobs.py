"""Jobs of tables made up for a test."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
from hypothesis import settings

import smarttag_nb as stag

# A measure of a job costs a hundred times what its arithmetic does.
on_whole_jobs = settings(max_examples=max(60, settings().max_examples // 15))

EMPTY = stag.samples.load("magazine", "pending")


def job_of(seconds: float = float("nan"), **tables: dict[str, Any]) -> stag.Job:
    """A job of that duration with these tables, given by columns."""
    made = {
        name: stag.tables.conform(pd.DataFrame(columns), name) for name, columns in tables.items()
    }
    duration = dataclasses.replace(EMPTY.duration, seconds=seconds)
    return dataclasses.replace(EMPTY, duration=duration, tables={**EMPTY.tables, **made})


def same_form(frame: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two frames have the same columns and dtypes."""
    return bool(frame.dtypes.equals(other.dtypes))
