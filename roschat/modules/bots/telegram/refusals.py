"""How things are refused in Telegram's words: `{"ok": false, "error_code": N, "description": text}`.

The libraries choose an exception by the number: 400 a mistake in the call, 401 a bad token, 403 not allowed, 409 two
who fetch updates, 429 with `retry_after` inside `parameters`, 413 too large. 404 would be taken for a bad token.
"""

from typing import Any

from roschat.kernel.errors import RoschatError
from roschat.kernel.http import Response, json_response

STATUS = {
    "bad-request": 400,
    "not-found": 400,
    "bad-range": 416,
    "not-authorized": 401,
    "bad-token": 401,
    "access-denied": 403,
    "too-large": 400,
    "too-many-requests": 429,
    "unavailable": 503,
    "no-space": 503,
    "unknown": 500,
}
WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    416: "Range Not Satisfiable",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
RETRY_AFTER = 1
"""Seconds that a bot waits when a rule of the server, not of this endpoint, says "too many"."""


class Refused(Exception):
    """A call that is answered with an error; `text` follows the words that belong to the number."""

    def __init__(self, text: str, status: int = 400, **parameters: Any) -> None:
        super().__init__(text)
        self.text = text
        self.status = status
        self.parameters = parameters

    @property
    def description(self) -> str:
        """As bots see it."""
        return f"{WORDS[self.status]}: {self.text}" if self.text else WORDS[self.status]


def refused(error: RoschatError) -> Refused:
    """An error of the program as one of this endpoint."""
    status = STATUS.get(error.code, 400)
    if status == 429:
        return Refused(f"retry after {RETRY_AFTER}", 429, retry_after=RETRY_AFTER)
    return Refused(error.text, status)


def granted(result: Any) -> Response:
    """`{"ok": true, "result": …}`."""
    return json_response({"ok": True, "result": result})


def refusal(error: Refused) -> Response:
    """The answer to a refused call."""
    body: dict[str, Any] = {"ok": False, "error_code": error.status, "description": error.description}
    headers = {}
    if error.parameters:
        body["parameters"] = error.parameters
        if "retry_after" in error.parameters:
            headers["retry-after"] = str(error.parameters["retry_after"])
    return json_response(body, error.status, headers)
