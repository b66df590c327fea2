"""How hard a made case is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """How hard a case is."""

    ocr_error: float
    """Characters that OCR misreads."""
    asr_error: float
    """Characters (Chinese) or words (English) that ASR mishears."""
    missed: float
    """Frames on which OCR misses a text."""
    jitter: float
    """Deviation of a box edge (px at 720 rows)."""
    broken: float
    """Readings split into two boxes side by side; half as many come twice."""
    offset: float
    """Largest offset of the picture's clock (s)."""
    drift: float
    """Largest drift of it."""
    lead: float
    """Deviation of a subtitle's start from the speech's (s)."""
    loose: float
    """Sentences that ASR splits, and that it joins to the next one."""
    paraphrased: float
    """Subtitles that leave out or replace a word."""
    bare: float
    """Sentences without a subtitle."""
    lost: float
    """Sentences that ASR does not hear at all; half as many are heard where nothing is said."""
    clutter: float
    """Other texts, as a factor."""


LEVELS = {
    "clean": Level(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    "easy": Level(0.02, 0.05, 0.01, 0.8, 0.01, 1.5, 2e-4, 0.10, 0.08, 0.02, 0.03, 0, 0.6),
    "mid": Level(0.05, 0.10, 0.03, 1.5, 0.02, 3.0, 5e-4, 0.18, 0.15, 0.04, 0.06, 0.005, 1.0),
    "hard": Level(0.10, 0.15, 0.06, 2.5, 0.04, 3.0, 1e-3, 0.28, 0.22, 0.08, 0.12, 0.02, 1.5),
}
