"""Keyboards of bots and the buttons people press.

A chat keyboard stands under a conversation (in a group perhaps for one member only) until the bot replaces it; an
inline keyboard is part of a message. Both presses reach the bot as bot-button-event, and only buttons that are really
there can be pressed.
"""

import msgspec
from msgspec import Struct

from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, NotFound
from roschat.modules.bots import rules, store
from roschat.modules.bots.api import (
    BotButtonEvent,
    BotButtonPressed,
    BotKeyboardEvent,
    GetBotKeyboard,
    KeyboardView,
    PressBotButton,
    SetBotKeyboard,
)
from roschat.modules.bots.registry import Registry
from roschat.modules.server.chats.api import ConversationMembers
from roschat.modules.server.directory.api import GetContact
from roschat.modules.server.messages.api import GetMessages
from roschat.types import NOBODY, ContactId, PeerKind, Role
from roschat.wire.conversation import Button, MessageView
from roschat.wire.delivery import deliver
from roschat.wire.message import Caller, Empty

_views = msgspec.json.Decoder(list[MessageView])


class WithButtons(Struct, frozen=True):
    """Of a body only what is pressed; any body that has a caption may have it."""

    keyboard: list[list[Button]] = []


_body = msgspec.json.Decoder(WithButtons)


class Keyboards:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, registry: Registry) -> None:
        self._db = db
        self._bus = bus
        self._registry = registry

    def start(self) -> None:
        """Serve bots and people."""
        self._bus.serve(SetBotKeyboard, self.set)
        self._bus.serve(GetBotKeyboard, self.get)
        self._bus.serve(PressBotButton, self.press)

    async def set(self, request: SetBotKeyboard, caller: Caller) -> Empty:
        """Show a keyboard under a conversation the bot is in."""
        rows = rules.check_keyboard(request.keyboard)
        action = rules.check_action(request.action)
        kind, peer = PeerKind(request.cid_type), request.cid
        user = request.user_id if kind is PeerKind.GROUP else NOBODY
        if kind is PeerKind.USER:
            # A bot may lay its keyboard out before the first word.
            audience = [(await self._bus.call(GetContact(ContactId(peer)))).cid]
        else:
            audience = await self._members(caller.cid, peer)
            if user != NOBODY:
                if user not in audience:
                    raise NotFound(f"Contact {user} is not in group {peer}.")
                audience = [user]
        async with self._db.transaction() as tx:
            await store.set_keyboard(tx, caller.cid, kind, peer, user, msgspec.to_builtins(rows), action)
            shown = caller.cid if kind is PeerKind.USER else peer
            tx.emit(deliver(BotKeyboardEvent(shown, kind, rows, action), audience))
        return Empty()

    async def get(self, request: GetBotKeyboard, caller: Caller) -> KeyboardView:
        """The keyboard a person sees under a conversation."""
        bot, rows, action = await self._shown(request.cid, request.cid_type, caller.cid)
        return KeyboardView(request.cid, request.cid_type, rows, action if bot else "none")

    async def press(self, request: PressBotButton, caller: Caller) -> Empty:
        """Tell the bot which button was pressed."""
        if request.message_id:
            bot, rows = await self._inline(request, caller)
        else:
            bot, rows, _ = await self._shown(request.cid, request.cid_type, caller.cid)
        if not bot or not rules.has_button(rows, request.callback_data):
            raise NotFound(f"There is no button {request.callback_data[:64]!r} here any more.")
        if request.cid_type == PeerKind.USER:
            event = BotButtonEvent(caller.cid, reply_id=request.message_id, callback_data=request.callback_data)
        else:
            event = BotButtonEvent(request.cid, PeerKind.GROUP, caller.cid, request.message_id, request.callback_data)
        self._bus.publish(deliver(event, [bot], role=Role.BOT))
        self._bus.publish(
            BotButtonPressed(bot, caller.cid, event.cid, event.cid_type, request.message_id, request.callback_data)
        )
        return Empty()

    async def _shown(self, cid: int, kind: PeerKind, person: ContactId) -> tuple[ContactId, list[list[Button]], str]:
        """The keyboard under a conversation; in a group the one set last by a bot that is still in it."""
        present = await self._members(person, cid) if kind == PeerKind.GROUP else [ContactId(cid)]
        async with self._db.reading() as tx:
            if kind == PeerKind.GROUP:
                stored = await store.group_keyboards(tx, cid, person)
            else:
                stored = await store.direct_keyboards(tx, ContactId(cid), person)
        for found in stored:
            if found.bot in self._registry.bots and found.bot in present:
                return found.bot, msgspec.convert(found.buttons, list[list[Button]]), found.action
        return NOBODY, [], "none"

    async def _inline(self, request: PressBotButton, caller: Caller) -> tuple[ContactId, list[list[Button]]]:
        page = await self._bus.call(
            GetMessages(request.cid, request.cid_type, around=request.message_id, count=1), caller
        )
        for view in _views.decode(page.messages):
            if view.id == request.message_id and view.sender_id in self._registry.bots and view.data_type == "data":
                try:
                    return view.sender_id, _body.decode(view.data.encode()).keyboard
                except msgspec.ValidationError:
                    break
        raise NotFound(f"Message {request.message_id} has no buttons.")

    async def _members(self, viewer: ContactId, cid: int) -> list[ContactId]:
        members = await self._bus.call(ConversationMembers(viewer, cid, PeerKind.GROUP))
        if viewer not in members:
            raise Denied(f"You are not in group {cid} any more.")
        return members
