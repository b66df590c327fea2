"""Plots of an alignment, by what they draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

import smarttag_nb as stag
from smarttag_nb.alignment.result import ROLES, Alignment
from smarttag_nb.plots import style
from smarttag_nb.plots.text_agreement import _columns
from tests.alignment.made import (
    ENGLISH,
    alignment_of,
    empty,
    frame_of,
    scores_of,
    speech_of,
    spoken,
)

Bounds = tuple[float, float, float, float]


def bars(ax: Axes) -> list[list[Bounds]]:
    """Left, right, top and bottom of all bars, by artist."""
    return [
        [(*sorted(p.vertices[:4, 0])[::3], *sorted(p.vertices[:4, 1])[::3]) for p in c.get_paths()]
        for c in ax.collections
        if isinstance(c, PolyCollection)
    ]


def colours(ax: Axes, artist: int) -> list[tuple[float, ...]]:
    found = [c for c in ax.collections if isinstance(c, PolyCollection)]
    return [tuple(colour) for colour in found[artist].get_facecolor()]


def line(
    start: float, end: float, text: str, role: str = "subtitle", **more: Any
) -> dict[str, Any]:
    box = {"x1": 10.0, "y1": 640.0, "x2": 900.0, "y2": 680.0}
    return {"start_time": start, "end_time": end, "text": text, "role": role, **box, **more}


def link(speech_id: int, line_id: int, **more: Any) -> dict[str, Any]:
    plain = {"kind": "text", "purity": 1.0, "speech_span": None, "line_span": None}
    return {"speech_id": speech_id, "line_id": line_id, **plain, **more}


def put_together(
    speech: Sequence[tuple[float, float, str]],
    lines: Sequence[dict[str, Any]],
    links: Sequence[dict[str, Any]] = (),
    **parts: Any,
) -> Alignment:
    numbered = [{"line_id": k, **row} for k, row in enumerate(lines)]
    return replace(
        empty(),
        speech=speech_of(speech),
        lines=frame_of("lines", numbered),
        links=frame_of("links", links),
        **parts,
    )


def names(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def test_speech_stands_above_and_a_role_has_a_row() -> None:
    rows = [line(1, 2, "x", role) for role in reversed(ROLES)]
    ax = stag.plots.alignment(put_together([(0, 3, "x")], rows))
    assert names(ax) == ["speech", *ROLES]
    _, speech, *others = bars(ax)
    assert [bar[:2] for bar in speech] == [(0, pytest.approx(3, abs=0.1))]
    tops = [top for [(_, _, top, _)] in others]
    assert tops == sorted(tops)
    assert speech[0][3] < tops[0]


def test_a_ribbon_joins_the_matched_parts() -> None:
    alignment = put_together(
        [(0, 10, "0123456789")],
        [line(20, 24, "5678")],
        [link(0, 0, speech_span=(5, 9), line_span=(0, 4))],
    )
    ax = stag.plots.alignment(alignment)
    ribbons = ax.collections[-3].get_paths()
    (corners,) = [path.vertices[:4] for path in ribbons]
    assert corners[:, 0].tolist() == [5, 9, 24, 20]
    (said,), (shown,) = bars(ax)[1:]
    assert corners[0, 1] == corners[1, 1] == pytest.approx(said[3])
    assert corners[2, 1] == corners[3, 1] == pytest.approx(shown[2])


@pytest.mark.parametrize("offset", [600.0, -5.0])
def test_sentences_stand_where_the_clock_puts_them_in_the_picture(offset: float) -> None:
    alignment = alignment_of(spoken(40, ENGLISH), offset=offset, scenery=False)
    plain = alignment_of(spoken(40, ENGLISH), offset=0.0, scenery=False)
    start = max(0.0, offset)
    ax = stag.plots.alignment(alignment, start=start, end=start + 30)
    expected = stag.plots.alignment(plain, start=start - offset, end=start - offset + 30)
    assert ax.get_xlim() == (start, start + 30)
    for moved, own in zip(bars(ax), bars(expected), strict=True):
        assert np.array(moved) == pytest.approx(np.add(own, [offset, offset, 0, 0]))
    assert len(bars(ax)[0]) > 4
    assert "the clock" in ax.get_xlabel()


def test_a_sentence_and_its_line_are_drawn_in_the_pictures_span() -> None:
    alignment = alignment_of(spoken(40), offset=600.0, scenery=False)
    first, last = stag.plots.alignment(alignment).get_xlim()
    ends = [*alignment.lines["end_time"], *alignment.clock(alignment.speech["end_time"])]
    assert (first, last) == (0, pytest.approx(max(ends)))
    shorter = replace(alignment, clock=empty().clock, lines=alignment.lines[:0])
    assert stag.plots.alignment(shorter).get_xlim()[1] == alignment.speech["end_time"].max()


def test_a_cut_within_a_sentence_does_not_turn_it_round() -> None:
    cut = alignment_of(spoken(5), cut=(2.0, 30.0), scenery=False)
    late = cut.clock.pieces.assign(offset=cut.clock.pieces["offset"] + 40)
    moved = replace(cut, clock=replace(cut.clock, pieces=late))
    left, right, *_ = max(bars(stag.plots.alignment(moved))[1])
    start, end = cut.speech[["start_time", "end_time"]].iloc[0]
    assert (left, right) == (pytest.approx(start + 40.4), pytest.approx(end + 40.4, abs=0.2))


def test_ribbons_are_coloured_by_how_alike_the_parts_are() -> None:
    shares = [1.0, 0.9, 0.7, 0.3, np.nan]
    alignment = put_together(
        [(2 * k, 2 * k + 1, "x") for k in range(5)],
        [line(2 * k, 2 * k + 1, "x") for k in range(5)],
        [link(k, k, purity=p, kind="text" if p > 0 else "time") for k, p in enumerate(shares)],
    )
    ax = stag.plots.alignment(alignment)
    drawn = [colour[:3] for colour in colours(ax, 0)]
    grey = style.inks(ax).soft
    steps = [colour for _, colour, _ in style.AGREEMENT]
    # What is least alike is drawn last, over the others.
    assert drawn == [mpl.colors.to_rgb(colour) for colour in [grey, *steps]]
    told = [text.get_text() for text in ax.get_legend().get_texts()]
    assert told == [*(name for _, _, name in style.AGREEMENT), "linked by time alone"]


def test_lines_at_one_time_are_stacked() -> None:
    ax = stag.plots.alignment(put_together([(0, 1, "x")], [line(0, 4, "a"), line(2, 6, "b")]))
    one, other = bars(ax)[2]
    assert one[3] <= other[2]


def test_a_window_shows_what_is_in_it_and_ribbons_that_reach_into_it() -> None:
    alignment = put_together(
        [(0, 1, "a"), (10, 11, "b"), (30, 31, "c")],
        [line(5, 6, "a"), line(12, 13, "b"), line(33, 34, "c")],
        [link(k, k) for k in range(3)],
    )
    ax = stag.plots.alignment(alignment, start=4, end=20)
    assert ax.get_xlim() == (4, 20)
    ribbons, speech, lines = bars(ax)
    assert (len(ribbons), len(speech), len(lines)) == (2, 1, 2)


def test_texts_are_shown_where_a_sentence_has_room() -> None:
    alignment = alignment_of(spoken(200))
    assert not stag.plots.alignment(alignment).texts
    shown = [text.get_text() for text in stag.plots.alignment(alignment, start=0, end=20).texts]
    assert "LOGO 5" in shown
    assert all(len(text.rstrip("…")) > 1 for text in shown)


def test_a_text_ends_where_its_bar_does() -> None:
    ax = stag.plots.alignment(alignment_of(spoken(12, ("W" * 40, "宽" * 40))), start=0, end=30)
    ax.figure.canvas.draw()
    every = [bar for artist in bars(ax)[1:] for bar in artist]
    assert len(ax.texts) > 10
    for text in ax.texts:
        left, middle = text.xy
        end = max(b[1] for b in every if b[0] == pytest.approx(left) and b[2] <= middle <= b[3])
        assert text.get_window_extent().x1 <= ax.transData.transform((end, 0))[0] + 2


def test_a_row_that_nothing_said_belongs_to_steps_back() -> None:
    rows = [line(0, 1, "x"), line(0, 1, "x", "caption")]
    ax = stag.plots.alignment(put_together([(0, 1, "x")], rows, [link(0, 0)]))
    [subtitle], [caption] = colours(ax, 2), colours(ax, 3)
    assert subtitle[:3] == pytest.approx(mpl.colors.to_rgb(style.ROLES["subtitle"]))
    assert min(caption[:3]) > min(mpl.colors.to_rgb(style.ROLES["caption"]))


def test_without_a_clock_the_reason_stands_below() -> None:
    ax = stag.plots.alignment(replace(alignment_of(["a"] * 4), clock=empty("too few words").clock))
    assert ax.get_title(loc="left").endswith("no clock")
    assert ax.get_xlabel() == "too few words"


def test_missing_and_impossible_times_are_survived() -> None:
    nan = float("nan")
    alignment = put_together(
        [(nan, nan, "a"), (5, 2, "b"), (0, 1e300, "c"), (1, 2, "d")],
        [line(nan, nan, "a"), line(3, 1, "b"), line(1, 2, "d"), line(0, 9, "", "unheard of")],
        [link(0, 0), link(1, 1), link(2, 2, speech_span=(0, 99), line_span=(5, 2)), link(3, 3)],
    )
    for plot in (stag.plots.alignment, stag.plots.roles, stag.plots.text_agreement):
        plot(alignment).figure.canvas.draw()
    assert stag.plots.alignment(alignment).get_xlim() == (0, 9)


@pytest.mark.parametrize("plot", ["alignment", "clock", "roles", "text_agreement"])
def test_ten_thousand_rows_are_a_few_artists(plot: str) -> None:
    ax = getattr(stag.plots, plot)(alignment_of(spoken(7000)))
    assert len(ax.collections) + len(ax.lines) < 20
    assert not ax.texts


def test_the_clock_is_a_line_per_piece_through_its_anchors() -> None:
    alignment = alignment_of(spoken(100), offset=2.0, drift=0.001, cut=(200.0, 10.0))
    ax = stag.plots.clock(alignment)
    _off, on, first, second, cut = ax.lines
    assert len(on.get_xdata()) == alignment.clock.inliers
    for piece in (first, second):
        x = np.linspace(*piece.get_xdata(), 5)[:-1]
        drawn = np.interp(x, piece.get_xdata(), piece.get_ydata())
        assert drawn == pytest.approx(alignment.clock(x) - x)
    assert first.get_xdata()[1] == second.get_xdata()[0] == cut.get_xdata()[0] == 200
    low, high = ax.get_ylim()
    assert low < -8 < 2 < high


def test_anchors_off_the_clock_do_not_flatten_it() -> None:
    ax = stag.plots.clock(alignment_of(spoken(100)))
    assert np.diff(ax.get_ylim()) <= 3
    assert ax.get_xlabel().endswith("beyond what is drawn")


def test_a_clock_by_activity_has_no_anchors_and_says_so() -> None:
    ax = stag.plots.clock(alignment_of(spoken(40), method="activity"))
    assert len(ax.lines) == 1
    assert "come and go" in ax.get_xlabel()


@pytest.mark.parametrize("plot", ["alignment", "clock", "text_agreement"])
@pytest.mark.parametrize("width", [4, 9])
def test_a_long_reason_is_told_in_lines(plot: str, width: float) -> None:
    reason = "only 1 of 9 texts found on both sides agree on a time, as by chance; " * 3
    figure, ax = plt.subplots(figsize=(width, 3), layout="constrained")
    texts = alignment_of(["a"] * 4) if plot != "clock" else empty()
    getattr(stag.plots, plot)(replace(texts, clock=empty(reason).clock), ax)
    figure.canvas.draw()
    told = ax.texts[1] if plot == "clock" else ax.xaxis.label
    assert told.get_text().count("\n") in (1, 2)
    assert 0 <= told.get_window_extent().x0 < told.get_window_extent().x1 <= figure.bbox.x1
    assert plot == "clock" or ax.get_legend().get_window_extent().y1 <= told.get_window_extent().y0


def test_where_there_is_no_clock_texts_found_in_both_are_shown() -> None:
    good = alignment_of(spoken(40))
    anchors = good.clock.anchors.assign(inlier=False)
    clock = replace(empty("they contradict each other").clock, anchors=anchors)
    ax = stag.plots.clock(replace(good, clock=clock))
    (crosses,) = ax.lines
    assert len(crosses.get_xdata()) == len(anchors)
    assert ax.get_xlabel() == "they contradict each other"


def shares(ax: Axes) -> list[list[tuple[float, float]]]:
    """From where to where each part of the columns reaches."""
    return [[(round(top, 6), round(end, 6)) for _, _, top, end in part] for part in bars(ax)]


def test_a_column_holds_shares_of_what_is_written() -> None:
    counts = {"hits": 6, "substitutions": 2, "deletions": 2, "insertions": 1, "words": 10}
    scores = frame_of("scores", [{"line_id": 0, "word_errors": 4, **counts}])
    lines = [
        line(1, 2, "0123456789"),
        line(2, 3, "， 一二三四五六七八九十"),
        line(2, 60, "x", "scene"),
    ]
    alignment = put_together(
        [(0, 60, "x")], lines, [link(0, 0)], scores=scores_of(scores, missed=1)
    )
    ax = stag.plots.text_agreement(alignment)
    empty_ones, *parts = shares(ax)
    assert parts == [
        [(0, 0.3)], [(0.3, 0.4)], [(0.4, 0.5)], [(0.5, 1)], [(-0.05, 0)],
    ]  # fmt: skip
    assert len(empty_ones) == 11
    assert ax.get_title(loc="left") == (
        "Speech and subtitles: CER 50.0%, 1 of 2 subtitles said, per 5 s"
    )


@pytest.mark.parametrize(
    ("sentences", "per"),
    [(10, "5 s"), (30, "10 s"), (100, "30 s"), (300, "minute"), (3000, "minute"), (5000, "5 min")],
)
def test_columns_are_minutes_unless_few_or_many(sentences: int, per: str) -> None:
    ax = stag.plots.text_agreement(alignment_of(spoken(sentences), scenery=False))
    assert ax.get_title(loc="left").endswith(f"per {per}")
    assert sum(map(len, bars(ax))) < 5 * 240


@pytest.mark.parametrize("plot", ["roles", "text_agreement"])
def test_the_time_is_that_of_the_picture(plot: str) -> None:
    moved = alignment_of(spoken(40), offset=600.0, scenery=False)
    shown = moved.clock(moved.speech["end_time"]).max(), moved.lines["end_time"].max()
    draw = getattr(stag.plots, plot)
    assert draw(moved).get_xlim()[1] == pytest.approx(max(shown))
    # Without a clock the times of the speech tell nothing of the picture.
    clockless = replace(alignment_of(spoken(40), offset=-60.0), clock=empty().clock)
    assert draw(clockless).get_xlim()[1] == clockless.lines["end_time"].max()


def test_subtitles_in_another_language_are_told() -> None:
    good = alignment_of(spoken(10), method="activity")
    nothing = scores_of(frame_of("scores", []), missed=10)
    ax = stag.plots.text_agreement(replace(good, scores=nothing))
    assert ax.get_xlabel() == "no subtitle has a text in common with the speech"


def test_columns_sum_up_to_all_that_is_counted() -> None:
    alignment = alignment_of(spoken(200))
    columns = _columns(alignment, np.arange(0, 900, 60.0))
    scores = alignment.scores
    assert columns.sum(axis=0)[[0, 1, 2, 4]].tolist() == [
        scores.hits, scores.substitutions, scores.deletions, scores.insertions
    ]  # fmt: skip


def test_a_line_is_a_bar_at_its_height_in_its_roles_colour() -> None:
    rows = [line(0, 3, "a"), line(1, 9, "b", "fixed", y1=20.0, y2=60.0)]
    ax = stag.plots.roles(put_together([], rows, size=(1280.0, 720.0)))
    # What stays longest is drawn first, below the others.
    assert bars(ax) == [[(1, 9, 20, 60), (0, 3, 640, 680)]]
    drawn = [mpl.colors.to_hex(colour) for colour in colours(ax, 0)]
    assert drawn == [style.ROLES["fixed"], style.ROLES["subtitle"]]
    assert ax.get_yticks().tolist() == [0, 360, 720]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["subtitle (1)", "fixed (1)"]


def test_without_a_size_the_frame_ends_where_the_boxes_do() -> None:
    ax = stag.plots.roles(put_together([], [line(0, 3, "a")]))
    assert ax.get_yticks().tolist() == [0, 340, 680]


@pytest.mark.parametrize("layout", ["constrained", None])
@pytest.mark.parametrize("height", [1.4, 2.2, 3.4])
@pytest.mark.parametrize(("plot", "cut"), [("roles", 5.0), ("clock", 5.0), ("clock", 6.5)])
def test_the_lowest_label_does_not_touch_the_first_time(
    plot: str, cut: float, height: float, layout: str | None
) -> None:
    figure, ax = plt.subplots(figsize=(8, height), layout=layout)
    getattr(stag.plots, plot)(alignment_of(spoken(40), offset=0.0, cut=(80.0, cut)), ax)
    figure.canvas.draw()
    first = ax.get_xticklabels()[0].get_window_extent().padded(1)
    low = min(ax.get_yticklabels(), key=lambda label: label.get_window_extent().y0)
    assert not low.get_window_extent().overlaps(first)


def test_lines_without_a_place_are_counted() -> None:
    nan = float("nan")
    rows = [line(0, 3, "a"), line(0, 3, "b", y1=nan, y2=nan), line(nan, nan, "c")]
    rows.append(line(0, 3, "d", y1=800.0, y2=820.0))
    ax = stag.plots.roles(put_together([], rows, size=(1280.0, 720.0)))
    assert ax.get_xlabel() == "3 more have no time, or no box inside the frame"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"start": 5, "end": 5}, "end: expected a time after 5 s"),
        ({"start": "x"}, "start: expected a time in seconds"),
    ],
)
def test_arguments_out_of_range(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match=said):
        stag.plots.alignment(alignment_of(["a"]), **arguments)


@pytest.mark.parametrize("height", [1.0, 1.6, 2.2, 6.0])
def test_roles_without_room_share_a_row(height: float) -> None:
    alignment = alignment_of(spoken(40), bilingual=True)
    figure, ax = plt.subplots(figsize=(8, height))
    stag.plots.alignment(alignment, ax)
    figure.canvas.draw()
    assert names(ax)[:2] == ["speech", "subtitle"]
    assert names(ax)[-1].endswith(" more") == (height < 2)
    assert sum(map(len, bars(ax)[1:])) == len(alignment.speech) + len(alignment.lines)
