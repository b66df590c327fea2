"""What measures of a corpus are asked for, checked before it is read."""

from __future__ import annotations

from typing import Any

from ...errors import InvalidArgument
from ..corpus import Corpus


def check_corpus(corpus: Any) -> None:
    """Refuse what is no Corpus.

    Raises
    ------
    InvalidArgument
        It is something else.
    """
    if not isinstance(corpus, Corpus):
        raise InvalidArgument("corpus", "a Corpus", corpus)
