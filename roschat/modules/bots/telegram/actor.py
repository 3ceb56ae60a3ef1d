"""Who calls a method: a bot that has shown its token, with its way to store files."""

from collections.abc import AsyncIterator, Awaitable, Callable

from msgspec import Struct

from roschat.modules.bots.telegram.people import as_bot
from roschat.modules.server.files.api import FileInfo
from roschat.types import ContactId
from roschat.wire.message import Caller

Keep = Callable[[str, AsyncIterator[bytes]], Awaitable[FileInfo]]


class Actor(Struct, frozen=True):
    """`token` is empty when a call came in the answer of a webhook."""

    cid: ContactId
    keep: Keep
    token: str = ""

    @property
    def caller(self) -> Caller:
        """As commands see it."""
        return as_bot(self.cid)
