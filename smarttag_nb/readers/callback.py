"""The callback message that tells of a job's change of state."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from ..errors import NotACallback
from .document import Document, NotJson, clean
from .envelope import Keys
from .notes import Notes, Path, kind_of, shown


@dataclass(frozen=True, slots=True)
class Callback:
    """A message of the service: a job has changed its state.

    Attributes
    ----------
    job_id : str
        The job.
    state : str or None
        Its state, as JobStatus has it.
    user_data : object
        The user's own data, as received.
    type : str or None
        ``"smarttag"`` for smart tagging.
    event_type, user_id, event_time : str or None
        Of the event it came in, where it came in one.
    """

    job_id: str
    state: str | None = None
    user_data: Any = None
    type: str | None = None
    event_type: str | None = None
    user_id: str | None = None
    event_time: str | None = None


def read_callback(body: dict[str, Any] | str | bytes) -> Callback:
    """Read a callback message: plain, base64-encoded, or in an event's envelope.

    Parameters
    ----------
    body : dict, str or bytes
        The message.

    Returns
    -------
    Callback
        With `job_id`, `state`, `user_data`, and the event's own fields.

    Raises
    ------
    NotACallback
        It is no such message.

    Notes
    -----
    Format: QuerySmarttagJob, "Callback message format".

    Examples
    --------
    >>> read_callback('{"Type": "smarttag", "JobId": "88e6", "State": "Success"}').job_id
    '88e6'
    """
    value = _as_object(body)
    event = Keys(value, Path(), Notes())
    inner = event.take("MessageBody")
    if inner is not None:
        value = _as_object(inner)
        # The event's fields may stand around the message or beside it.
        event = Keys({**value, **event.rest()}, Path(), Notes())
    message = Keys(value, Path(), Notes())
    job_id = message.text("JobId")
    if job_id is None:
        raise NotACallback(f"an object with the keys {shown(', '.join(value)) or '(none)'}")
    return Callback(
        job_id=job_id,
        state=message.text("State") or message.text("Status"),
        user_data=message.take("UserData"),
        type=message.text("Type"),
        event_type=event.text("EventType"),
        user_id=event.text("UserId"),
        event_time=event.text("EventTime"),
    )


def _as_object(body: Any) -> dict[str, Any]:
    if isinstance(body, (bytes, bytearray)):
        body = bytes(body).decode("utf-8-sig", errors="replace")
    if isinstance(body, str):
        text = body.lstrip("\ufeff").strip()
        if text[:1] not in ("{", '"'):
            text = _from_base64(text)
        try:
            body = Document(text=text).parse(Path(), Notes())
        except NotJson as error:
            raise NotACallback(f"broken JSON: {error}") from None
        if isinstance(body, str):
            # A JSON document within a JSON text.
            return _as_object(body)
    elif isinstance(body, dict):
        body = clean(body, Path(), Notes())
    if not isinstance(body, dict):
        raise NotACallback(kind_of(body))
    return body


def _from_base64(text: str) -> str:
    # Both alphabets, and with or without the padding.
    packed = "".join(text.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        content = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
        return content.decode("utf-8-sig")
    except (binascii.Error, ValueError):
        raise NotACallback(f"text that begins with {shown(text[:40])!r}") from None
