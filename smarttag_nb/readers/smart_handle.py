"""GetSmartHandleJob's AiResult: sentences, generated texts, labels, or prose."""

from __future__ import annotations

from typing import Any

from .asr import Sentence, add_sentences
from .decode import decode
from .document import Document
from .fields import Kept
from .rows import Items, Result


def read_list(given: list[Any], result: Result) -> None:
    """Fill speech from {content, from, to}, and texts from texts."""
    positions = [i for i, item in enumerate(given) if isinstance(item, dict)]
    sentences = [
        decode(Document(value=given[i]), Sentence, result.path / i, result.notes) for i in positions
    ]
    add_sentences(Items.of_list(Kept(sentences, positions), result.path), result)
    texts = [item for item in given if isinstance(item, str)]
    result.add("texts", len(texts), text=texts)
    for i, item in enumerate(given):
        if not isinstance(item, (dict, str)):
            result.notes.wrong(result.path / i, "a sentence or a text", item, action="skipped")


def read_prose(text: str, result: Result) -> None:
    """Fill texts."""
    result.add("texts", 1, text=[text.strip()])
