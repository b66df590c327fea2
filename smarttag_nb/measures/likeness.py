"""Which labels of two sides share time, and for how long, found without looking at every pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import intervals
from .sides import Side
from .spans import BOTH, ONE, OTHER, Floats, Positions, Spans

_STRETCHES = 64
"""Into how many stretches all time is parted: more tell labels apart better, and take longer."""

_AT_ONCE = 1 << 20
"""How many pairs, of labels or of ranges, are looked at at once: 8 MB an array."""


def sharing(
    auto: Side, hmi: Side, group_auto: Positions, group_hmi: Positions
) -> tuple[Positions, Positions, Floats]:
    """List the labels of one group that share time, and for how many seconds."""
    moments = np.unique(np.concatenate([auto.start, auto.end, hmi.start, hmi.end]))
    common = np.intersect1d(group_auto[group_auto >= 0], group_hmi)
    if not len(common):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, np.empty(0)
    lifted, owners = [], []
    for side, group in ((auto, group_auto), (hmi, group_hmi)):
        own = group[side.owner]
        kept = np.flatnonzero(np.isin(own, common))
        # Times by their order, each group above the last: only what is of one group overlaps.
        lift = own[kept] * len(moments)
        start, end = (np.searchsorted(moments, t[kept]) + lift for t in (side.start, side.end))
        lifted.append(pd.DataFrame({"start_time": start, "end_time": end}, index=kept))
        owners.append(side.owner[kept])
    ranges, others = lifted
    # Of the others, all that begin before a range ends, but for those that end before it begins.
    overlaps = np.searchsorted(np.sort(others["start_time"]), ranges["end_time"])
    overlaps -= np.searchsorted(np.sort(others["end_time"]), ranges["start_time"], side="right")
    width = max(1, len(hmi.labels))
    parts = []
    for block in _blocks(np.bincount(owners[0], overlaps, len(auto.labels))):
        first, stop = np.searchsorted(owners[0], [block.start, block.stop])
        found = intervals.join(ranges.iloc[first:stop], others)
        one, other = found["row_a"].to_numpy(), found["row_b"].to_numpy()
        seconds = np.minimum(auto.end[one], hmi.end[other])
        seconds -= np.maximum(auto.start[one], hmi.start[other])
        one, other, seconds = one[seconds > 0], other[seconds > 0], seconds[seconds > 0]
        pair, place = np.unique(auto.owner[one] * width + hmi.owner[other], return_inverse=True)
        parts.append((*np.divmod(pair, width), np.bincount(place, seconds, len(pair))))
    left, right, shared = (np.concatenate(some) for some in zip(*parts, strict=True))
    return left, right, shared.astype(np.float64)


def _blocks(costs: npt.NDArray[Any]) -> Iterator[slice]:
    """Part positions into blocks that cost as much as is looked at at once, or are a single one."""
    total = np.append(0, np.cumsum(costs))
    first = 0
    while first < len(costs):
        most = int(np.searchsorted(total, total[first] + _AT_ONCE, side="right")) - 1
        stop = max(first + 1, most)
        yield slice(first, stop)
        first = stop


def similar(
    auto: Side, hmi: Side, group_auto: Positions, group_hmi: Positions, least: float
) -> tuple[Positions, Positions, Floats]:
    """List the labels of one group whose IoU may reach the least, and for how long they share time.

    In a stretch of time, two labels that are told for a and b seconds of it share min(a, b) at
    most, and that is √a√b at most. Summed over all stretches that is a product of matrices, which
    leaves hardly more than those that are alike, and looks at no pair of ranges.
    """
    nothing = np.empty(0, dtype=np.int64)
    edges = np.unique(np.concatenate([auto.start, auto.end, hmi.start, hmi.end]))
    common = np.intersect1d(group_auto[group_auto >= 0], group_hmi)
    if len(edges) < 2 or not len(common):
        return nothing, nothing, np.empty(0)
    # Where ranges are dense, stretches are short.
    edges = edges[np.unique(np.linspace(0, len(edges) - 1, _STRETCHES + 1).astype(np.int64))]
    among = (np.isin(group_auto, common), np.isin(group_hmi, common))
    roots = [
        np.sqrt(_seconds_within(side, edges, own))
        for side, own in zip((auto, hmi), among, strict=True)
    ]
    lengths = (auto.seconds, hmi.seconds)
    # shared / (one + other - shared) ≥ least, solved for what is shared; products round.
    needed_share = least / (1 + least) * (1 - 1e-9)
    lefts, rights = [nothing], [nothing]
    members = (_members(group_auto, common), _members(group_hmi, common))
    for own, others in zip(*members, strict=True):
        block = max(1, _AT_ONCE // len(others))
        for first in range(0, len(own), block):
            some = own[first : first + block]
            most = roots[0][some] @ roots[1][others].T
            needed = (lengths[0][some][:, None] + lengths[1][others]) * needed_share
            one, other = np.nonzero((most >= needed) & (needed > 0))
            lefts.append(some[one])
            rights.append(others[other])
    left, right = np.concatenate(lefts), np.concatenate(rights)
    return left, right, _shared(auto, hmi, left, right)


def _seconds_within(side: Side, edges: Floats, among: npt.NDArray[np.bool_]) -> Floats:
    """Measure how long labels among those asked for are told between every two edges."""
    kept = among[side.owner]
    start, end = side.start[kept, None], side.end[kept, None]
    within = np.maximum(np.minimum(end, edges[1:]) - np.maximum(start, edges[:-1]), 0.0)
    owners, first = np.unique(side.owner[kept], return_index=True)
    seconds = np.zeros((len(side.labels), len(edges) - 1))
    if len(owners):
        seconds[owners] = np.add.reduceat(within, first)
    return seconds


def _members(group: Positions, common: Positions) -> list[Positions]:
    """List the labels of each of these groups."""
    order = np.argsort(group, kind="stable")
    first, stop = (np.searchsorted(group[order], common, side) for side in ("left", "right"))
    return [order[one:other] for one, other in zip(first, stop, strict=True)]


def _shared(auto: Side, hmi: Side, left: Positions, right: Positions) -> Floats:
    """Measure for how long the two labels of each pair are both told."""
    one, other = (np.bincount(side.owner, minlength=len(side.labels)) for side in (auto, hmi))
    shared = np.zeros(len(left))
    for block in _blocks(one[left] + other[right]):
        parts = []
        for side, at in ((auto, left[block]), (hmi, right[block])):
            first, stop = (np.searchsorted(side.owner, at, edge) for edge in ("left", "right"))
            pair = np.repeat(np.arange(len(at)), stop - first)
            skipped = first - (np.cumsum(stop - first) - (stop - first))
            own = np.arange(len(pair)) + skipped[pair]
            parts.append((pair, side.start[own], side.end[own]))
        pair, start, end = (np.append(*both) for both in zip(*parts, strict=True))
        sides = np.repeat([ONE, OTHER], [len(parts[0][0]), len(parts[1][0])])
        spans = Spans.of(pair, start, end, sides, block.stop - block.start)
        shared[block] = spans.seconds(BOTH)
    return shared
