from __future__ import annotations

from itertools import combinations, pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from smarttag_nb.alignment.result import ROLES
from smarttag_nb.plots import style
from smarttag_nb.tables import KINDS

# How the eye's three receptors answer to linear RGB, and what those without one of them see in its
# place (F. Viénot, H. Brettel and J. Mollon, 1999).
LMS = np.array([[17.8824, 43.5161, 4.1194], [3.4557, 27.1554, 3.8671], [0.03, 0.1843, 1.4671]])
BLIND = {
    "protanope": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
    "deuteranope": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
    "nobody": np.eye(3),
}


def lab(linear: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(np.clip(to_xyz @ linear, 1e-6, None) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def linear(colour: str) -> np.ndarray:
    return np.array(to_rgb(colour)) ** 2.2


def test_every_kind_has_a_colour() -> None:
    assert tuple(style.COLOURS) == KINDS
    assert style.colour(float("nan")) == style.colour("unheard of") == style.COLOURS["text"]


def test_every_role_has_a_colour() -> None:
    assert tuple(style.ROLES) == ROLES
    assert (
        style.role_colour(float("nan")) == style.role_colour("unheard of") == style.ROLES["scene"]
    )


PALETTES = {
    "kinds": style.COLOURS,
    "roles": style.ROLES,
    "agreement": {name: colour for _, colour, name in style.AGREEMENT},
}


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("eye", BLIND)
def test_colours_stay_apart_for_every_eye(eye: str, palette: str) -> None:
    seen = {
        name: lab(np.clip(np.linalg.inv(LMS) @ BLIND[eye] @ LMS @ linear(colour), 0, 1))
        for name, colour in PALETTES[palette].items()
    }
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 12, (one, other)


@pytest.mark.parametrize("palette", PALETTES)
def test_colours_stay_apart_in_grey_but_for_what_stands_back(palette: str) -> None:
    lightness = {name: lab(linear(colour))[0] for name, colour in PALETTES[palette].items()}
    for one, other in combinations(set(lightness) - {"text", "fixed"}, 2):
        assert abs(lightness[one] - lightness[other]) > 4, (one, other)


def test_agreement_goes_by_steps() -> None:
    shares = [1.0, 0.95, 0.94, 0.6, 0.0, -1.0, np.nan]
    assert style.agreement_step(shares).tolist() == [0, 0, 1, 2, 3, 3, 3]


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (0, 78, ["0:00", "0:10", "0:20"]),
        (0, 7200, ["0:00", "15:00", "30:00", "45:00", "1:00:00"]),
        (12, 13, ["0:12.0", "0:12.2", "0:12.4"]),
        (0, 90_000, ["0:00", "6:00:00"]),
        (3590, 3620, ["59:50", "59:55", "1:00:00"]),
    ],
)
def test_times_are_where_people_count(first: float, last: float, shown: list[str]) -> None:
    _, ax = plt.subplots(figsize=(7, 2))
    style.times(ax, first, last)
    ax.figure.canvas.draw()
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels[: len(shown)] == shown
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))


@pytest.mark.parametrize(
    ("text", "widest", "shown"),
    [
        ("abc", None, "abc"),
        (" a\n\tb ", None, "a b"),
        ("a\0b\ud800", None, "a\ufffdb\ufffd"),
        ("一二三四五", 4, "一二三…"),
        ("一二三四", 4, "一二三四"),
        ("iiiiiiii", 3, "iiiiiiii"),
        ("WWWWWWWW", 3, "WW…"),
        (float("nan"), None, "–"),
        ("\ufeffx", 9, "\ufffdx"),
    ],
)
def test_plain_is_one_line_that_every_format_takes(
    text: object, widest: int | None, shown: str
) -> None:
    assert style.plain(text, widest) == shown


def test_a_title_ends_where_the_figure_does() -> None:
    figure, ax = plt.subplots(figsize=(3, 2))
    style.title(ax, "a title that is far too long for so small a figure")
    figure.canvas.draw()
    assert ax.title.get_text() == ""
    (shown,) = [t for t in ax.get_children() if getattr(t, "get_text", str)().endswith("…")]
    assert shown.get_window_extent().x1 <= figure.bbox.x1
