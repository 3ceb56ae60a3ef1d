"""What happens in conversations, turned into updates that wait for the bots of this endpoint.

    committed message, edit, press of a button  →  one row per bot, numbered in order  →  TelegramUpdates

One process of an installation does this, under a lease. The bus only hints: who takes the lease over, and whoever lost
sight of the database, first reads from the journal what was missed. Presses are not in the journal; one is lost when
the program dies in the moment of it.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import RoschatError, Unavailable
from roschat.modules.bots.api import BotButtonPressed
from roschat.modules.bots.telegram import store
from roschat.modules.bots.telegram.api import TelegramUpdates, TelegramUseChanged
from roschat.modules.bots.telegram.objects import Letter, Objects, of_stored, of_view, system_body
from roschat.modules.bots.telegram.params import Peer
from roschat.modules.bots.telegram.people import People, as_bot
from roschat.modules.bots.telegram.queries import Queries
from roschat.modules.bots.telegram.uses import Uses
from roschat.modules.server.chats.api import ConversationMembers, MembershipChanged
from roschat.modules.server.messages.api import (
    GetMessagesChanges,
    MessageChanged,
    MessagesStored,
    StoredMessage,
    StoreMessage,
)
from roschat.types import NOBODY, ChatId, ContactId, PeerKind, Revision

log = logging.getLogger(__name__)

REMEMBERED = 10_000
"""Groups whose bots are kept in memory."""
TRY_AGAIN = 1.0
NO_REVISION = Revision(0)
SWEEP = 600.0
_encode = msgspec.json.Encoder().encode


class Inbox:
    """See the module docstring. `run` is the work under the lease."""

    def __init__(
        self, db: Database, bus: Bus, clock: Clock, uses: Uses, people: People, objects: Objects, queries: Queries
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._uses = uses
        self._people = people
        self._objects = objects
        self._queries = queries
        self._ours = False
        self._turn = asyncio.Lock()
        self._behind = asyncio.Event()
        self._reached: dict[ContactId, Revision] = {}
        self._of_group: OrderedDict[ChatId, tuple[ContactId, ...]] = OrderedDict()

    def start(self) -> None:
        """Listen."""
        self._bus.subscribe(MessagesStored, self._stored)
        self._bus.subscribe(MessageChanged, self._changed)
        self._bus.subscribe(BotButtonPressed, self._pressed)
        self._bus.subscribe(MembershipChanged, self._forget)
        self._bus.subscribe(TelegramUseChanged, self._use_changed)

    async def run(self) -> None:
        """Keep updates until cancelled; begins with what was missed."""
        self._ours = True
        self._reached.clear()
        try:
            while True:
                changed = self._uses.next_change()
                self._behind.clear()
                try:
                    await self._catch_up()
                    async with self._db.transaction() as tx:
                        await store.drop_old(tx, self._uses.oldest())
                except Unavailable as error:
                    log.warning("updates of bots are caught up later: %s", error)
                    await asyncio.sleep(TRY_AGAIN)
                    continue
                await self._until_needed(changed)
        finally:
            self._ours = False

    async def _until_needed(self, changed: Awaitable[None]) -> None:
        """Until something was missed, a bot came back, or it is time to sweep."""

        async def came_back() -> None:
            await changed
            self._behind.set()

        with suppress(TimeoutError):
            async with asyncio.timeout(SWEEP), asyncio.TaskGroup() as group:
                waiting = group.create_task(came_back())
                await self._behind.wait()
                waiting.cancel()

    async def _catch_up(self) -> None:
        for use in self._uses.active():
            if use.bot in self._reached:
                continue
            async with self._turn:
                use = await self._uses.reload(use.bot)
                rev, more = use.rev, True
                while more:
                    page = await self._bus.call(GetMessagesChanges(rev), as_bot(use.bot))
                    for view in page.messages:
                        if view.time < self._uses.oldest() or view.deleted_time or view.sender_id in (use.bot, NOBODY):
                            continue
                        if view.id > use.rev:  # the id of a message is its first revision
                            await self._message(use.bot, of_view(view), "message", Revision(view.rev))
                        elif view.edited_time:
                            await self._message(use.bot, of_view(view), "edited_message", Revision(view.rev))
                    rev, more = page.rev, page.more
                async with self._db.transaction() as tx:
                    await store.caught_up(tx, use.bot, rev)
                self._reached[use.bot] = rev

    async def _stored(self, batch: MessagesStored) -> None:
        async def told() -> None:
            for message in batch.messages:
                if message.data_type == "system":
                    await self._membership(message)
                for bot in await self._bots_of(message):
                    if bot != message.sender and message.rev > self._reached.get(bot, message.rev):
                        await self._message(bot, of_stored(message, bot), "message", message.rev)

        await self._guarded(told)

    async def _changed(self, change: MessageChanged) -> None:
        async def told() -> None:
            message = change.message
            for bot in await self._bots_of(message):
                if bot != message.sender and message.rev > self._reached.get(bot, message.rev):
                    letter = of_stored(message, bot)
                    letter = msgspec.structs.replace(letter, edited_time=self._clock.seconds())
                    await self._message(bot, letter, "edited_message", message.rev)

        if change.rewritten:
            await self._guarded(told)

    async def _pressed(self, press: BotButtonPressed) -> None:
        if not self._uses.is_active(press.bot):
            return
        if not press.message_id:
            await self._say(press)
            return

        async def told() -> None:
            peer = Peer(press.cid_type, press.cid)
            letter = await self._objects.find(press.bot, peer, press.message_id)
            query: dict[str, Any] = {
                "id": self._queries.issue(press.bot, press.person),
                "from": await self._people.user(press.person),
                "chat_instance": str(peer.chat_id),
                "data": press.callback_data,
            }
            if letter is not None:
                query["message"] = await self._objects.message(press.bot, letter)
            await self._add(press.bot, "callback_query", query)

        await self._guarded(told)

    async def _say(self, press: BotButtonPressed) -> None:
        """A key of a reply keyboard writes its text as the person who pressed it."""
        if self._ours:
            cid = press.bot if press.cid_type == PeerKind.USER else press.cid
            try:
                await self._bus.call(StoreMessage(press.person, cid, press.callback_data, press.cid_type))
            except RoschatError as error:
                log.info("what the key %r of bot %s says was refused: %s", press.callback_data, press.bot, error)

    async def _guarded(self, told: Callable[[], Awaitable[None]]) -> None:
        if not self._ours or not self._uses.active():
            return
        async with self._turn:
            try:
                await told()
            except Unavailable as error:
                log.warning("updates of bots are caught up later: %s", error)
                self._reached.clear()
                self._behind.set()

    async def _membership(self, message: StoredMessage) -> None:
        body = system_body(message.data)
        if body is None or message.cid_type != PeerKind.GROUP:
            return
        now_in = {"group-created": True, "members-added": True, "member-removed": False, "member-left": False}
        if body.what not in now_in:
            return
        for bot in body.members:
            if not self._uses.is_active(bot) or message.rev <= self._reached.get(bot, Revision(0)):
                continue
            user = await self._people.user(bot)
            gone = {"user": user, "status": "left"}
            here = {"user": user, "status": "member"}
            added = now_in[body.what]
            change = {
                "chat": await self._people.chat(bot, Peer(PeerKind.GROUP, message.peer)),
                "from": await self._people.user(body.cid or bot),
                "date": message.time,
                "old_chat_member": gone if added else here,
                "new_chat_member": here if added else gone,
            }
            await self._add(bot, "my_chat_member", change)

    async def _message(self, bot: ContactId, letter: Letter, kind: str, rev: Revision) -> None:
        if self._uses.wants(bot, kind):
            await self._add(bot, kind, await self._objects.message(bot, letter), rev)

    async def _add(self, bot: ContactId, kind: str, payload: dict[str, Any], rev: Revision = NO_REVISION) -> None:
        if not self._uses.wants(bot, kind):
            return
        async with self._db.transaction() as tx:
            await store.add(tx, bot, kind, _encode(payload).decode(), self._clock.seconds())
            if rev:
                await store.caught_up(tx, bot, rev)
            tx.emit(TelegramUpdates(bot))

    def _use_changed(self, event: TelegramUseChanged) -> None:
        if event.came_back:
            self._reached.pop(event.bot, None)
            self._behind.set()

    def _forget(self, change: MembershipChanged) -> None:
        self._of_group.pop(change.chat, None)

    async def _bots_of(self, message: StoredMessage) -> list[ContactId]:
        """Active bots in the conversation of a message."""
        if message.cid_type == PeerKind.USER:
            peer = ContactId(message.peer)
            return [peer] if message.sender != NOBODY and self._uses.is_active(peer) else []
        known = self._of_group.get(message.chat)
        if known is None:
            body = system_body(message.data) if message.data_type == "system" else None
            try:
                viewer = body.cid if body is not None else message.sender
                members = await self._bus.call(ConversationMembers(viewer, message.peer, PeerKind.GROUP))
            except Unavailable:
                raise
            except RoschatError:
                return []
            known = self._of_group[message.chat] = tuple(cid for cid in members if self._people.is_bot(cid))
            if len(self._of_group) > REMEMBERED:
                self._of_group.popitem(last=False)
        return [bot for bot in known if self._uses.is_active(bot)]
