"""What happens in conversations, told to the bots in them.

The feed listens to committed batches and is never in front of a message: with no bot in a batch it costs a few
look-ups. A bot that is away misses nothing for good: its history and unwatched messages are there when it returns.
"""

import logging
from collections import OrderedDict

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.errors import NotFound, RoschatError
from roschat.modules.bots.api import BotMessageChangeEvent, BotMessageEvent, DeleteBotConversationEvent
from roschat.modules.bots.registry import Registry
from roschat.modules.server.chats.api import ConversationDeleted, ConversationMembers, MembershipChanged
from roschat.modules.server.messages.api import (
    MessageChanged,
    MessagesStored,
    NoticePassed,
    StoredMessage,
    StoreMessage,
)
from roschat.types import NOBODY, ChatId, ContactId, PeerKind, Role
from roschat.wire.conversation import SystemBody
from roschat.wire.delivery import deliver
from roschat.wire.process import EventsMissed

log = logging.getLogger(__name__)

_system = msgspec.json.Decoder(SystemBody)

REMEMBERED = 10_000
"""Groups whose bots are kept in memory, and greetings that are known to be said."""


class Feed:
    """See the module docstring."""

    def __init__(self, bus: Bus, registry: Registry) -> None:
        self._bus = bus
        self._registry = registry
        self._changes = 0
        self._greeted: set[tuple[ContactId, ContactId]] = set()
        self._of_group: OrderedDict[ChatId, tuple[ContactId, ...]] = OrderedDict()

    def start(self) -> None:
        """Listen."""
        self._bus.subscribe(MessagesStored, self._stored)
        self._bus.subscribe(NoticePassed, self._noticed)
        self._bus.subscribe(MessageChanged, self._changed)
        self._bus.subscribe(MembershipChanged, self._forget)
        self._bus.subscribe(ConversationDeleted, self._deleted)
        self._bus.subscribe(EventsMissed, self._missed)

    async def _stored(self, batch: MessagesStored) -> None:
        for message in batch.messages if self._registry.bots else ():
            for bot in await self._hearers(message):
                if message.cid_type == PeerKind.USER and message.data_type != "system":
                    await self._greet(bot, message.sender)
                self._tell(bot, message)

    async def _noticed(self, notice: NoticePassed) -> None:
        """Somebody is typing, or so."""
        for bot in await self._hearers(notice.message) if self._registry.bots else ():
            self._tell(bot, notice.message)

    def _tell(self, bot: ContactId, message: StoredMessage) -> None:
        system = message.data_type == "system"
        person = _causer(message.data) if system and message.cid_type == PeerKind.USER else message.sender
        event = BotMessageEvent(
            person if message.cid_type == PeerKind.USER else message.peer,
            message.id,
            message.data_type,
            message.data,
            message.cid_type,
            NOBODY if system else person,
            message.reply_id,
            message.time,
        )
        self._bus.publish(deliver(event, [bot], role=Role.BOT))

    async def _changed(self, change: MessageChanged) -> None:
        message = change.message
        if not self._registry.bots or message.data_type == "system" or not (change.rewritten or change.deleted_time):
            return
        for bot in await self._hearers(message):
            event = BotMessageChangeEvent(
                message.sender if message.cid_type == PeerKind.USER else message.peer,
                message.id,
                message.cid_type,
                message.data_type,
                message.data,
                change.deleted_time,
            )
            self._bus.publish(deliver(event, [bot], role=Role.BOT))

    async def _greet(self, bot: ContactId, person: ContactId) -> None:
        """Say the greeting once in a lifetime, before the bot hears the first word: the key makes it once."""
        greeting = self._registry.bots[bot].greeting
        if not greeting or person in self._registry.bots or (bot, person) in self._greeted:
            return
        try:
            await self._bus.call(StoreMessage(bot, person, greeting, key=f"=greeting:{person}"))
        except RoschatError as error:
            log.warning("bot %s could not greet contact %s: %s", bot, person, error.text)
            return
        if len(self._greeted) >= REMEMBERED:
            self._greeted.clear()
        self._greeted.add((bot, person))

    def _forget(self, change: MembershipChanged) -> None:
        self._changes += 1
        self._of_group.pop(change.chat, None)

    def _missed(self, _: EventsMissed) -> None:
        self._changes += 1
        self._of_group.clear()

    def _deleted(self, event: ConversationDeleted) -> None:
        if event.cid_type == PeerKind.USER and ContactId(event.cid) in self._registry.bots:
            self._bus.publish(deliver(DeleteBotConversationEvent(event.by), [ContactId(event.cid)], role=Role.BOT))

    async def _hearers(self, message: StoredMessage) -> tuple[ContactId, ...]:
        """The bots that are told of a message: not its author, and in a group nothing that another bot wrote.

        Two bots that answer everything would answer each other for ever.
        """
        bots = self._registry.bots
        if message.cid_type == PeerKind.USER:
            peer = ContactId(message.peer)
            return (peer,) if peer in bots and peer != message.sender else ()
        if message.sender in bots:
            return ()
        known = self._of_group.get(message.chat)
        if known is None:
            before = self._changes
            known = await self._bots_in(message)
            if before == self._changes:
                self._of_group[message.chat] = known
                if len(self._of_group) > REMEMBERED:
                    self._of_group.popitem(last=False)
        return known

    async def _bots_in(self, message: StoredMessage) -> tuple[ContactId, ...]:
        viewer = _causer(message.data) if message.data_type == "system" else message.sender
        try:
            members = await self._bus.call(ConversationMembers(viewer, message.peer, PeerKind.GROUP))
        except NotFound:
            return ()
        return tuple(member for member in members if member in self._registry.bots)


def _causer(data: str) -> ContactId:
    """Who did what a system message tells of."""
    return _system.decode(data).cid
