"""What each member keeps for himself: options, drafts, a list without this conversation; and the pin for all."""

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, TooLarge
from roschat.modules.server.chats import rules, store
from roschat.modules.server.chats.api import (
    ConversationDeleted,
    ConversationMembers,
    ConversationPartners,
    DeleteConversation,
    DeleteConversationEvent,
    MarkAllWatched,
    PinMessage,
    SetChatOptions,
    SetDraft,
)
from roschat.modules.server.chats.groups import Groups
from roschat.modules.server.chats.membership import Chats
from roschat.modules.server.chats.views import Views
from roschat.modules.server.messages.api import MAX_TEXT
from roschat.modules.server.messages.marks import Marks
from roschat.modules.server.messages.notices import Notices, called
from roschat.modules.server.messages.tails import Tails
from roschat.types import ContactId, Seconds
from roschat.wire.conversation import SystemBody
from roschat.wire.delivery import deliver
from roschat.wire.message import Caller, Empty

FOR_EVER = Seconds(2_147_483_647)


class Options:
    """Serves the commands by which a member arranges his conversations."""

    def __init__(
        self,
        db: Database,
        bus: Bus,
        clock: Clock,
        chats: Chats,
        tails: Tails,
        notices: Notices,
        views: Views,
        groups: Groups,
        marks: Marks,
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._chats = chats
        self._tails = tails
        self._notices = notices
        self._views = views
        self._groups = groups
        self._marks = marks

    async def set(self, command: SetChatOptions, caller: Caller) -> Empty:
        """Pin, archive, mute, for the caller alone."""
        if command.muted_until is not None and not 0 <= command.muted_until <= FOR_EVER:
            raise Invalid(f"mutedUntil {command.muted_until} must be a Unix time, 0, or {FOR_EVER} for ever.")
        chat = await self._chats.for_member(caller.cid, command.cid_type, command.cid)
        async with self._db.transaction() as tx:
            await store.set_options(
                tx,
                chat.id,
                caller.cid,
                pinned=command.pinned,
                archived=command.archived,
                muted_until=command.muted_until,
            )
        await self._views.tell(chat.id, [caller.cid])
        return Empty()

    async def set_draft(self, command: SetDraft, caller: Caller) -> Empty:
        """Keep or forget a draft; the caller's other devices hear of it."""
        if len(command.text) > MAX_TEXT:
            raise TooLarge(f"A draft of {len(command.text)} characters is too long; at most {MAX_TEXT} fit.")
        if "\0" in command.text:
            raise Invalid("A draft cannot hold the character U+0000; remove it.")
        text = command.text if command.text.strip() else ""
        chat = await self._chats.for_member(caller.cid, command.cid_type, command.cid, writing=bool(text))
        async with self._db.transaction() as tx:
            changed = await store.set_draft(tx, chat.id, caller.cid, text, command.reply_id, self._clock.seconds())
        if changed:
            await self._views.tell(chat.id, [caller.cid], but=caller.session)
        return Empty()

    async def pin(self, command: PinMessage, caller: Caller) -> Empty:
        """Pin a message for everybody, or take the pin away."""
        chat = await self._chats.for_member(caller.cid, command.cid_type, command.cid)
        if not chat.seats[caller.cid].present:
            raise Denied(f"You are no member of group {chat.id} any more.")
        if chat.is_group:
            rules.check_leads(chat, caller.cid)
        who = await self._chats.contact(caller.cid)
        text = f"{called(who.surname, who.name)} закрепил(а) сообщение"
        with self._tails.changing(chat.id):
            async with self._db.transaction() as tx:
                if not await store.pin(tx, chat.id, command.id):
                    raise NotFound(f"There is no message {command.id} in this conversation to pin.")
                notice = (
                    await self._notices.write(tx, chat.id, SystemBody("message-pinned", text, caller.cid))
                    if command.id
                    else None
                )
            if notice is not None:
                self._notices.tell(chat, notice)
        await self._views.tell(chat.id, chat.people)
        return Empty()

    async def delete(self, command: DeleteConversation, caller: Caller) -> Empty:
        """Take a conversation off the caller's list; from a group he leaves as well."""
        chat = await self._chats.for_member(caller.cid, command.cid_type, command.cid)
        if chat.is_group and chat.seats[caller.cid].present:
            await self._groups.let_leave(chat, caller.cid)
        quiet = await self._marks.withheld(caller.cid, chat.id, read=True)
        async with self._db.transaction() as tx:
            await store.hide(tx, chat.id, caller.cid, self._clock.seconds(), quiet=quiet)
            tx.emit(ConversationDeleted(caller.cid, command.cid, command.cid_type))
        self._chats.forget(chat.id)
        self._bus.publish(deliver(DeleteConversationEvent(command.cid, command.cid_type), (caller.cid,)))
        return Empty()

    async def watch_all(self, _: MarkAllWatched, caller: Caller) -> Empty:
        """Everything is read, as if each conversation had been opened."""
        async with self._db.reading() as tx:
            newest = await store.unwatched(tx, caller.cid)
        await self._marks.mark_all(caller.cid, newest)
        return Empty()

    async def people(self, command: ConversationMembers, _: Caller) -> list[ContactId]:
        """Everybody in a conversation that `viewer` is in."""
        chat = await self._chats.for_member(command.viewer, command.cid_type, command.cid)
        return list(chat.people)

    async def partners(self, command: ConversationPartners, _: Caller) -> list[ContactId]:
        """Everybody who shares a conversation with `viewer`."""
        async with self._db.reading() as tx:
            return await store.partners(tx, command.viewer, command.among or None)
