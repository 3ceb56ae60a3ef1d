"""Public channels as the console knows them: the list, and the verified mark (R-ADM-004)."""

from roschat.kernel import audit, formats
from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound
from roschat.modules.server.channels import news, store
from roschat.modules.server.channels.api import ChannelPage, ListPublicChannels, VerifyChannel
from roschat.modules.server.search.folding import words
from roschat.wire.message import Caller, Empty

MAX_PAGE = 1000
CHOICES = {"": None, "yes": True, "no": False}


class Catalogue:
    """A closed channel is nobody's business but its members': the console neither lists nor marks it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def listed(self, command: ListPublicChannels, _: Caller) -> ChannelPage:
        """Serve list-public-channels."""
        formats.refuse(
            {
                "verified": "" if command.verified in CHOICES else "bad-value",
                "sort": "" if (command.sort, False) in store.ORDERS else "bad-value",
                "page": "" if 1 <= command.page <= 1_000_000 else "bad-value",
                "size": "" if 1 <= command.size <= MAX_PAGE else "bad-value",
            }
        )
        sought, verified = words(command.text[:200]), CHOICES[command.verified]
        async with self._db.reading() as tx:
            page = await store.public(
                tx, sought, verified, command.sort, command.descending, (command.page - 1) * command.size, command.size
            )
            return ChannelPage(page, await store.count_public(tx, sought, verified))

    async def verify(self, command: VerifyChannel, caller: Caller) -> Empty:
        """Serve verify-channel. Everybody in the channel sees the mark at once."""
        channel = command.ch_id
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            name = await store.verify(tx, channel, command.verified, rev) if 0 < channel < 2**63 else None
            if name is None:
                raise NotFound(f"There is no public channel {channel}.")
            await audit.record(
                tx, caller, "verify-channel", name, {"verified": not command.verified}, {"verified": command.verified}
            )
            await news.tell_change(tx, channel)
        return Empty()
