"""Messages for later: kept until their time, then sent by the same rules as any other.

One process of the installation sends (it holds a lease). A message is sent under a key of its own and forgotten
afterwards, so a crash in between does not send it twice. One that the rules refuse stays with its reason.
"""

import asyncio
import logging

from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, RoschatError, TooMany, Unavailable
from roschat.modules.server.chats.membership import Chats
from roschat.modules.server.messages import body, store
from roschat.modules.server.messages.api import (
    DeleteScheduledMessage,
    GetScheduledMessages,
    Scheduled,
    ScheduleMessage,
    StoreMessage,
)
from roschat.modules.server.messages.sending import RESERVED, Sender
from roschat.types import PeerKind
from roschat.wire.message import Caller, Empty

YEAR = 366 * 24 * 3600
MAX_WAITING = 100
"""Messages that one author may have waiting."""
LOOK = 20.0
"""Seconds after which the clock and the table are looked at again in any case."""
PORTION = 100

log = logging.getLogger(__name__)


class Outbox:
    """Serves schedule-message, get-scheduled-messages and delete-scheduled-message; sends what is due."""

    def __init__(self, db: Database, clock: Clock, chats: Chats, sender: Sender) -> None:
        self._db = db
        self._clock = clock
        self._chats = chats
        self._sender = sender
        self._changed = asyncio.Event()

    async def schedule(self, command: ScheduleMessage, caller: Caller) -> Scheduled:
        """Keep a message for later; rules that can be asked now are asked now too."""
        now = self._clock.seconds()
        if not now < command.send_time <= now + YEAR:
            raise Invalid(f"sendTime {command.send_time} must lie ahead of now ({now}) and within a year.")
        if command.data_type == "unstored":
            raise Invalid("dataType 'unstored' cannot be scheduled; use text or data.")
        body.check(command.data_type, command.data)
        await self._chats.for_member(caller.cid, command.cid_type, command.cid, writing=True)
        async with self._db.transaction() as tx:
            if len(await store.scheduled_of(tx, caller.cid)) >= MAX_WAITING:
                raise TooMany(f"{MAX_WAITING} messages wait for their time already; delete one first.")
            message_id = await store.schedule(
                tx,
                caller.cid,
                command.cid,
                command.cid_type,
                command.data,
                command.data_type,
                command.reply_id,
                command.send_time,
            )
        self._changed.set()
        return Scheduled(
            message_id,
            command.cid,
            command.data,
            command.send_time,
            command.cid_type,
            command.data_type,
            command.reply_id,
        )

    async def list(self, _: GetScheduledMessages, caller: Caller) -> list[Scheduled]:
        """What the caller has waiting."""
        async with self._db.reading() as tx:
            rows = await store.scheduled_of(tx, caller.cid)
        return [
            Scheduled(
                row.id, row.cid, row.data, row.send_time, PeerKind(row.cid_type), row.data_type, row.reply_id, row.error
            )
            for row in rows
        ]

    async def delete(self, command: DeleteScheduledMessage, caller: Caller) -> Empty:
        """Take one back."""
        async with self._db.transaction() as tx:
            if not await store.unschedule(tx, command.id, caller.cid):
                raise NotFound(f"You have no scheduled message {command.id}; it may have been sent already.")
        return Empty()

    async def sending(self) -> None:
        """Send what is due until cancelled."""
        while True:
            self._changed.clear()
            pause = LOOK
            try:
                pause = await self.send_due()
            except RoschatError as error:
                log.warning("scheduled messages wait: %s", error)
            try:
                async with asyncio.timeout(pause):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def send_due(self) -> float:
        """Send what is due now; answers in how many seconds to look again. Raises Unavailable."""
        while True:
            async with self._db.reading() as tx:
                due = await store.scheduled_due(tx, self._clock.seconds(), PORTION)
            if not due:
                break
            for row in due:
                await self._send(row)
        async with self._db.reading() as tx:
            soonest = await store.next_scheduled(tx)
        return LOOK if soonest is None else min(LOOK, max(soonest - self._clock.now(), 0.05))

    async def _send(self, row: store.ScheduledRow) -> None:
        kind = PeerKind(row.cid_type)
        key = f"{RESERVED}scheduled:{row.id}"
        try:
            await self._sender.write(
                row.sender, StoreMessage(row.sender, row.cid, row.data, kind, row.data_type, row.reply_id, key)
            )
        except Unavailable:
            raise
        except RoschatError as error:
            async with self._db.transaction() as tx:
                await store.fail_scheduled(tx, row.id, error.text)
            return
        async with self._db.transaction() as tx:
            await store.unschedule(tx, row.id, row.sender)
