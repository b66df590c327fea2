"""A key with recognisable text, and all that an exception can show."""

from __future__ import annotations

import traceback

from smarttag_nb.cloud.credentials import Credentials

KEY = Credentials("CANARYid0123", "CANARYsecret/45+6=", "CANARYtoken+78/9==")


def told(error: BaseException, but: str) -> str:
    """Write an exception with its causes, contexts and the locals of its frames.

    The frames of one file are left out: a test's own, which hold the key by right.
    """
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    levels = [shown]
    for level in levels:
        own = [frame for frame in level.stack if frame.filename != but]
        level.stack = traceback.StackSummary.from_list(own)
        levels += [e for e in (level.__cause__, level.__context__) if e]
    chain = [error]
    for link in chain:
        chain += [e for e in (link.__cause__, link.__context__) if e and e not in chain]
    return "".join(shown.format()) + "".join(f"{e} {e!r} {e.args} {vars(e)}" for e in chain)
