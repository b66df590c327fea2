"""Names: of files, which never lead out of their folder, and such as must not be given twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container

_PLAIN = re.compile(r"[0-9a-z_-]{1,64}")
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""What Windows takes for a device, whatever its suffix."""


def answer_file(job_id: str) -> str:
    """Name the file of a job's answer.

    Parameters
    ----------
    job_id : str
        The job, of any characters.

    Returns
    -------
    str
        ``JOB.json`` for an id as the cloud makes them. Any other keeps what is harmless of it and
        gets a digest, so that two jobs never share a file, also where case makes no difference.

    Examples
    --------
    >>> answer_file("88c6ca184c0e47098a5b665e2a126797")
    '88c6ca184c0e47098a5b665e2a126797.json'
    >>> answer_file("../etc/passwd")
    '_etc_passwd.7fef78f53440346c.json'
    """
    if _PLAIN.fullmatch(job_id) and not _DEVICE.fullmatch(job_id):
        return f"{job_id}.json"
    # No plain id has a dot in it, so that none is named as these are.
    kept = re.sub(r"[^0-9A-Za-z_-]+", "_", job_id)[:64]
    digest = hashlib.sha256(job_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    # A device's name is one with any suffix, but not within another; nothing would be hidden.
    first = "_" if not kept or _DEVICE.fullmatch(kept.lower()) else ""
    return f"{first}{kept}.{digest}.json"


def unique(name: str, taken: Container[str]) -> str:
    """Give a name that is not taken: the name itself, or with the first free number behind it.

    Examples
    --------
    >>> unique("score", ["score", "score (2)"])
    'score (3)'
    """
    number, made = 1, name
    while made in taken:
        number += 1
        made = f"{name} ({number})"
    return made
