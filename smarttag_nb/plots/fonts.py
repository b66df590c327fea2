"""A font for Chinese: the user's, an installed one, or the one that a package brings."""

from __future__ import annotations

import functools
import importlib.util
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager

_PROBE = "说话"
"""Simplified characters, which tell a font for Chinese from others."""

_KNOWN = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Arial Unicode MS",
    "Droid Sans Fallback",
)
"""Families with simplified Chinese that systems bring, the best looking first."""


def advance(character: str) -> float:
    """Measure how wide a character is, in ems, in the first of the families that has it."""
    return _advance(character, tuple(families()))


@functools.cache
def _advance(character: str, names: tuple[str, ...]) -> float:
    for name in names:
        font = _font(name)
        if ord(character) in font.get_charmap():
            font.set_size(100, 72)
            return float(font.load_char(ord(character)).linearHoriAdvance) / 65536 / 100
    return 1.0


def _font(name: str) -> Any:
    file = font_manager.findfont(font_manager.FontProperties(family=[name]))
    return font_manager.get_font(file)


_LAST_RESORT = "Last Resort High-Efficiency"
"""matplotlib's own. Unless it is named, each missing character is a warning at each drawing."""


def families() -> list[str]:
    """List font families for text of an answer: the user's own, and one with Chinese behind.

    Returns
    -------
    list of str
        Families in the order in which matplotlib looks for each character. The last draws a box
        for whatever the others lack.

    Warns
    -----
    UserWarning
        Once, where no font with Chinese can be found.
    """
    own = mpl.rcParams["font.family"]
    own = [own] if isinstance(own, str) else list(own)
    return [*own, *_chinese(tuple(own)), _LAST_RESORT]


@functools.cache
def _chinese(own: tuple[str, ...]) -> tuple[str, ...]:
    for family in _expand(own):
        if _has_chinese(family):
            return ()
    installed = {font.name for font in font_manager.fontManager.ttflist}
    for family in _KNOWN:
        if family in installed and _has_chinese(family):
            return (family,)
    packaged = _packaged_file()
    if packaged is not None:
        font_manager.fontManager.addfont(packaged)
        return (font_manager.FontProperties(fname=packaged).get_name(),)
    warnings.warn(
        "No font with Chinese was found; such text shows as boxes. Install one (the Debian package "
        "fonts-noto-cjk, or `pip install zhplot`), or name yours in "
        "matplotlib.rcParams['font.family'].",
        UserWarning,
        stacklevel=2,
    )
    return ()


def _expand(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        generic = name in ("sans-serif", "serif", "monospace", "cursive", "fantasy")
        settings: Any = mpl.rcParams
        yield from settings[f"font.{name}"] if generic else [name]


def _has_chinese(family: str) -> bool:
    installed = {font.name: font.fname for font in font_manager.fontManager.ttflist}
    if family not in installed:
        return False
    characters = font_manager.get_font(installed[family]).get_charmap()
    return all(ord(character) in characters for character in _PROBE)


def _packaged_file() -> str | None:
    # By its file: importing the package would change matplotlib's settings for everything.
    found = importlib.util.find_spec("zhplot")
    for folder in (found.submodule_search_locations or ()) if found else ():
        for file in sorted(Path(folder).rglob("*.[ot]tf")):
            return str(file)
    return None
