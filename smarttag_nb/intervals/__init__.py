"""Time ranges: `(start, end)` pairs in seconds, merged, measured, compared and joined.

A range runs from its start up to its end. One with a missing or reversed end covers nothing, and
one that ends where it starts is a moment: it is merged, and covers no time.
"""

from .joins import bounds, join, most_shared
from .ranges import clock, coverage, merge, merge_groups, pack, union, union_by
from .ratios import infer_duration, ratio_is_off, ratio_rounding

__all__ = [
    "bounds",
    "clock",
    "coverage",
    "infer_duration",
    "join",
    "merge",
    "merge_groups",
    "most_shared",
    "pack",
    "ratio_is_off",
    "ratio_rounding",
    "union",
    "union_by",
]
