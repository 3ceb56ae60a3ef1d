"""System messages: what happened to a conversation, stored among its messages in the same transaction as the change."""

from dataclasses import dataclass

import msgspec

from roschat.kernel.clock import Clock
from roschat.kernel.db import Transaction
from roschat.kernel.errors import NotFound
from roschat.modules.server.chats.membership import Chat
from roschat.modules.server.messages import store
from roschat.modules.server.messages.announcement import Announcement
from roschat.modules.server.messages.fragment import Fragment, encode
from roschat.modules.server.messages.writer import Sending
from roschat.types import ChatId, ContactId, MessageId
from roschat.wire.conversation import SystemBody

SYSTEM_TYPE = "system"


@dataclass(frozen=True, slots=True)
class Notice:
    """A stored system message that nobody has been told of yet."""

    id: MessageId
    message: store.NewMessage
    data: str


class Notices:
    """Writes system messages, and announces them after the commit."""

    def __init__(self, clock: Clock, announcement: Announcement) -> None:
        self._clock = clock
        self._announcement = announcement

    async def write(self, tx: Transaction, chat: ChatId, body: SystemBody) -> Notice:
        """Store a system message that `body.cid` caused; it counts as unread for everybody else."""
        data = msgspec.json.encode(body).decode()
        now = self._clock.seconds()
        message = store.NewMessage(chat, body.cid, now, "", (), encode(Fragment(SYSTEM_TYPE, data, now)))
        ((message_id, _, _),) = await store.store_messages(tx, [message])
        if message_id is None:
            raise NotFound(f"There is no conversation {chat}.")
        return Notice(MessageId(message_id), message, data)

    def tell(self, chat: Chat, notice: Notice) -> None:
        """Announce a stored one to those who are in the conversation now."""
        message = notice.message
        self._announcement.stored(
            [Sending(chat, message.sender, SYSTEM_TYPE, notice.data, message.time, message.payload, id=notice.id)]
        )


def called(surname: str, name: str) -> str:
    """A person at the beginning of a notice: surname, space, name. With no name the space before it stays."""
    return f"{surname} {name}"


def listed(cids: list[ContactId], names: list[str], limit: int = 10) -> str:
    """Names in a row, the rest as a number."""
    shown = ", ".join(name.strip() for name in names[:limit])
    return shown if len(cids) <= limit else f"{shown} и ещё {len(cids) - limit}"
