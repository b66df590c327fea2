"""Where the nodes of a network stand: close to those they are tied to, and apart from others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def place(ties: Floats) -> Floats:
    """Lay out a network by stress majorization.

    Parameters
    ----------
    ties : ndarray of float, shape (n, n)
        How strongly every two nodes are tied, 0 (not at all) to 1; symmetric.

    Returns
    -------
    ndarray of float, shape (n, 2)
        Positions around 0, wider than high. The same ties always give the same.

    Notes
    -----
    E. R. Gansner, Y. Koren and S. North, "Graph Drawing by Stress Majorization", Graph Drawing
    2004. Nodes should be as far from one another as the shortest way between them along ties is
    long, a tie being as long as its strength to the power of −1/2; parts that nothing ties together
    stand a little farther than the longest of these ways.

    Examples
    --------
    >>> np.abs(place(np.array([[0, 1], [1, 0]]))).round(3).tolist()
    [[0.5, 0.0], [0.5, 0.0]]
    """
    number = len(ties)
    if number < 2:
        return np.zeros((number, 2))
    ways = _ways(ties)
    weights = np.zeros_like(ways)
    np.divide(1, ways**2, out=weights, where=ways > 0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(laplacian, hermitian=True)
    places = _spiral(number)
    for _ in range(_STEPS):
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        pull = np.zeros_like(ways)
        np.divide(weights * ways, apart, out=pull, where=apart > 0)
        before = places
        places = np.matmul(inverse, pull.sum(axis=1)[:, None] * places - np.matmul(pull, places))
        if np.abs(places - before).max() < 1e-4:
            break
    return _turned(places)


_STEPS = 300


def _ways(ties: Floats) -> Floats:
    """Measure the shortest ways between all nodes (R. W. Floyd, 1962)."""
    ways: Floats = np.full(ties.shape, np.inf)
    np.power(ties, -0.5, out=ways, where=ties > 0)
    np.fill_diagonal(ways, 0)
    for k in range(len(ways)):
        np.minimum(ways, ways[:, k, None] + ways[None, k], out=ways)
    apart = np.isinf(ways)
    ways[apart] = ways[~apart].max() + 1
    return ways


def _spiral(number: int) -> Floats:
    """Begin with a spiral, which no node and no direction has for itself."""
    k = np.arange(number)
    angle = k * np.pi * (3 - np.sqrt(5))
    places: Floats = np.sqrt(k + 0.5)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return places


def _turned(places: Floats) -> Floats:
    """Turn the longer side to lie, and the first node to the left and up."""
    places = places - places.mean(axis=0)
    _, axes = np.linalg.eigh(places.T @ places)
    places = places @ axes[:, ::-1]
    signs = np.where(places[0] * [1, -1] > 0, -1, 1)
    turned: Floats = places * signs
    return turned


def spread(places: Floats, reach: Floats, size: tuple[float, float]) -> Floats:
    """Fit positions into a picture, and move discs that cover one another apart.

    Parameters
    ----------
    places : ndarray of float, shape (n, 2)
        Positions.
    reach : ndarray of float, shape (n,)
        The radius of each disc, with what is to stay free around it.
    size : (float, float)
        Width and height of the picture, in the unit of `reach`.

    Returns
    -------
    ndarray of float, shape (n, 2)
        Positions in the picture, from 0 on.
    """
    room = np.array(size)
    low, high = places.min(axis=0), places.max(axis=0)
    margin = reach.max(initial=0)
    extent = high - low
    # What is all in one line stays in the middle.
    lies = extent > 0.01 * extent.max(initial=0)
    there = np.where(lies, (places - low) / np.where(lies, extent, 1), 0.5)
    there = margin + there * np.maximum(room - 2 * margin, 1)
    for _ in range(_PUSHES):
        between = there[:, None] - there[None]
        apart = np.linalg.norm(between, axis=2)
        lacking = np.maximum(reach[:, None] + reach[None] - apart, 0)
        np.fill_diagonal(lacking, 0)
        if lacking.max(initial=0) < 0.5:
            break
        push = np.zeros_like(between)
        np.divide(between, apart[..., None], out=push, where=apart[..., None] > 0)
        there = there + (0.5 * lacking[..., None] * push).sum(axis=1)
        there = np.clip(there, reach[:, None], np.maximum(room - reach[:, None], reach[:, None]))
    fitted: Floats = there
    return fitted


_PUSHES = 100
