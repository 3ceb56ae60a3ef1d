"""The directory: who is in the company, kept in PostgreSQL and whole in memory.

A change takes the directory's lock in the database, so revisions are one line over all processes. Memory follows this
line without a gap: what is not the next revision makes it read the missing ones from the table.
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError
from roschat.modules.server.chats.api import ConversationPartners
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
from roschat.modules.server.directory.cards import Cards, named_only
from roschat.modules.server.directory.rules import (
    NAMES,
    Card,
    checked_bot,
    checked_person,
    flat,
    places,
    shown_name,
)
from roschat.modules.server.files.api import FileInfo, KnownFile, PublishFiles
from roschat.types import NOBODY, ContactId, FileName, Revision, Role
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
        if command.cids:
            shown, named = await self._shown(caller.cid, command.cids)
            return msgspec.Raw(self._cards.among(shown, old=old, active_only=False, named=named))
        visible = await self._visible(caller.cid)
        if command.rev > 0:
            return msgspec.Raw(self._cards.since(command.rev, visible, old=old))
        if visible is not None:
            return msgspec.Raw(self._cards.among(visible, old=old, active_only=True))
        return msgspec.Raw(self._cards.everything(old=old))

    async def contact(self, cid: ContactId, caller: Caller) -> ContactView:
        """One card, a deactivated one as well. Raises NotFound, also for one that the caller may not see."""
        shown, named = await self._shown(caller.cid, [cid])
        card = self._cards.get(cid)
        if card is None or not shown:
            raise _unknown(cid)
        return named_only(card.decoded()) if named else card.decoded()

    def listed(self, command: ListContacts) -> list[ContactView]:
        """See the command."""
        return self._cards.ordered(command.after, min(command.count, LIST), command.kind)

    async def add(self, command: AddContact, caller: Caller) -> ContactId:
        """Add a card. Raises Invalid, `number-taken`, NotFound for a missing avatar."""
        card = _checked(command.kind, command)
        await self._publish_avatar(command.avatar, None)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            await self._check_references(tx, card, NOBODY)
            view = await store.add(tx, rev, command.kind, card, self._clock.now())
            await store.put_numbers(tx, view.cid, card.numbers)
            await self._record(tx, caller, "create-contact", None, view)
            tx.emit(ContactChanged(view))
        await self._changed(view)
        return view.cid

    async def change(self, command: ChangeContact, caller: Caller) -> None:
        """Replace a card. Raises NotFound, Invalid, `number-taken`, `conflict`."""
        known = self._known(command.cid)
        card = _checked(known.kind, command)
        if command.avatar != known.avatar:
            await self._publish_avatar(command.avatar, None)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            before = await store.contact(tx, command.cid)
            if before is None:
                raise _unknown(command.cid)
            if command.rev and command.rev != before.rev:
                raise RoschatError(
                    f"The card of contact {command.cid} was changed meanwhile: it is at revision {before.rev}, you "
                    f"changed {command.rev}; read it again and repeat your change.",
                    "conflict",
                )
            await self._check_references(tx, card, command.cid)
            view = await store.replace(tx, rev, command.cid, card, self._clock.now())
            await store.put_numbers(tx, command.cid, card.numbers)
            await self._record(tx, caller, "change-card", before, view)
            tx.emit(ContactChanged(view))
        await self._changed(view)

    async def set_active(self, cid: ContactId, active: bool, caller: Caller) -> None:
        """Mark a contact; without effect when it is so already. Raises NotFound."""
        self._known(cid)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            before = await store.contact(tx, cid)
            if before is None:
                raise _unknown(cid)
            if before.active == active:
                return
            view = await store.set_active(tx, rev, cid, active, self._clock.now())
            await self._record(tx, caller, "activate-contact", before, view)
            tx.emit(ContactChanged(view))
        await self._changed(view)

    async def remove(self, cid: ContactId, caller: Caller) -> None:
        """See remove-contact. Raises NotFound, Invalid for what is no person."""
        if self._known(cid).kind != "person":
            raise Invalid(f"Contact {cid} is no person; a bot is removed where bots are kept.")
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            before = await store.contact(tx, cid)
            if before is None:
                raise _unknown(cid)
            left = tuple(field for field in before.fields if field.type in NAMES)
            view = await store.replace(tx, rev, cid, Card(left), self._clock.now())
            await store.put_numbers(tx, cid, [])
            await store.mark_deleted(tx, cid)
            view = msgspec.structs.replace(view, active=False)
            await self._record(tx, caller, "delete-contact", before, None)
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

    async def written(self, views: Sequence[ContactView]) -> None:
        """Take in and tell cards that a mass change has committed (server.roster), in the order of revisions."""
        for view in views:
            await self._changed(view)

    async def _visible(self, viewer: ContactId) -> set[ContactId] | None:
        """What a viewer may see; None: everything."""
        if not self._bus.asked(SeeDirectory):
            return None
        try:
            await self._bus.ask(SeeDirectory(viewer))
        except Denied:
            return {*await self._bus.call(VisibleContacts(viewer)), viewer}
        return None

    async def _shown(self, viewer: ContactId, cids: list[ContactId]) -> tuple[list[ContactId], set[ContactId]]:
        """Those of the contacts that a viewer is shown, and who of them by name alone.

        Whoever is in a conversation with the viewer is called by name there, also when his card is hidden.
        """
        if not self._bus.asked(SeeDirectory):
            return cids, set()
        try:
            await self._bus.ask(SeeDirectory(viewer))
        except Denied:
            visible = {*await self._bus.call(VisibleContacts(viewer, cids)), viewer}
            hidden = [cid for cid in cids if cid not in visible]
            partners = await self._bus.call(ConversationPartners(viewer, hidden)) if hidden else []
            named = set(partners)
            return [cid for cid in cids if cid in visible or cid in named], named - visible
        return cids, set()

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

    async def _record(
        self, tx: Transaction, caller: Caller, action: str, before: ContactView | None, after: ContactView | None
    ) -> None:
        """Of a change from the console only: what programs change (bots, a synchronisation) has records of its own."""
        if caller.role is Role.SYSTEM:
            return
        old, new = flat(before), flat(after)
        changed = [key for key in old | new if old.get(key) != new.get(key)]
        one = after or before
        assert one is not None
        await audit.record(
            tx, caller, action, f"{one.cid} {shown_name(one)}",
            {key: old[key] for key in changed if key in old} or None,
            {key: new[key] for key in changed if key in new} or None,
        )  # fmt: skip

    async def _check_references(self, tx: Transaction, card: Card, cid: ContactId) -> None:
        named = card.people
        if cid in named:
            raise Invalid(f"Contact {cid} cannot be its own {named[cid]}.", fields={named[cid]: "bad-value"})
        missing = named.keys() - await store.people_among(tx, list(named)) if named else set()
        for person in sorted(missing):
            raise Invalid(f"There is no person {person} to be the {named[person]}.", fields={named[person]: "unknown"})
        taken = await store.number_owners(tx, card.numbers, cid) if card.numbers else []
        if taken:
            first, of_others = taken[0], {one.number for one in taken}
            fields = {
                place: "taken"
                for place, field in zip(places(card.fields), card.fields, strict=True)
                if field.type == "number" and field.value in of_others
            }
            text = f"The number {first.number} belongs to contact {first.cid}."
            raise RoschatError(text, "number-taken", fields=fields)

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
