"""What an answer is stored under."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..errors import InvalidArgument
from .operations import OPERATIONS, VERSIONS


@dataclass(frozen=True, slots=True)
class Key:
    """What was asked: answers are stored under it.

    Parameters
    ----------
    product : {"ice", "mts"}
        The product.
    region : str
        The region, such as "cn-shanghai".
    operation : str
        The operation, such as "QuerySmarttagJob".
    job_id : str
        The job.
    params : str
        All else that was asked for, as a JSON object. Two texts of the same object are the same
        key; no text and an empty object are, too.

    Raises
    ------
    InvalidArgument
        There is no such product or operation, or one of the texts is none.

    Examples
    --------
    >>> Key("ice", "cn-shanghai", "QuerySmarttagJob", "88e6", '{"b": 1, "a": 2}').params
    '{"a":2,"b":1}'
    """

    product: str
    region: str
    operation: str
    job_id: str
    params: str = ""

    def __post_init__(self) -> None:
        for name in ("product", "region", "operation", "job_id"):
            if not is_text(getattr(self, name)):
                raise InvalidArgument(name, "a text that UTF-8 can hold", getattr(self, name))
        if self.product not in VERSIONS:
            raise InvalidArgument("product", " or ".join(map(repr, VERSIONS)), self.product)
        if self.operation not in OPERATIONS:
            raise InvalidArgument("operation", f"one of {', '.join(OPERATIONS)}", self.operation)
        object.__setattr__(self, "params", _canonical(self.params))

    @property
    def columns(self) -> tuple[str, str, str, str, str]:
        """The key as it stands in a store's tables."""
        return (self.job_id, self.product, self.region, self.operation, self.params)


def is_text(value: object) -> bool:
    """Whether it is text, some, and without lone surrogates, which no file can hold."""
    try:
        return isinstance(value, str) and bool(value.encode())
    except UnicodeEncodeError:
        return False


def _canonical(params: object) -> str:
    if params == "":
        return ""
    try:
        value = json.loads(params) if isinstance(params, str) else None
        if isinstance(value, dict):
            text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
            return text if value else ""
    except (ValueError, RecursionError):
        pass
    raise InvalidArgument("params", "the text of a JSON object", params)
