"""Processes that use one store at once, or are killed while they write to it.

``python -m tests.cloud.crowd ask STORE LOG IDS`` has eight processes ask for the same ids and write
each that is asked for into the log; ``kill STORE ROUNDS`` kills a writer again and again, and looks
each time at what it had acknowledged.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import traceback
from collections.abc import Callable

from smarttag_nb.cloud.store import Key, Store


def key(number: int) -> Key:
    return Key("ice", "cn-shanghai", "QuerySmarttagJob", f"job-{number}")


def answer(number: int) -> bytes:
    return f"{number} ".encode() * (number % 7 * 3_000 + 1)


def forked(run: Callable[[], None]) -> int:
    """Run something in a process of its own, which is cheap from one that has no threads."""
    child = os.fork()
    if child:
        return child
    try:
        run()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def ask(path: str, log: str, number: int) -> None:
    """Ask for ids that are neither stored nor claimed, until all are stored."""
    todo = [key(i) for i in range(number)]
    with Store(path) as store, open(log, "ab", buffering=0) as asked:
        while todo:
            rest = []
            for one in todo:
                if store.get(one) is not None:
                    continue
                if not store.claim(one):
                    rest.append(one)
                    continue
                asked.write(one.job_id.encode() + b"\n")
                store.put(one, answer(int(one.job_id[4:])), "Success")
            todo = rest


def write(path: str, start: int, acknowledge: int) -> None:
    """Store answers without end, and acknowledge each."""
    store, number = Store(path), start
    while True:
        if store.claim(key(number), seconds=1e6):
            store.put(key(number), answer(number), "Success")
            os.write(acknowledge, f"{number}\n".encode())
        number += 1


def kill(path: str, rounds: int) -> None:
    """Kill writers in mid-write: nothing acknowledged is lost, and no claim is left in the way."""
    chance, stored = random.Random(6), 0
    for _ in range(rounds):
        reader, writer = os.pipe()
        child = forked(lambda start=stored, to=writer: write(path, start, to))
        os.close(writer)
        with open(reader) as acknowledged:
            last = [int(acknowledged.readline()) for _ in range(chance.randint(1, 9))][-1]
            # A moment longer, so that the end comes anywhere between two answers.
            for _ in range(chance.randrange(20_000)):
                pass
            os.kill(child, signal.SIGKILL)
            assert os.waitpid(child, 0)[1] == signal.SIGKILL
            last = max([last, *map(int, acknowledged.read().split())])
        with Store(path) as store:
            assert all(store.get(key(i)) == answer(i) for i in range(last + 1))
            # One more may have been stored that was not acknowledged any more.
            assert len(store) - last in (1, 2)
            stored = len(store)


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        path, log, number = sys.argv[2], sys.argv[3], int(sys.argv[4])
        children = [forked(lambda: ask(path, log, number)) for _ in range(8)]
        sys.exit(any([os.waitpid(child, 0)[1] for child in children]))
    kill(sys.argv[2], int(sys.argv[3]))
