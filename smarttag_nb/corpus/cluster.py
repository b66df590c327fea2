"""Parts made by the workers of a Dask cluster."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Collection, Generator, Iterator
from typing import Any

import dask
from distributed import CancelledError, Client, KilledWorker, wait

from ..errors import InvalidArgument, LakeError
from .ahead import Items, made_ahead
from .lake import Lake
from .part import Digests, Part, known_digests, make_part
from .snapshot import Snapshot


def made_by_cluster(
    lake: Lake, parts: Iterator[Items], on_error: str, client: Any
) -> Generator[Part]:
    """Have parts made by a cluster.

    What a worker was making when it died is made by another. What it had written is nobody's: of
    several attempts, only the files of the one that is given are committed.

    Raises
    ------
    InvalidArgument
        `client` is none, or its workers have another version of this package.
    LakeError
        A part killed one worker after another, or the cluster was closed.
    """
    _check(client)
    try:
        digests = _Everywhere(client, client.submit(_known, lake, pure=False))
        yield from made_ahead(
            parts,
            lambda part: _submit(client, make_part, lake, part, digests.future, on_error),
            lambda pending: _wait(client, pending),
            lambda: 2 * digests.spread() + 1,
        )
    except KilledWorker:
        problem = (
            "one worker of the cluster after another was killed, as for want of memory. Give each "
            "fewer threads, or more memory; what was added before is whole"
        )
        raise LakeError(lake.url, problem) from None
    except CancelledError:
        problem = "the cluster was closed meanwhile; what was added before is whole"
        raise LakeError(lake.url, problem) from None


class _Everywhere:
    """What every worker needs: made by one, so that it can be made again, and given to all.

    Where only some have it, Dask would give nearly all that needs it to those.
    """

    def __init__(self, client: Any, future: Any) -> None:
        self.future = future
        self._client = client
        self._workers: set[str] = set()
        _wait(client, [future])
        if error := future.exception():
            raise error

    def spread(self) -> int:
        """Give it to workers that are new, and tell how many threads there are in all."""
        threads = self._client.nthreads()
        if not self._workers.issuperset(threads):
            self._client.replicate(self.future)
        self._workers = set(threads)
        return sum(threads.values())


def _known(lake: Lake) -> Digests:
    # Where a worker makes them, they need not come from here.
    return known_digests(Snapshot(lake))


def _submit(client: Any, function: Any, *arguments: Any) -> Any:
    # What had to be read to be found goes along, and is sent again if the worker dies: Dask's
    # warning that it is much is about what would better be scattered, and then be lost.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):
        # Each attempt writes files of its own: the result is no pure function of the arguments.
        return client.submit(function, *arguments, pure=False)


def _wait(client: Any, futures: Collection[Any]) -> Collection[Any]:
    with client.as_current():
        some = wait(list(futures), return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
    done: Collection[Any] = some.done
    return done


def _check(client: Any) -> None:
    if not isinstance(client, Client) or client.asynchronous or client.status != "running":
        expected = "a dask.distributed.Client that is connected, and not asynchronous"
        raise InvalidArgument("client", expected, client)
    # By a function that workers have without this package, too.
    ours = importlib.metadata.version(_PACKAGE)
    theirs = client.run(importlib.metadata.version, _PACKAGE, on_error="return")
    others = {worker: str(version) for worker, version in theirs.items() if version != ours}
    if others:
        expected = f"a cluster whose workers all have {_PACKAGE} {ours}"
        raise InvalidArgument("client", expected, others)


_PACKAGE = "smarttag-nb"
