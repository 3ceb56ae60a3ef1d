"""Who is in which conversation, kept in memory: the one way by which every command gets at a conversation.

A conversation is loaded when somebody asks for it and forgotten when its members change. The hot path of a message
finds all it needs here and asks the database nothing.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, NotFound
from roschat.modules.server.chats import store
from roschat.types import ChatId, ContactId, PeerKind

KEPT = 20_000
"""Conversations kept in memory; the one not used for the longest time goes first."""
NO_END = 9223372036854775807
"""`left_id` of a member who is present."""


@dataclass(slots=True, frozen=True)
class Seat:
    """A person's place in a conversation: what he may do, and between which messages he may read."""

    role: str
    left_id: int = NO_END
    hidden_to_id: int = 0

    @property
    def present(self) -> bool:
        """Still a member, who may write."""
        return self.role != "left"

    @property
    def leads(self) -> bool:
        """Owner or admin of a group."""
        return self.role in ("owner", "admin")


@dataclass(slots=True)
class Chat:
    """A conversation as it is now; never changed, only replaced."""

    id: ChatId
    kind: PeerKind
    seats: dict[ContactId, Seat]
    people: tuple[ContactId, ...] = ()
    """Those present."""
    _others: dict[ContactId, tuple[ContactId, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = tuple(cid for cid, seat in self.seats.items() if seat.role != "left")

    @property
    def is_group(self) -> bool:
        """A group, whatever the number of members."""
        return self.kind is PeerKind.GROUP

    def seen_by(self, cid: ContactId) -> int:
        """What a member calls this conversation: the group's number, or the other's cid (his own: saved messages)."""
        if self.kind is PeerKind.GROUP:
            return self.id
        for other in self.seats:
            if other != cid:
                return other
        return cid

    def others(self, cid: ContactId) -> tuple[ContactId, ...]:
        """Those present but one; remembered for a few busy writers, because a group of thousands is long to copy."""
        known = self._others.get(cid)
        if known is None:
            if len(self._others) >= 8:
                self._others.clear()
            known = self._others[cid] = tuple(other for other in self.people if other != cid)
        return known


class Chats:
    """Conversations by number and by pair; contacts by their state."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._chats: OrderedDict[ChatId, Chat] = OrderedDict()
        self._pairs: dict[tuple[ContactId, ContactId], ChatId] = {}
        self._contacts: dict[ContactId, store.Contact] = {}
        self._forgotten = 0
        self._trusted = True

    async def for_member(self, viewer: ContactId, cid_type: PeerKind, cid: int, *, writing: bool = False) -> Chat:
        """The conversation that `viewer` calls (`cid_type`, `cid`).

        Raises NotFound when there is none or he was never in it. With `writing` he must be present and the other able
        to read (Denied), and a conversation of two that does not exist yet is made.
        """
        if cid_type is PeerKind.GROUP:
            return await self.by_id(viewer, ChatId(cid), writing=writing)
        other = ContactId(cid)
        pair = (viewer, other) if viewer <= other else (other, viewer)
        chat_id = self._pairs.get(pair)
        if chat_id is None:
            chat_id = await self._find_pair(pair, other, writing)
        chat = self._chats.get(chat_id) or await self._load(chat_id)
        if writing:
            await self.check_writable(other)
        return chat

    async def by_id(self, viewer: ContactId, chat_id: ChatId, *, writing: bool = False) -> Chat:
        """A conversation by its number, a group when asked for by a client; the same errors."""
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = await self._load(chat_id)
        else:
            self._chats.move_to_end(chat_id)
        seat = chat.seats.get(viewer)
        if seat is None:
            raise NotFound(f"There is no conversation {chat_id} that you are in.")
        if writing:
            if seat.role == "left":
                raise Denied(f"You are no member of group {chat_id} any more; ask an admin of it to invite you.")
            if chat.kind is not PeerKind.GROUP:
                await self.check_writable(ContactId(chat.seen_by(viewer)))
        return chat

    async def group(self, viewer: ContactId, cid: ChatId) -> Chat:
        """A group in which `viewer` is present; raises NotFound or Denied."""
        chat = await self.by_id(viewer, cid, writing=True)
        if not chat.is_group:
            raise NotFound(f"There is no group {cid} that you are in.")
        return chat

    async def check_writable(self, other: ContactId) -> None:
        """Raise unless somebody may be written to: NotFound for an unknown contact, Denied for one who cannot read."""
        contact = self._contacts.get(other) or await self.contact(other)
        if contact.kind == "system":
            raise Denied(f"Contact {other} is the server itself and reads no messages.")
        if not contact.active:
            raise Denied(f"Contact {other} is deactivated and reads no messages.")

    async def contact(self, cid: ContactId) -> store.Contact:
        """What is known of a contact; raises NotFound."""
        return (await self.contacts([cid]))[0]

    async def contacts(self, cids: Sequence[ContactId]) -> list[store.Contact]:
        """The same of several, in their order."""
        found = {cid: self._contacts[cid] for cid in cids if cid in self._contacts}
        if len(found) < len(cids):
            before = self._forgotten
            async with self._db.reading() as tx:
                loaded = await store.contacts(tx, [cid for cid in cids if cid not in found])
            found.update((contact.cid, contact) for contact in loaded)
            if before == self._forgotten and self._trusted:
                self._contacts.update(found)
        for cid in cids:
            if cid not in found:
                raise NotFound(f"There is no contact {cid}; ask get-contacts for those there are.")
        return [found[cid] for cid in cids]

    def forget(self, chat_id: ChatId) -> None:
        """The members of a conversation have changed."""
        self._forgotten += 1
        self._chats.pop(chat_id, None)

    def trust(self, current: bool) -> None:
        """Forget everything; while changes by others are not heard of (not `current`), remember nothing either."""
        self._forgotten += 1
        self._chats.clear()
        self._contacts.clear()
        self._trusted = current

    def forget_contact(self, cid: ContactId) -> None:
        """A card has changed."""
        self._forgotten += 1
        self._contacts.pop(cid, None)

    async def _find_pair(self, pair: tuple[ContactId, ContactId], other: ContactId, create: bool) -> ChatId:
        async with self._db.reading() as tx:
            found = await store.direct(tx, *pair)
        if found is None and create:
            await self.check_writable(other)
            async with self._db.transaction() as tx:
                found = await store.create_direct(tx, *pair, now=self._clock.seconds())
        if found is None:
            raise NotFound(f"There is no conversation with {other} yet; it begins with the first message.")
        self._pairs[pair] = found
        return found

    async def _load(self, chat_id: ChatId) -> Chat:
        while True:
            before = self._forgotten
            async with self._db.reading() as tx:
                rows = await store.seats(tx, chat_id)
            if not rows:
                raise NotFound(f"There is no conversation {chat_id} that you are in.")
            if before == self._forgotten:
                break
        chat = self.of_rows(chat_id, rows)
        if not self._trusted:
            return chat
        self._chats[chat_id] = chat
        if len(self._chats) > KEPT:
            self._chats.popitem(last=False)
        return chat

    @staticmethod
    def of_rows(chat_id: ChatId, rows: Sequence[store.SeatRow]) -> Chat:
        """A conversation from its stored seats, of which there is at least one."""
        seats = {row.cid: Seat(row.role, row.left_id, row.hidden_to_id) for row in rows}
        return Chat(chat_id, PeerKind(rows[0].kind), seats)
