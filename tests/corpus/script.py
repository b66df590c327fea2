"""Adds to a corpus as a plain script does, with nothing that keeps its processes from running it.

``python script.py LAKE (end | wait | die)`` adds seven answers, a part each. With "wait", reading
ends of none but the first; with "die", the last kills its process. Before the last is begun,
"begun" is printed: a part is made and taken by then.
"""

import json
import os
import signal
import sys
from dataclasses import dataclass

import smarttag_nb as stag
from smarttag_nb.corpus import ingest
from smarttag_nb.corpus.sources import Item
from smarttag_nb.errors import LakeError

# Who begins this in the background may have it ignore what Ctrl-C sends.
signal.signal(signal.SIGINT, signal.default_int_handler)
lake, what = sys.argv[1:]
answer = json.loads(stag.samples.path("magazine", "smart-handle-text").read_bytes())


@dataclass
class Content:
    """What is read."""

    number: int

    def read(self) -> bytes:
        """Read it, or not."""
        if what == "die" and self.number == 6:
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "wait" and self.number > 0:
            signal.pause()
        return json.dumps({**answer, "JobId": f"job-{self.number}"}).encode()


def found(_):
    """Find answers."""
    for number in range(7):
        if number == 6:
            print("begun", flush=True)
        yield Item(f"item {number}", 1, None, None, None, Content(number))


ingest.find = found
ingest._PART_ITEMS = 1
try:
    print(stag.Corpus(lake).add([], workers=2))
except LakeError as error:
    print(error)
