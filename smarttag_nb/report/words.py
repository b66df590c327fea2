"""What a report says of its own, in English and in Chinese: the texts of words.json."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources

from ..errors import InvalidArgument, UnknownName
from ..tables import PROBLEM_CODES, TABLES

LANGUAGES = {"en": "en", "zh": "zh-CN"}
"""What `lang=` can be, and what HTML calls it."""


@functools.cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Read every text: a language's by its key. Two forms, of one and of more, part at a bar."""
    file = resources.files(__package__) / "words.json"
    pairs: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return {key: dict(zip(LANGUAGES, pair, strict=True)) for key, pair in pairs.items()}


class Words:
    """The texts of a language.

    Parameters
    ----------
    lang : {"en", "zh"}
        The language.

    Attributes
    ----------
    lang, html_lang : str
        The language, and what HTML calls it.

    Raises
    ------
    InvalidArgument
        There are no texts in that language.

    Examples
    --------
    >>> Words("en")("rows", 1), Words("en")("rows", 1200), Words("zh")("rows", 3)
    ('1 row', '1,200 rows', '3 行')
    """

    def __init__(self, lang: str) -> None:
        if not isinstance(lang, str) or lang not in LANGUAGES:
            raise InvalidArgument("lang", f"one of {', '.join(LANGUAGES)}", lang)
        self.lang = lang
        self.html_lang = LANGUAGES[lang]

    def __call__(self, key: str, number: float | None = None) -> str:
        """Give a text; with a number in it, in the form that goes with that."""
        try:
            text = texts()[key][self.lang]
        except KeyError:
            raise UnknownName("text of a report", key, texts()) from None
        return text if number is None else _form(text, number).format(f"{number:,}")

    def form(self, key: str, number: float) -> str:
        """Give the form of a text that goes with a number, without the number."""
        return _form(self(key), number)

    def known(self, group: str, value: str) -> str:
        """Translate a value of a documented list, such as a kind of label; others stay."""
        found = texts().get(f"{group}.{value}")
        return value if found is None else found[self.lang]

    def meaning(self, code: str) -> str:
        """Tell what a code of problems means."""
        told = PROBLEM_CODES.get(code)
        return self.known("problem", code) if self.lang != "en" or not told else told.meaning

    def row(self, table: str) -> str:
        """Tell what a row of a table is."""
        told = TABLES.get(table)
        return self.known("table", table) if self.lang != "en" or not told else told.row


def _form(text: str, number: float) -> str:
    one, _, many = text.partition("|")
    return one if number == 1 or not many else many
