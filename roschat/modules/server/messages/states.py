"""What has become of messages, as bots ask for it: received, read, edited, deleted, and at which revision."""

from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound, TooLarge
from roschat.modules.server.chats.membership import Chat, Chats
from roschat.modules.server.messages import store
from roschat.modules.server.messages.api import GetStateChanges, MessageState, MessageStates
from roschat.modules.server.messages.fragment import decode
from roschat.modules.server.messages.store import NO_END, StateRow
from roschat.types import ContactId, PeerKind
from roschat.wire.message import Caller

MAX_STATES = 1000
MAX_CHANGES = 500


class States:
    """Serves message-states and get-state-changes."""

    def __init__(self, db: Database, chats: Chats) -> None:
        self._db = db
        self._chats = chats

    async def of(self, command: MessageStates, caller: Caller) -> list[MessageState]:
        """Those that the caller may read."""
        if len(command.ids) > MAX_STATES:
            raise TooLarge(f"The states of {len(command.ids)} messages cannot be given at once; name {MAX_STATES}.")
        if not command.ids:
            return []
        async with self._db.reading() as tx:
            rows = await store.states(tx, command.ids)
        states = []
        for row in rows:
            try:
                chat = await self._chats.by_id(caller.cid, row.chat)
            except NotFound:
                continue
            seat = chat.seats[caller.cid]
            if seat.hidden_to_id < row.id <= seat.left_id:
                states.append(_state(row, chat, caller.cid))
        return states

    async def changes(self, command: GetStateChanges, caller: Caller) -> list[MessageState]:
        """A conversation of two that has not begun has no changes."""
        try:
            chat = await self._chats.for_member(caller.cid, command.cid_type, command.cid)
        except NotFound:
            if command.cid_type is not PeerKind.USER:
                raise
            return []
        seat = chat.seats[caller.cid]
        last = min(seat.left_id, command.end_id or NO_END)
        async with self._db.reading() as tx:
            rows = await store.state_changes(tx, chat.id, command.min_rev, seat.hidden_to_id, last, MAX_CHANGES)
        return [_state(row, chat, caller.cid) for row in rows]


def _state(row: StateRow, chat: Chat, reader: ContactId) -> MessageState:
    message = decode(row.payload)
    return MessageState(
        row.id,
        row.rev,
        chat.seen_by(reader),
        PeerKind(chat.kind),
        message.sender_id,
        message.data_type,
        message.data,
        message.time,
        row.received_time,
        row.watched_time,
        row.deleted_time,
    )
