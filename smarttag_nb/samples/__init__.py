"""A bundled clip with an answer of every type, to try everything without an account.

The clip is a small magazine programme made for this package: drawn people with invented names,
public-domain photographs, synthetic speech. Each answer is what the service would give for it, in
one of its dialects, made from the exact truth with the noise of a recogniser.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pandas as pd

from ..errors import UnknownName
from ..job import Job
from ..readers import load as load_answer
from .library import library

__all__ = ["answers", "callback", "library", "load", "names", "path", "truth", "video"]

_FOLDER = Path(__file__).parent


def names() -> list[str]:
    """List the samples.

    Returns
    -------
    list of str
        Names for the other functions.

    Examples
    --------
    >>> names()
    ['magazine']
    """
    return sorted(path.parent.name for path in _FOLDER.glob("*/truth.json.gz"))


def answers(name: str) -> list[str]:
    """List the answers that a sample has.

    Parameters
    ----------
    name : str
        The sample.

    Returns
    -------
    list of str
        Names for `load`.

    Raises
    ------
    UnknownName
        There is no such sample.

    Examples
    --------
    >>> "cognition" in answers("magazine")
    True
    """
    return sorted(path.stem for path in (_folder(name) / "answers").iterdir())


def load(name: str, answer: str = "cognition") -> Job:
    """Load one of a sample's answers.

    Parameters
    ----------
    name : str
        The sample.
    answer : str
        The answer, one of `answers`.

    Returns
    -------
    Job
        The answer's tables.

    Raises
    ------
    UnknownName
        There is no such sample, or it has no such answer.

    Examples
    --------
    >>> load("magazine").operation
    'QueryVideoCognitionJob'
    """
    return load_answer(path(name, answer))


def path(name: str, answer: str) -> Path:
    """Tell where the file of an answer is.

    Parameters
    ----------
    name : str
        The sample.
    answer : str
        The answer, one of `answers`.

    Returns
    -------
    pathlib.Path
        A JSON file, or the subtitle file.

    Raises
    ------
    UnknownName
        There is no such sample, or it has no such answer.

    Examples
    --------
    >>> path("magazine", "cognition").name
    'cognition.json'
    """
    for file in (_folder(name) / "answers").iterdir():
        if file.stem == answer:
            return file
    raise UnknownName(f"answer of the sample {name!r}", answer, answers(name))


def video(name: str) -> Path:
    """Tell where a sample's clip is.

    Parameters
    ----------
    name : str
        The sample.

    Returns
    -------
    pathlib.Path
        An MP4 file (H.264, AAC).

    Raises
    ------
    UnknownName
        There is no such sample.

    Examples
    --------
    >>> video("magazine").suffix
    '.mp4'
    """
    return _folder(name) / "clip.mp4"


def callback(name: str) -> bytes:
    """Give the message that would have told of the sample's job.

    Parameters
    ----------
    name : str
        The sample.

    Returns
    -------
    bytes
        A callback message, for `smarttag_nb.read_callback`.

    Raises
    ------
    UnknownName
        There is no such sample.

    Examples
    --------
    >>> from smarttag_nb import read_callback
    >>> read_callback(callback("magazine")).state
    'Success'
    """
    return (_folder(name) / "callback.json").read_bytes()


def truth(name: str) -> dict[str, pd.DataFrame]:
    """Tell what a sample really shows and says, which its answers only approach.

    Parameters
    ----------
    name : str
        The sample.

    Returns
    -------
    dict of str to pandas.DataFrame
        facts (one row: duration in s, width and height in px, fps, frames…), labels,
        occurrences, boxes, shots, speech, words, and lines (the texts on screen with their roles).
        Columns are named as in the contract tables where both have them.

    Raises
    ------
    UnknownName
        There is no such sample.

    Examples
    --------
    >>> sorted(truth("magazine"))[:3]
    ['boxes', 'facts', 'labels']
    """
    with gzip.open(_folder(name) / "truth.json.gz", "rt", encoding="utf-8") as file:
        return {table: pd.DataFrame(columns) for table, columns in json.load(file).items()}


def _folder(name: str) -> Path:
    if name not in names():
        raise UnknownName("sample", name, names())
    return _FOLDER / name
