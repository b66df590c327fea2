from __future__ import annotations

import io
import json
import sys
import warnings
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib import font_manager

import smarttag_nb as stag
from smarttag_nb.plots import fonts, style


def job_of(*tags: tuple[str, float | None, float]) -> stag.Job:
    """A job of tags with name, reported ratio and seconds on screen, of 100 s."""
    body = {
        "tags": [
            {"mainTagName": "物体", "subTagName": name, "ratio": ratio,
             "occurrences": [{"from": 0, "to": seconds}] if seconds else []}
            for name, ratio, seconds in tags
        ]
    }  # fmt: skip
    return stag.load(json.dumps(body), duration=100)


def names(ax: mpl.axes.Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def test_bars_are_the_reported_ratios_longest_first() -> None:
    ax = stag.plots.ratios(job_of(("a", 0.1, 10), ("b", 0.5, 50), ("c", 0.3, 30)))
    assert names(ax) == ["b", "c", "a"]
    assert [bar.get_width() for bar in ax.patches] == [0.5, 0.3, 0.1]
    assert ax.yaxis_inverted()


def test_measured_ratios_are_ticks_beside_them() -> None:
    ax = stag.plots.ratios(job_of(("a", 0.5, 20), ("b", 0.2, 20)))
    ((one, two),) = [lines.get_segments() for lines in ax.collections]
    assert one[0][0] == pytest.approx(0.2)
    assert two[0][0] == pytest.approx(0.2)
    told = [text.get_text() for text in ax.get_legend().get_texts()]
    assert told == ["tag", "bar: reported", "tick: measured"]


def test_what_is_only_measured_is_in_outline() -> None:
    ax = stag.plots.ratios(job_of(("a", None, 20), ("b", 0.1, 10)))
    assert names(ax) == ["a", "b"]
    measured, reported = ax.patches
    assert measured.get_width() == pytest.approx(0.2)
    assert measured.get_facecolor()[3] == 0
    assert reported.get_facecolor()[3] == 1
    told = [text.get_text() for text in ax.get_legend().get_texts()]
    assert "outline: measured, nothing reported" in told


def test_the_rest_is_folded() -> None:
    ax = stag.plots.ratios(job_of(*[(f"t{k:02}", 0.9 - k / 100, 5) for k in range(30)]), top=4)
    assert names(ax) == ["t00", "t01", "t02", "t03", "26 more"]
    assert len(ax.patches) == 4


def test_labels_of_one_name_stay_apart() -> None:
    ax = stag.plots.ratios(job_of(("same", 0.4, 40), ("same", 0.2, 20)))
    assert names(ax) == ["same", "same"]


def test_only_a_kind() -> None:
    job = stag.samples.load("magazine")
    ax = stag.plots.ratios(job, kind="person")
    assert names(ax)[:2] == ["沈青禾", "Mara Ellison"]
    assert {bar.get_facecolor() for bar in ax.patches} == {
        mpl.colors.to_rgba(style.COLOURS["person"])
    }


def test_an_honest_empty_picture() -> None:
    ax = stag.plots.ratios(job_of(), kind="person")
    assert [text.get_text() for text in ax.texts] == [
        "No person with a ratio",
        "No person of the answer has a ratio or time ranges.",
    ]
    assert not ax.patches


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"top": 0}, "top: expected a whole number"), ({"kind": "x"}, "kind:")],
)
def test_arguments_out_of_range(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match=said):
        stag.plots.ratios(job_of(("a", 0.5, 5)), **arguments)


def test_it_draws_into_the_axes_given_and_changes_nothing_global() -> None:
    before = dict(mpl.rcParams)
    _, ax = plt.subplots()
    assert stag.plots.ratios(job_of(("a", 0.5, 5)), ax) is ax
    assert len(plt.get_fignums()) == 1
    assert dict(mpl.rcParams) == before


def test_on_a_dark_ground_the_ink_is_light() -> None:
    _, ax = plt.subplots(facecolor="black")
    ax.set_facecolor("none")
    assert style.inks(stag.plots.ratios(job_of(("a", 0.5, 5)), ax)).strong == "#e8eaed"
    ax.set_facecolor("white")
    assert style.inks(ax).strong == "#1f2328"


HOSTILE = [
    *("😀🫠", "שלום"),
    *("_x", "$", "US$5 and $6", r"$\frac{1}{2}$", r"\alpha", "a\nb", "a\0b", "<b>&amp;", "%s{}"),
    *("很长的名字" * 60, "x" * 300, "\u202ertl", ""),
]


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_hostile_labels_show_as_they_are(form: str) -> None:
    ax = stag.plots.ratios(job_of(*[(name, 0.5, 50) for name in HOSTILE]))
    shown = names(ax)
    assert shown[:7] == HOSTILE[:7]
    assert shown[7:9] == ["a b", "a\ufffdb"]
    assert all(len(name) <= 34 for name in shown)
    assert all(not label.get_parse_math() for label in ax.get_yticklabels())
    stream = io.BytesIO()
    ax.figure.savefig(stream, format=form)
    assert stream.getvalue()


def test_labels_stay_on_the_figure() -> None:
    ax = stag.plots.ratios(job_of(("很长的名字" * 60, 0.5, 50), ("b", 0.9999, 99)))
    figure = ax.figure
    figure.canvas.draw()
    frame = figure.bbox
    for text in (*ax.get_yticklabels(), *ax.texts):
        box = text.get_window_extent()
        assert box.x0 >= frame.x0
        assert box.x1 <= frame.x1


def test_chinese_renders_without_a_warning() -> None:
    ax = stag.plots.ratios(job_of(("沈青禾", 0.5, 50)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax.figure.canvas.draw()


def test_fonts_are_looked_up_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = fonts._packaged_file()
    assert packaged is not None
    assert packaged.endswith(".ttf")
    assert "zhplot" not in sys.modules
    family = font_manager.FontProperties(fname=packaged).get_name()
    font_manager.fontManager.addfont(packaged)
    # The user's own font has Chinese: no other is added.
    with mpl.rc_context({"font.family": [family]}):
        assert fonts.families() == [family, fonts._LAST_RESORT]
    fonts._chinese.cache_clear()
    monkeypatch.setattr(fonts, "_KNOWN", ())
    assert fonts.families()[-2] == family
    fonts._chinese.cache_clear()
    monkeypatch.setattr(fonts, "_packaged_file", lambda: None)
    with pytest.warns(UserWarning, match="fonts-noto-cjk.*pip install zhplot.*font.family"):
        assert fonts.families() == [*mpl.rcParams["font.family"], fonts._LAST_RESORT]
    fonts._chinese.cache_clear()
