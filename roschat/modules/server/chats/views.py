"""Conversations as their readers see them: the list, one of it, and the event that says "it is now like this"."""

from collections.abc import Iterable

from msgspec import Raw

from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound
from roschat.modules.server.chats import store
from roschat.modules.server.chats.api import (
    ChatChangeEvent,
    Chats,
    ChatView,
    DeleteConversationEvent,
    Draft,
    GetChat,
    GetChats,
    GetChatsChanges,
)
from roschat.modules.server.chats.membership import Chats as Membership
from roschat.modules.server.messages.fragment import frame, view
from roschat.types import ChatId, ContactId, PeerKind, Revision, SessionId
from roschat.wire.conversation import MessageView
from roschat.wire.delivery import Delivery, deliver
from roschat.wire.message import Caller


class Views:
    """Serves get-chats, get-chats-changes and get-chat; tells members how a conversation is now."""

    def __init__(self, db: Database, bus: Bus, chats: Membership) -> None:
        self._db = db
        self._bus = bus
        self._chats = chats

    async def list(self, command: GetChats | GetChatsChanges, caller: Caller) -> Chats:
        """The caller's conversations, those changed after `minRev`, newest first."""
        async with self._db.reading() as tx:
            rev, rows = await store.views_of_person(tx, caller.cid, command.min_rev, None)
        return Chats(
            rev,
            [chat_view(row) for row in rows if row.listed],
            [(PeerKind(row.kind), row.peer) for row in rows if not row.listed] if command.min_rev else [],
        )

    async def one(self, command: GetChat, caller: Caller) -> ChatView:
        """One conversation; one of two that nobody has written in yet is empty."""
        try:
            chat = await self._chats.for_member(caller.cid, command.cid_type, command.cid)
        except NotFound:
            if command.cid_type is not PeerKind.USER:
                raise
            await self._chats.contact(ContactId(command.cid))
            return ChatView(command.cid, Revision(0))
        async with self._db.reading() as tx:
            _, rows = await store.views_of_person(tx, caller.cid, Revision(-1), chat.id)
        return chat_view(rows[0])

    async def tell(self, chat: ChatId, members: Iterable[ContactId], but: SessionId = SessionId("")) -> None:
        """Tell members how the conversation is now; those who see the same share one frame."""
        async with self._db.reading() as tx:
            rows = await store.views_of_chat(tx, chat, list(members))
        same: dict[tuple[str, bytes], list[ContactId]] = {}
        for row in rows:
            # What an option or an emptied draft leaves unlisted is gone from the list, not changed.
            event = (
                ChatChangeEvent(chat_view(row)) if row.listed else DeleteConversationEvent(row.peer, PeerKind(row.kind))
            )
            delivery = deliver(event, ())
            same.setdefault((delivery.name, bytes(delivery.payload)), []).append(row.viewer)
        for (name, payload), readers in same.items():
            self._bus.publish(Delivery(name, tuple(readers), Raw(payload), but=but))


def chat_view(row: store.ViewRow) -> ChatView:
    """The conversation as its viewer sees it."""
    return ChatView(
        cid=row.peer,
        rev=row.rev,
        cid_type=PeerKind(row.kind),
        name=row.name,
        description=row.description,
        avatar=row.avatar,
        role=row.role,
        members=row.members,
        unread=row.unread,
        mentions=row.mentions,
        last=_last(row),
        watched_id=row.watched_id,
        peer_received_id=row.peer_received_id,
        peer_watched_id=row.peer_watched_id,
        pinned=row.pinned,
        archived=row.archived,
        muted_until=row.muted_until,
        draft=Draft(row.draft, row.draft_reply_id, row.draft_time) if row.draft else None,
        pinned_id=row.pinned_id,
        hidden_id=row.hidden_to_id,
    )


def _last(row: store.ViewRow) -> MessageView | None:
    if row.last_id is None:
        return None
    return view(
        frame(
            row.peer,
            PeerKind(row.kind),
            row.last_id,
            row.last_rev,
            row.last_payload.encode(),
            key=(row.last_key or "") if row.last_sender == row.viewer else "",
            mentioned=row.viewer in (row.last_mentions or ()),
        )
    )
