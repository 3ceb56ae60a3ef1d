"""Persons, bots and groups as Telegram's User and Chat objects.

A private chat has the number of the person, a group its own number made negative; so one number says which it is.
"""

from collections import OrderedDict
from typing import Any

from roschat.kernel.bus import Bus
from roschat.kernel.errors import RoschatError
from roschat.modules.bots.registry import Registry
from roschat.modules.bots.telegram.params import Peer
from roschat.modules.server.chats.api import GetChat
from roschat.modules.server.directory.api import ContactChanged, ContactView, ListContacts
from roschat.modules.server.messages.api import MessagesStored
from roschat.types import ContactId, PeerKind, Role
from roschat.wire.message import Caller

REMEMBERED = 10_000


class People:
    """Keeps the cards and group names it was asked for until they change."""

    def __init__(self, bus: Bus, registry: Registry) -> None:
        self._bus = bus
        self._registry = registry
        self._users: OrderedDict[ContactId, dict[str, Any]] = OrderedDict()
        self._titles: OrderedDict[int, str] = OrderedDict()

    def start(self) -> None:
        """Hear of changes."""
        self._bus.subscribe(ContactChanged, self._contact_changed)
        self._bus.subscribe(MessagesStored, self._stored)

    def is_bot(self, cid: ContactId) -> bool:
        """Whether this is one of our bots."""
        return cid in self._registry.bots

    async def card(self, cid: ContactId) -> ContactView | None:
        """The card of a contact, whoever asks."""
        for card in await self._bus.call(ListContacts(ContactId(cid - 1), 1)):
            if card.cid == cid:
                return card
        return None

    async def user(self, cid: ContactId) -> dict[str, Any]:
        """A User object."""
        bot = self._registry.bots.get(cid)
        if bot is not None:
            return {"id": cid, "is_bot": True, "first_name": bot.title, "username": bot.name}
        known = self._users.get(cid)
        if known is None:
            known = self._users[cid] = _user(cid, await self.card(cid))
            if len(self._users) > REMEMBERED:
                self._users.popitem(last=False)
        return known

    async def chat(self, bot: ContactId, peer: Peer) -> dict[str, Any]:
        """A Chat object as `bot` sees it."""
        if peer.kind is PeerKind.USER:
            user = await self.user(ContactId(peer.cid))
            names: dict[str, Any] = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
            return {"id": peer.chat_id, "type": "private", **names}
        title = self._titles.get(peer.cid)
        if title is None:
            try:
                title = (await self._bus.call(GetChat(peer.cid, peer.kind), as_bot(bot))).name
            except RoschatError:
                title = ""  # the bot is not in it any more, and may not know
            self._titles[peer.cid] = title
            if len(self._titles) > REMEMBERED:
                self._titles.popitem(last=False)
        return {"id": peer.chat_id, "type": "group", "title": title}

    def _contact_changed(self, event: ContactChanged) -> None:
        self._users.pop(event.contact.cid, None)

    def _stored(self, batch: MessagesStored) -> None:
        # A group gets another name with a system message.
        for message in batch.messages:
            if message.data_type == "system" and message.cid_type == PeerKind.GROUP:
                self._titles.pop(message.peer, None)


def _user(cid: ContactId, card: ContactView | None) -> dict[str, Any]:
    fields = {field.type: field.value for field in reversed(card.fields)} if card else {}
    first, last = fields.get("name", ""), fields.get("surname", "")
    if not first:
        first, last = last or (card.title if card else "") or str(cid), ""
    user = {"id": cid, "is_bot": bool(card and card.kind == "bot"), "first_name": first}
    return user | {"last_name": last} if last else user


def as_bot(bot: ContactId) -> Caller:
    """A bot as the caller of commands."""
    return Caller(Role.BOT, bot, client="telegram")
