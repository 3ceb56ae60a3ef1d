"""The directory: who is in the company, kept in PostgreSQL and whole in memory.

A change takes the directory's lock in the database, so revisions are one line over all processes. Memory follows this
line without a gap: what is not the next revision makes it read the missing ones from the table.
"""

import asyncio
from collections.abc import Callable

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError
from roschat.modules.server.directory import store
from roschat.modules.server.directory.api import (
    AddContact,
    ChangeContact,
    ContactChanged,
    ContactView,
    GetContacts,
    ListContacts,
    SeeDirectory,
    SetFavorite,
    VisibleContacts,
)
from roschat.modules.server.directory.cards import Cards
from roschat.modules.server.directory.rules import Card, checked_bot, checked_person
from roschat.modules.server.files.api import FileInfo, KnownFile, PublishFiles
from roschat.types import NOBODY, ContactId, FileName, Revision
from roschat.wire.message import Caller
from roschat.wire.process import EventsMissed

AVATAR_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
FAVORITES = 1000
LIST = 10_000
"""Most cards in one answer to list-contacts."""


class Directory:
    """See the module docstring. `announce` is told every change made here, after its commit."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, announce: Callable[[ContactView], None]) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._announce = announce
        self._cards = Cards()
        self._following = asyncio.Lock()

    async def load(self) -> None:
        """Read what memory does not know yet."""
        async with self._following:
            await self._catch_up()

    async def follow(self, event: ContactChanged) -> None:
        """Take in a change that may have been made in another process."""
        await self._take_in(event.contact)

    async def events_missed(self, _: EventsMissed) -> None:
        """Changes of other processes may be among what was missed."""
        await self.load()

    async def contacts(self, command: GetContacts, caller: Caller) -> msgspec.Raw:
        """See the command. Raises Invalid for an unknown `type`."""
        if command.type == "local":
            return msgspec.Raw(b"[]")
        if command.type != "global":
            raise Invalid(f"There is no list of contacts {command.type[:50]!r}; the lists are global and local.")
        old = caller.api_level == 0
        visible = await self._visible(caller.cid)
        if command.cids:
            wanted = command.cids if visible is None else [cid for cid in command.cids if cid in visible]
            return msgspec.Raw(self._cards.among(wanted, old=old, active_only=False))
        if command.rev > 0:
            return msgspec.Raw(self._cards.since(command.rev, visible, old=old))
        if visible is not None:
            return msgspec.Raw(self._cards.among(visible, old=old, active_only=True))
        return msgspec.Raw(self._cards.everything(old=old))

    async def contact(self, cid: ContactId, caller: Caller) -> ContactView:
        """One card, a deactivated one as well. Raises NotFound, also for one that the caller may not see."""
        visible = await self._visible(caller.cid)
        card = self._cards.get(cid)
        if card is None or (visible is not None and cid not in visible):
            raise _unknown(cid)
        return card.decoded()

    def listed(self, command: ListContacts) -> list[ContactView]:
        """See the command."""
        return self._cards.ordered(command.after, min(command.count, LIST), command.kind)

    async def add(self, command: AddContact) -> ContactId:
        """Add a card. Raises Invalid, `number-taken`, NotFound for a missing avatar."""
        card = _checked(command.kind, command)
        await self._publish_avatar(command.avatar, None)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            await self._check_references(tx, card, NOBODY)
            view = await store.add(tx, rev, command.kind, card, self._clock.now())
            await store.put_numbers(tx, view.cid, card.numbers)
            tx.emit(ContactChanged(view))
        await self._changed(view)
        return view.cid

    async def change(self, command: ChangeContact) -> None:
        """Replace a card. Raises NotFound, Invalid, `number-taken`."""
        known = self._known(command.cid)
        card = _checked(known.kind, command)
        if command.avatar != known.avatar:
            await self._publish_avatar(command.avatar, None)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            await self._check_references(tx, card, command.cid)
            view = await store.replace(tx, rev, command.cid, card, self._clock.now())
            await store.put_numbers(tx, command.cid, card.numbers)
            tx.emit(ContactChanged(view))
        await self._changed(view)

    async def set_active(self, cid: ContactId, active: bool) -> None:
        """Mark a contact; without effect when it is so already. Raises NotFound."""
        self._known(cid)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            before = await store.contact(tx, cid)
            if before is None or before.active == active:
                return
            view = await store.set_active(tx, rev, cid, active, self._clock.now())
            tx.emit(ContactChanged(view))
        await self._changed(view)

    async def set_avatar(self, file: FileName, caller: Caller) -> None:
        """See the command. Raises NotFound, Denied for another's file, Invalid for what is not an image."""
        self._known(caller.cid)
        await self._publish_avatar(file, caller.cid)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            view = await store.set_avatar(tx, rev, caller.cid, file, self._clock.now())
            tx.emit(ContactChanged(view))
        await self._changed(view)

    async def favorites(self, caller: Caller) -> list[ContactId]:
        """See the command."""
        async with self._db.reading() as tx:
            return await store.favorites(tx, caller.cid)

    async def set_favorite(self, command: SetFavorite, caller: Caller) -> None:
        """See the command. Raises NotFound, TooLarge."""
        async with self._db.transaction() as tx:
            if not command.favorite:
                await store.remove_favorite(tx, caller.cid, command.cid)
                return
            await self.contact(command.cid, caller)
            if not await store.add_favorite(tx, caller.cid, command.cid, FAVORITES):
                raise RoschatError(f"You have {FAVORITES} favourites, more are not kept; remove one.", "too-large")

    async def _visible(self, viewer: ContactId) -> set[ContactId] | None:
        """What a viewer may see; None: everything."""
        if not self._bus.asked(SeeDirectory):
            return None
        try:
            await self._bus.ask(SeeDirectory(viewer))
        except Denied:
            return {*await self._bus.call(VisibleContacts(viewer)), viewer}
        return None

    def _known(self, cid: ContactId) -> ContactView:
        card = self._cards.get(cid)
        if card is None:
            raise _unknown(cid)
        if card.kind == "system":
            raise Invalid(f"Contact {cid} is the server itself; its card cannot be changed.")
        return card.decoded()

    async def _publish_avatar(self, file: FileName, owner: ContactId | None) -> None:
        if not file:
            return
        info: FileInfo = await self._bus.call(KnownFile(file))
        if owner is not None and info.owner != owner:
            raise Denied(f"The file {file!r} is not yours; upload the picture yourself.")
        if info.content_type not in AVATAR_TYPES:
            raise Invalid(f"The file {file!r} is {info.content_type}; an avatar is a JPEG, PNG, GIF or WebP picture.")
        files = [name for name in (file, info.preview_file) if name]
        await self._bus.call(PublishFiles(info.owner, files))

    async def _check_references(self, tx: Transaction, card: Card, cid: ContactId) -> None:
        named = card.people
        if cid in named:
            raise Invalid(f"Contact {cid} cannot be its own {named[cid]}.")
        missing = named.keys() - await store.people_among(tx, list(named)) if named else set()
        for person in sorted(missing):
            raise Invalid(f"There is no person {person} to be the {named[person]}.")
        for taken in await store.number_owners(tx, card.numbers, cid) if card.numbers else ():
            raise RoschatError(f"The number {taken.number} belongs to contact {taken.cid}.", "number-taken")

    async def _changed(self, view: ContactView) -> None:
        await self._take_in(view)
        self._announce(view)

    async def _take_in(self, view: ContactView) -> None:
        async with self._following:
            if view.rev <= self._cards.rev:
                return
            if view.rev == self._cards.rev + 1:
                self._cards.put(view)
            else:
                await self._catch_up()

    async def _catch_up(self) -> None:
        async with self._db.reading() as tx:
            missing = await store.changed_since(tx, self._cards.rev)
        for view in missing:
            self._cards.put(view)

    @property
    def rev(self) -> Revision:
        """The revision of the directory as known here."""
        return self._cards.rev


def _checked(kind: str, command: AddContact | ChangeContact) -> Card:
    if kind == "person":
        return checked_person(command.fields, command.description, command.avatar)
    if kind == "bot":
        return checked_bot(command.fields, command.title, command.description, command.commands, command.avatar)
    raise Invalid(f"There is no kind of contact {kind!r}; add a person or a bot.")


def _unknown(cid: ContactId) -> NotFound:
    return NotFound(f"There is no contact {cid}.")
