"""The one family of errors that callers are meant to see.

`code` is stable and part of the protocol (RosChat's where it has one: not-found, bad-token, unknown); `text` is one
English sentence that names the bad value, the rule and the fix. Anything else that escapes a service is a defect: it is
logged with its trace and the caller sees `unknown`.
"""

from collections.abc import Mapping


class RoschatError(Exception):
    """Base of the errors below; raised directly only with a code of its own."""

    code = "unknown"
    hang_up = False
    """Whether the socket that asked is closed after the answer: the caller cannot go on, and may not notice."""

    def __init__(self, text: str, code: str | None = None, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.fields: Mapping[str, str] = fields or {}
        """Wire names of bad fields with the reason of each, a key of `kernel.formats.REASONS`."""
        if code is not None:
            self.code = code


class NotFound(RoschatError):
    """The thing does not exist, or the caller may not know that it does."""

    code = "not-found"


class Denied(RoschatError):
    """The caller may not do this."""

    code = "access-denied"


class Invalid(RoschatError):
    """A value breaks a rule."""

    code = "bad-request"


class TooLarge(RoschatError):
    """A limit on size or number is exceeded."""

    code = "too-large"


class TooMany(RoschatError):
    """A rate limit; try again later."""

    code = "too-many-requests"


class NotSignedIn(RoschatError):
    """The command needs a signed-in session."""

    code = "not-authorized"


class Unavailable(RoschatError):
    """Something the server needs (database, store, another module) is away; the request changed nothing, try again."""

    code = "unavailable"
