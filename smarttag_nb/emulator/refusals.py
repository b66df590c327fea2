"""What the emulator refuses a request with: the gateway's codes, in its envelope."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

REFUSALS: Mapping[str, tuple[int, str]] = {
    "Forbidden.RAM": (403, "The user may not do this; the action must be granted to it."),
    "InternalError": (500, "The request failed for a reason that is not known."),
    "InvalidAccessKeyId.NotFound": (404, "There is no such access key."),
    "InvalidAction.NotFound": (404, "There is no such operation in this version."),
    "InvalidParameter": (400, "A parameter has a value that it cannot have."),
    "InvalidSecurityToken.Mismatch": (400, "The security token is not of this access key."),
    "InvalidTimeStamp.Expired": (400, "The request's time is more than 15 minutes off."),
    "InvalidTimeStamp.Format": (400, "The request's time is not written as YYYY-MM-DDThh:mm:ssZ."),
    "InvalidVersion": (400, "There is no such version."),
    "JobNotFound": (404, "There is no such job."),
    "MissingParameter": (400, "A parameter is missing."),
    "NoPermission": (403, "The user has no permission for this."),
    "NotFound": (404, "There is nothing at this path."),
    "OperationDenied": (403, "The service is not open to this user."),
    "RequestTooLarge": (413, "The request is larger than what is taken."),
    "ServiceUnavailable": (503, "The service is not available for a moment."),
    "SignatureDoesNotMatch": (400, "The signature is not the one that was calculated."),
    "SignatureNonceUsed": (400, "The nonce was used before."),
    "Throttling": (400, "The request was refused by flow control."),
    "Throttling.Api": (429, "The request was refused by flow control of the operation."),
    "Throttling.User": (400, "The request was refused by flow control of the user."),
    "UnsupportedHTTPMethod": (405, "The operation does not take this HTTP method."),
}
"""HTTP status and message of each code."""


class Refusal(Exception):
    """A request that is refused.

    Parameters
    ----------
    code : str
        One of `REFUSALS`.
    message : str, optional
        What is said, in place of the code's own message.
    headers : mapping of str to str, optional
        What the answer carries beside.
    """

    def __init__(
        self, code: str, message: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self.code = code
        self.message = REFUSALS[code][1] if message is None else message
        self.headers = headers or {}
        super().__init__(code, self.message)

    @property
    def status(self) -> int:
        """HTTP status."""
        return REFUSALS[self.code][0]

    def body(self, request_id: str, host: str) -> bytes:
        """Write the envelope."""
        return msgspec.json.encode(
            {
                "RequestId": request_id,
                "Message": self.message,
                "Recommend": f"https://api.aliyun.com/troubleshoot?q={self.code}",
                "HostId": host,
                "Code": self.code,
            }
        )
