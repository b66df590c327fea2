"""The names of a corpus that are drawn, and what every two of them share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import measures
from ..corpus import Corpus


def shared(
    corpus: Corpus, kind: str, most: Callable[[int], int], column: str
) -> tuple[pd.DataFrame, npt.NDArray[np.float64], int]:
    """Take the names of the most jobs, and what every two of them share.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    kind : str
        The kind of label.
    most : callable
        Tells how many of so many names to take, at most.
    column : str
        Of `measures.co_appearance`: what they share.

    Returns
    -------
    names : pandas.DataFrame, n rows
        As `measures.presence` has them.
    shares : ndarray of float, shape (n, n)
        Symmetric.
    folded : int
        How many names there are besides.
    """
    there = measures.presence(corpus, kind=kind)
    names = there.head(most(len(there)))
    pairs = measures.co_appearance(corpus, kind=kind, names=names["name"].tolist())
    index = pd.Index(names["name"])
    rows, columns = (index.get_indexer(pd.Index(pairs[f"name_{side}"])) for side in "ab")
    shares = np.zeros((len(names), len(names)))
    shares[rows, columns] = shares[columns, rows] = pairs[column].to_numpy(dtype=np.float64)
    return names, shares, len(there) - len(names)
