"""Telling the world about messages: frames for the sockets of those who may see them, one event for other modules.

A frame is encoded once per side: in a group once for all, in a conversation of two once for each, because `cid` is the
other one. The author's own devices get his key with it; those called by name get `mentioned`.
"""

from msgspec import Raw

from roschat.kernel.bus import Bus
from roschat.modules.server.chats.membership import Chat
from roschat.modules.server.messages.api import (
    MessageChangeEvent,
    MessageEvent,
    MessagesStored,
    NoticePassed,
    StoredMessage,
)
from roschat.modules.server.messages.fragment import frame
from roschat.modules.server.messages.store import Entry
from roschat.modules.server.messages.tails import Tails
from roschat.modules.server.messages.writer import Sending
from roschat.types import NOBODY, ContactId, PeerKind, SessionId
from roschat.wire.declare import declaration_of
from roschat.wire.delivery import Delivery

NEW = declaration_of(MessageEvent).name
CHANGED = declaration_of(MessageChangeEvent).name
ANY_SESSION = SessionId("")


class Announcement:
    """Publishes; the memory of newest messages is brought up to date first, so that nobody reads behind an event."""

    def __init__(self, bus: Bus, tails: Tails) -> None:
        self._bus = bus
        self._tails = tails

    def stored(self, batch: list[Sending]) -> None:
        """A batch was committed."""
        told = []
        for sending in batch:
            entry = Entry(
                sending.id, sending.id, sending.sender, sending.key, list(sending.mentions) or None, sending.payload
            )
            self._tails.append(sending.chat.id, entry)
            self._frames(NEW, sending.chat, entry, sending.data_type == "system", sending.session)
            told.append(stored_message(sending))
        if told:
            self._bus.publish(MessagesStored(told))

    def unstored(self, sending: Sending) -> None:
        """A notice for those online now."""
        entry = Entry(0, 0, sending.sender, None, None, sending.payload)
        self._frames(NEW, sending.chat, entry, False, sending.session)
        self._bus.publish(NoticePassed(stored_message(sending)))

    def changed(self, chat: Chat, entry: Entry, *, system: bool, deleted: bool) -> None:
        """A message was edited, deleted, or got a reaction."""
        self._tails.replace(chat.id, entry, deleted)
        self._frames(CHANGED, chat, entry, system, ANY_SESSION)

    def _frames(self, name: str, chat: Chat, entry: Entry, system: bool, but: SessionId) -> None:
        author = ContactId(entry.sender)
        if system and chat.is_group:
            # It has no author: everybody hears the same.
            self._send(name, chat, entry, author, chat.people, ANY_SESSION)
            return
        others = chat.others(author)
        if name == CHANGED:
            # Who has deleted the conversation up to here for himself hears no more of what was in it.
            others = tuple(cid for cid in others if chat.seats[cid].hidden_to_id < entry.id)
        if entry.mentions:
            called = tuple(cid for cid in others if cid in entry.mentions)
            if called:
                self._send(name, chat, entry, called[0], called, ANY_SESSION, mentioned=True)
                others = tuple(cid for cid in others if cid not in entry.mentions)
        if others:
            self._send(name, chat, entry, others[0], others, ANY_SESSION)
        seat = chat.seats.get(author)
        if seat is not None and seat.present and (not entry.id or seat.hidden_to_id < entry.id):
            self._send(name, chat, entry, author, (author,), but, key=entry.key or "")

    def _send(
        self,
        name: str,
        chat: Chat,
        entry: Entry,
        reader: ContactId,
        audience: tuple[ContactId, ...],
        but: SessionId,
        *,
        key: str = "",
        mentioned: bool = False,
    ) -> None:
        payload = frame(
            chat.seen_by(reader), chat.kind, entry.id, entry.rev, entry.payload, key=key, mentioned=mentioned
        )
        self._bus.publish(Delivery(name, audience, Raw(payload), but=but))


def stored_message(sending: Sending) -> StoredMessage:
    """A message as other modules hear of it."""
    return StoredMessage(
        chat=sending.chat.id,
        id=sending.id,
        rev=sending.id,  # type: ignore[arg-type]
        sender=NOBODY if sending.data_type == "system" else sending.sender,
        data_type=sending.data_type,
        data=sending.data,
        time=sending.time,
        peer=sending.chat.seen_by(sending.sender),
        cid_type=PeerKind(sending.chat.kind),
        reply_id=sending.reply_id,
    )
