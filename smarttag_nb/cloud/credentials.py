"""An access key: what signs a request, and never shows itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key, with a security token where it is one of STS.

    Parameters
    ----------
    access_key_id : str
        Its id.
    access_key_secret : str
        Its secret.
    security_token : str, optional
        STS's token.
    """

    access_key_id: str = field(repr=False)
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)
