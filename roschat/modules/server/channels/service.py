"""Channels and their people."""

from collections.abc import Sequence

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound
from roschat.modules.server.channels import news, rules, store
from roschat.modules.server.channels.access import Need, reach
from roschat.modules.server.channels.api import (
    ChangeChannel,
    ChannelMember,
    ChannelView,
    CreateChannel,
    SetChannelOptions,
)
from roschat.modules.server.files.api import ShareFilesWithChannel
from roschat.modules.server.search.folding import composed, folded, words
from roschat.types import ChannelId, ContactId, FileName

MEMBERS_AT_ONCE = 1000


class Channels:
    """See the module docstring. Who may what is asked in `access.reach` alone."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock

    async def create(self, cid: ContactId, wanted: CreateChannel) -> ChannelId:
        """Make a channel with the caller as its admin."""
        name = rules.checked("name", wanted.name, rules.MAX_NAME, needed=True)
        description = rules.checked("description", wanted.description, rules.MAX_DESCRIPTION)
        async with self._db.reading() as tx:
            channel = await store.new_channel(tx)
        await self._share(cid, wanted.avatar, channel)
        time = self._clock.seconds()
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            await store.add_channel(
                tx, channel, name, description, sought(name, description), wanted.closed, wanted.avatar,
                wanted.comments, time, rev,
            )  # fmt: skip
            await store.join(tx, channel, [cid], "admin", True, time)
            await news.tell_change(tx, channel)
        return channel

    async def change(self, cid: ContactId, wanted: ChangeChannel) -> None:
        """Change what is given."""
        name = None if wanted.name is None else rules.checked("name", wanted.name, rules.MAX_NAME, needed=True)
        description = wanted.description
        if description is not None:
            description = rules.checked("description", description, rules.MAX_DESCRIPTION)
        async with self._db.reading() as tx:
            await reach(tx, cid, wanted.ch_id, Need.ADMINISTER)
        await self._share(cid, wanted.avatar or FileName(""), wanted.ch_id)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            await reach(tx, cid, wanted.ch_id, Need.ADMINISTER)
            before = await store.texts(tx, wanted.ch_id)
            if before is None:
                raise NotFound(f"There is no channel {wanted.ch_id}.")
            found_by = sought(
                before.name if name is None else name, before.description if description is None else description
            )
            await store.change_channel(
                tx, wanted.ch_id, rev, name, description, found_by, wanted.closed, wanted.avatar, wanted.comments
            )
            await news.tell_change(tx, wanted.ch_id)

    async def delete(self, cid: ContactId, channel: ChannelId) -> None:
        """Delete a channel for everybody."""
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            await reach(tx, cid, channel, Need.ADMINISTER)
            audience = await store.audience(tx, channel)
            await store.delete_channel(tx, channel, self._clock.seconds(), rev)
            news.tell_gone(tx, channel, audience)

    async def listed(self, cid: ContactId) -> list[ChannelView]:
        """The caller's channels."""
        async with self._db.reading() as tx:
            return [shown.view for shown in await store.channels_of(tx, cid)]

    async def one(self, cid: ContactId, channel: ChannelId) -> ChannelView:
        """A channel the caller may see."""
        async with self._db.reading() as tx:
            await reach(tx, cid, channel, Need.SEE)
            shown = await store.seen_by(tx, channel, cid)
        if shown is None:
            raise NotFound(f"There is no channel {channel}.")
        return shown.view

    async def find(self, cid: ContactId, text: str, count: int) -> list[ChannelView]:
        """Public channels with all the words of a text in name or description, or parts of words."""
        async with self._db.reading() as tx:
            found = await store.find_public(tx, words(text[:200]), cid, rules.checked_count(count))
        return [shown.view for shown in found]

    async def subscribe(self, cid: ContactId, channel: ChannelId) -> None:
        """Subscribe; who was added as an admin stays one."""
        async with self._db.transaction() as tx:
            await store.next_revision(tx)
            place = await reach(tx, cid, channel, Need.SEE)
            if place.subscribed:
                return
            await store.join(tx, channel, [cid], "subscriber", True, self._clock.seconds())
            await news.tell_admins(tx, channel, [cid])

    async def unsubscribe(self, cid: ContactId, channel: ChannelId) -> None:
        """Leave; the last admin cannot."""
        async with self._db.transaction() as tx:
            await store.next_revision(tx)
            await reach(tx, cid, channel, Need.BE_IN)
            if not await store.leave(tx, channel, cid):
                raise Denied(
                    f"You are the last admin of the channel {channel}; add another one, or delete the channel."
                )
            news.tell_gone(tx, channel, [cid])
            await news.tell_admins(tx, channel)

    async def members(self, cid: ContactId, channel: ChannelId, role: str) -> list[ChannelMember]:
        """Admins or subscribers of a channel the caller may see."""
        async with self._db.reading() as tx:
            await reach(tx, cid, channel, Need.SEE)
            return await store.members(tx, channel, checked_role(role))

    async def add_members(self, cid: ContactId, channel: ChannelId, wanted: Sequence[ContactId], role: str) -> None:
        """Bring people in; an admin who is added as a subscriber stays an admin."""
        if len(wanted) > MEMBERS_AT_ONCE:
            raise Invalid(f"{len(wanted)} people at once; add at most {MEMBERS_AT_ONCE}.")
        checked_role(role)
        async with self._db.transaction() as tx:
            await store.next_revision(tx)
            await reach(tx, cid, channel, Need.ADMINISTER)
            unknown = set(wanted) - await store.people(tx, wanted)
            if unknown:
                raise NotFound(f"There is no active person {min(unknown)}; choose people of the directory.")
            await store.join(tx, channel, sorted(set(wanted)), role, False, self._clock.seconds())
            await news.tell_admins(tx, channel, wanted)

    async def remove_member(self, cid: ContactId, channel: ChannelId, member: ContactId) -> None:
        """Take somebody out; the last admin stays."""
        async with self._db.transaction() as tx:
            await store.next_revision(tx)
            await reach(tx, cid, channel, Need.ADMINISTER)
            place = await store.place(tx, channel, member)
            if place is None or not place.role:
                raise NotFound(f"The contact {member} is not in the channel {channel}.")
            if not await store.leave(tx, channel, member):
                raise Denied(f"The contact {member} is the last admin of the channel {channel}; add another one first.")
            news.tell_gone(tx, channel, [member])
            await news.tell_admins(tx, channel)

    async def set_options(self, cid: ContactId, wanted: SetChannelOptions) -> None:
        """The caller's own options; his devices hear of them."""
        async with self._db.transaction() as tx:
            await reach(tx, cid, wanted.ch_id, Need.BE_IN)
            await store.set_options(tx, wanted.ch_id, cid, wanted.muted_until, wanted.pinned)
            await news.tell_change(tx, wanted.ch_id, [cid])

    async def _share(self, cid: ContactId, avatar: FileName, channel: ChannelId) -> None:
        if avatar:
            await self._bus.call(ShareFilesWithChannel(by=cid, files=[avatar], channel=channel))


def checked_role(role: str) -> str:
    """Admin or subscriber. Raises Invalid."""
    if role not in ("admin", "subscriber"):
        raise Invalid(f"The role is {role[:40]!r}; use admin or subscriber.")
    return role


def sought(name: str, description: str) -> str:
    """What the words of a search are compared with."""
    return folded(composed(f"{name} {description}"))
