"""The operations of both products: their parameters, and what their answers are told by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Product = Literal["ice", "mts"]

VERSIONS: Mapping[Product, str] = {"ice": "2020-11-09", "mts": "2014-06-18"}
REGIONS = ("cn-beijing", "cn-hangzhou", "cn-shanghai")
"""Where smart tagging runs."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API.

    Attributes
    ----------
    name : str
        Its name, the request's Action.
    products : tuple of {"ice", "mts"}
        Where it exists.
    status : str
        The key of its answer that says how far the job is; "JobId" where it starts one.
    methods : tuple of str
        The HTTP methods that it takes.
    """

    name: str
    products: tuple[Product, ...]
    status: str
    methods: tuple[str, ...] = ("POST", "GET")


OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation("QuerySmarttagJob", ("ice", "mts"), "JobStatus"),
        Operation("QueryVideoCognitionJob", ("ice",), "JobStatus", ("POST",)),
        Operation("GetSmartHandleJob", ("ice",), "State"),
        Operation("SubmitSmarttagJob", ("ice", "mts"), "JobId"),
        Operation("SubmitVideoCognitionJob", ("ice",), "JobId"),
    )
}

FINAL = frozenset({"Success", "Fail", "Finished", "Failed", "Cancelled"})
"""Statuses after which an answer stays as it is."""

FAILED = FINAL - {"Success", "Finished"}
"""Those of jobs that failed."""
