"""Lines on screen out of OCR alone: each text once, from when to when, with its role."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import tables
from .arguments import check_size, checked
from .found import Found, find
from .observations import Floats
from .roles import assign
from .text import Normaliser


def lines(
    ocr: pd.DataFrame,
    size: tuple[float, float] | None = None,
    normaliser: Normaliser | None = None,
) -> pd.DataFrame:
    """Find the lines on screen, each once however many frames it was read on.

    Parameters
    ----------
    ocr : pandas.DataFrame
        The contract table ``ocr`` (`tables.describe`), such as ``job.best("ocr")``: sampled
        (timestamp) at any step, or as ranges (start_time, end_time). Text and time are enough.
    size : (float, float), optional
        Width and height of the frame (px); estimated from the boxes otherwise.
    normaliser : callable, optional
        Maps a text to the one it is compared by, such as traditional to simplified characters.

    Returns
    -------
    pandas.DataFrame
        A row per line: line_id, start_time, end_time (s), text, role (subtitle, translation,
        ticker, caption, slide, fixed or scene), x1, y1, x2, y2 (px), rows (list of ocr_id),
        frames, vote_share (0–1) and speech_support (NaN: there is no speech). Every row of `ocr`
        that has text is in the rows of exactly one line; one that holds two rows in two scripts,
        of two.

    Raises
    ------
    ContractError
        `ocr` cannot be made to fit its contract table.
    InvalidArgument
        The size is none, or the normaliser is no function that returns a text.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine")
    >>> found = lines(job.best("ocr"))
    >>> found.role.value_counts()["ticker"].item()
    1
    """
    check_size(size)
    found = find(tables.conform(ocr, "ocr"), normaliser=checked(normaliser))
    return with_roles(found, assign(found, size))


def with_roles(found: Found, role: npt.ArrayLike, support: Floats | None = None) -> pd.DataFrame:
    """Put lines into the form in which they are given out."""
    frame = found.frame.copy()
    frame.insert(4, "role", pd.Series(np.asarray(role, dtype=object), dtype=tables.TEXT))
    frame["speech_support"] = np.nan if support is None else support
    return frame
