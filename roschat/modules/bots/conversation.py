"""A bot's messages: the requests of the bot protocol, carried out by the same commands that people's clients use.

A bot acts as its own contact, so every rule for a member of a conversation holds for it.
"""

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.errors import NotFound
from roschat.modules.bots import rules
from roschat.modules.bots.api import (
    BotChatChange,
    BotGetAcsInfo,
    BotMessage,
    BotMessageChange,
    BotMessageDetails,
    BotMessageReceived,
    BotMessageWatched,
    BotRevision,
    BotSent,
    DeleteBotMessage,
    GetBotChatsChanges,
    GetBotChatsLastRevision,
    GetBotMessage,
    GetBotMessageDetails,
    GetBotMessages,
    GetBotMessagesChanges,
    GetBotMessagesLastRevision,
    GetBotUnwatchedMessages,
    SendBotMessage,
    SetBotKeyboard,
)
from roschat.modules.bots.keyboards import Keyboards
from roschat.modules.server.chats.api import GetChatsChanges
from roschat.modules.server.messages.api import (
    PAGE,
    DeleteMessage,
    GetMessageDetails,
    GetMessages,
    GetMessagesLastRevision,
    GetStateChanges,
    MessageReceived,
    MessageStates,
    MessageWatched,
    SendMessage,
)
from roschat.types import MessageId, PeerKind, Revision
from roschat.wire.conversation import MessageView
from roschat.wire.message import Caller, Empty

NO_ACS = msgspec.Raw(b"false")
_views = msgspec.json.Decoder(list[MessageView])


class Conversation:
    """See the module docstring."""

    def __init__(self, bus: Bus, keyboards: Keyboards) -> None:
        self._bus = bus
        self._keyboards = keyboards

    def start(self) -> None:
        """Serve the requests."""
        serve = self._bus.serve
        serve(SendBotMessage, self.send)
        serve(BotMessageReceived, self.received)
        serve(BotMessageWatched, self.watched)
        serve(DeleteBotMessage, self.delete)
        serve(GetBotMessages, self.history)
        serve(GetBotMessage, self.message)
        serve(GetBotMessageDetails, self.details)
        serve(GetBotMessagesChanges, self.changes)
        serve(GetBotMessagesLastRevision, self.last_revision)
        serve(GetBotUnwatchedMessages, self.unwatched)
        serve(GetBotChatsChanges, self.chats_changes)
        serve(GetBotChatsLastRevision, self.last_revision)
        serve(BotGetAcsInfo, self.acs_info)

    async def send(self, request: SendBotMessage, caller: Caller) -> BotSent:
        """Store a message; a keyboard given beside it becomes the chat keyboard."""
        if request.keyboard is not None:
            # Before anything is stored: a refused request may be sent again.
            rules.check_keyboard(request.keyboard)
            rules.check_action(request.action)
        sent = await self._bus.call(
            SendMessage(
                request.cid, request.data, request.cid_type, request.data_type, request.reply_id, key=request.key
            ),
            caller,
        )
        if request.keyboard is not None:
            keyboard = SetBotKeyboard(request.cid, request.cid_type, keyboard=request.keyboard, action=request.action)
            await self._keyboards.set(keyboard, caller)
        return BotSent(sent.id)

    async def received(self, request: BotMessageReceived, caller: Caller) -> Empty:
        """Delivery mark."""
        return await self._bus.call(MessageReceived(request.id), caller)

    async def watched(self, request: BotMessageWatched, caller: Caller) -> Empty:
        """Read mark."""
        return await self._bus.call(MessageWatched(request.id), caller)

    async def delete(self, request: DeleteBotMessage, caller: Caller) -> Empty:
        """Delete for all."""
        return await self._bus.call(DeleteMessage(request.id), caller)

    async def history(self, request: GetBotMessages, caller: Caller) -> list[BotMessage]:
        """A page, newest first. `beginId` and `endId` themselves belong to it."""
        page = await self._bus.call(
            GetMessages(
                request.cid,
                request.cid_type,
                MessageId(request.begin_id - 1) if request.begin_id > 0 else MessageId(0),
                MessageId(request.end_id + 1) if request.end_id > 0 else MessageId(0),
                count=request.count if request.count > 0 else PAGE,
            ),
            caller,
        )
        kept = [view for view in _views.decode(page.messages) if not view.deleted_time]
        return await self._with_states(kept, caller)

    async def message(self, request: GetBotMessage, caller: Caller) -> BotMessage:
        """One message, wherever it is."""
        states = await self._bus.call(MessageStates([request.id]), caller)
        if not states:
            raise NotFound(f"There is no message {request.id} that this bot may read.")
        state = states[0]
        page = await self._bus.call(GetMessages(state.cid, state.cid_type, around=request.id, count=1), caller)
        found = [view for view in _views.decode(page.messages) if view.id == request.id and not view.deleted_time]
        if not found:
            raise NotFound(f"Message {request.id} was deleted.")
        return (await self._with_states(found, caller))[0]

    async def details(self, request: GetBotMessageDetails, caller: Caller) -> list[BotMessageDetails]:
        """What each member has done with a message."""
        details = await self._bus.call(GetMessageDetails(request.id), caller)
        return [BotMessageDetails(d.cid, d.received_time, d.watched_time, d.deleted_time) for d in details]

    async def changes(self, request: GetBotMessagesChanges, caller: Caller) -> list[BotMessageChange]:
        """Messages whose state changed after a revision."""
        states = await self._bus.call(
            GetStateChanges(request.cid, request.cid_type, request.min_rev, request.end_id), caller
        )
        return [BotMessageChange(s.id, s.rev, s.received_time, s.watched_time, s.deleted_time) for s in states]

    async def last_revision(
        self, request: GetBotMessagesLastRevision | GetBotChatsLastRevision, caller: Caller
    ) -> BotRevision:
        """The newest revision of the journal."""
        return BotRevision((await self._bus.call(GetMessagesLastRevision(), caller)).rev)

    async def unwatched(self, request: GetBotUnwatchedMessages, caller: Caller) -> list[BotMessage]:
        """Own messages of the list that are watched or deleted by now, then what the bot has not watched itself."""
        found = [
            BotMessage(
                state.cid,
                state.id,
                state.data_type,
                state.data,
                state.time,
                state.cid_type,
                caller.cid,
                received_time=state.received_time,
                watched_time=state.watched_time or state.deleted_time,
                deleted_time=state.deleted_time,
            )
            for state in await self._bus.call(MessageStates(request.ids), caller)
            if state.sender == caller.cid and (state.watched_time or state.deleted_time)
        ]
        for chat in (await self._bus.call(GetChatsChanges(Revision(0)), caller)).chats:
            if chat.unread and chat.last is not None:
                page = await self._bus.call(
                    GetMessages(chat.cid, chat.cid_type, begin_id=chat.watched_id, count=PAGE), caller
                )
                news = [
                    view
                    for view in _views.decode(page.messages)
                    if not view.deleted_time and view.sender_id != caller.cid
                ]
                found += await self._with_states(news, caller)
        return found

    async def chats_changes(self, request: GetBotChatsChanges, caller: Caller) -> list[BotChatChange]:
        """Conversations changed after a revision."""
        chats = (await self._bus.call(GetChatsChanges(request.min_rev), caller)).chats
        return [
            BotChatChange(chat.cid, chat.rev, chat.cid_type, chat.last.id if chat.last else MessageId(0), chat.unread)
            for chat in chats
        ]

    async def acs_info(self, request: BotGetAcsInfo, caller: Caller) -> msgspec.Raw:
        """False: no access control is connected. Module acs takes this command over when it is installed."""
        return NO_ACS

    async def _with_states(self, views: list[MessageView], caller: Caller) -> list[BotMessage]:
        if not views:
            return []
        states = {s.id: s for s in await self._bus.call(MessageStates([view.id for view in views]), caller)}
        return [
            BotMessage(
                view.cid,
                view.id,
                view.data_type,
                view.data,
                view.time,
                PeerKind(view.cid_type),
                view.sender_id,
                view.reply_id,
                states[view.id].received_time,
                states[view.id].watched_time,
            )
            for view in views
        ]
