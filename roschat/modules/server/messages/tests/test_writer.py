import asyncio
import shutil

import pytest

from roschat.kernel.clock import ManualClock
from roschat.kernel.errors import NotFound, RoschatError, TooMany, Unavailable
from roschat.kernel.migrate import migrate
from roschat.kernel.postgres import Postgres
from roschat.modules.server.chats.api import GetChat
from roschat.modules.server.messages.api import (
    DeleteScheduledMessage,
    GetMessageDetails,
    GetScheduledMessages,
    MessageWatched,
    ScheduleMessage,
    SendMessage,
    Sent,
)
from roschat.modules.server.messages.writer import QUEUE
from roschat.types import MessageId, Seconds
from tests.harness.server import folder
from tests.scenarios.messenger import Messenger, Person, messenger_on


async def test_the_database_goes_away_and_returns(messenger: Messenger) -> None:
    """Connections are killed under a load: each message is stored once or its author hears Unavailable and repeats."""
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    await alice.call(SendMessage(bob.cid, "first"))
    answers: dict[int, Sent] = {}
    failures = 0

    async def insist(number: int) -> None:
        nonlocal failures
        while number not in answers:
            try:
                answers[number] = await alice.call(SendMessage(bob.cid, str(number), key=f"k{number}"))
            except Unavailable:
                failures += 1

    async def send_and_kill(turn: int) -> None:
        sending = asyncio.gather(*[insist(turn * 100 + n) for n in range(100)])
        async with messenger.db.reading() as tx:
            await tx.run(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        await sending

    for turn in range(10):
        await send_and_kill(turn)
    async with messenger.db.reading() as tx:
        stored = await tx.rows(
            "select key, id from server.message where key is not null order by id", kind=lambda *row: row
        )
    assert {f"k{number}": sent.id for number, sent in answers.items()} == dict(stored)
    assert len(stored) == 1000
    assert len({event.id for event in bob.heard("message-event")}) == len(bob.heard("message-event"))
    assert (await bob.call(GetChat(alice.cid))).unread == 1001


async def mark(person: Person, message: MessageId) -> None:
    await person.call(MessageWatched(message))


async def test_a_database_that_is_down_refuses_at_once_and_comes_back_by_itself() -> None:
    place = folder()
    postgres = Postgres(place, sync=False)
    await postgres.start()
    try:
        await migrate(postgres.dsn)
        async with messenger_on(postgres.dsn) as messenger:
            alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
            first = await alice.call(SendMessage(bob.cid, "one", key="one"))
            await postgres.stop()
            answers = await asyncio.gather(
                *[alice.call(SendMessage(bob.cid, "two", key=f"two{n}")) for n in range(5)],
                mark(bob, first.id),
                return_exceptions=True,
            )
            assert [type(answer) for answer in answers] == [Unavailable] * 6
            await postgres.start()
            assert await alice.call(SendMessage(bob.cid, "one", key="one")) == first
            await alice.call(SendMessage(bob.cid, "two", key="two0"))
            await bob.call(MessageWatched(first.id))
            assert [event.data for event in bob.heard("message-event")] == ["one", "two"]
    finally:
        await postgres.stop()
        shutil.rmtree(place)


async def test_a_resend_is_known_after_a_restart(dsn: str) -> None:
    async with messenger_on(dsn) as messenger:
        alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
        first = await alice.call(SendMessage(bob.cid, "one", key="one"))
    async with messenger_on(dsn, ManualClock(1_800_000_000)) as messenger:
        again = messenger.session(alice.cid)
        assert await again.call(SendMessage(bob.cid, "one", key="one")) == first


async def test_who_waits_when_the_server_stops_is_answered(dsn: str) -> None:
    async with messenger_on(dsn) as messenger:
        alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
        await alice.call(SendMessage(bob.cid, "one"))
        waiting = [asyncio.ensure_future(alice.call(SendMessage(bob.cid, str(n)))) for n in range(1000)]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(answer, Sent | Unavailable) for answer in answers)
    assert any(isinstance(answer, Unavailable) for answer in answers)


async def test_a_queue_that_is_full_refuses(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    await alice.call(SendMessage(bob.cid, "one"))
    answers = await asyncio.gather(
        *[alice.call(SendMessage(bob.cid, "x")) for _ in range(QUEUE + 1000)], return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert 0 < len(refused) <= 1000
    assert all(isinstance(answer, Sent | Unavailable) for answer in answers)


async def test_scheduled_messages_are_sent_when_their_time_comes(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    clock, outbox = messenger.clock, messenger.messages.outbox
    assert isinstance(clock, ManualClock)
    now = clock.seconds()
    later = await alice.call(ScheduleMessage(bob.cid, "later", Seconds(now + 100)))
    soon = await alice.call(ScheduleMessage(bob.cid, "soon", Seconds(now + 10)))
    dropped = await alice.call(ScheduleMessage(bob.cid, "dropped", Seconds(now + 10)))
    assert [s.id for s in await alice.call(GetScheduledMessages())] == [soon.id, dropped.id, later.id]
    with pytest.raises(NotFound):
        await bob.call(DeleteScheduledMessage(dropped.id))
    await alice.call(DeleteScheduledMessage(dropped.id))
    assert await outbox.send_due() == pytest.approx(10, abs=1)
    assert bob.events == []
    clock.advance(10)
    await outbox.send_due()
    assert [event.data for event in bob.heard("message-event")] == ["soon"]
    assert alice.last("message-event").data == "soon"
    await messenger.deactivate(bob.cid)
    messenger.messages.chats.forget_contact(bob.cid)
    clock.advance(100)
    await outbox.send_due()
    (failed,) = await alice.call(GetScheduledMessages())
    assert (failed.id, "deactivated" in failed.error) == (later.id, True)
    await outbox.send_due()
    assert len(bob.heard("message-event")) == 1


async def test_a_scheduled_message_is_not_sent_twice(messenger: Messenger) -> None:
    alice, bob = await messenger.person("Alice"), await messenger.person("Bob")
    assert isinstance(messenger.clock, ManualClock)
    now = messenger.clock.seconds()
    await alice.call(ScheduleMessage(bob.cid, "once", Seconds(now + 10)))
    messenger.clock.advance(10)
    outbox = messenger.messages.outbox
    await asyncio.gather(outbox.send_due(), outbox.send_due(), return_exceptions=True)
    assert len(bob.heard("message-event")) == 1
    for when in (now, now + 400 * 24 * 3600):
        with pytest.raises(RoschatError):
            await alice.call(ScheduleMessage(bob.cid, "x", Seconds(when)))
    for _ in range(100):
        await alice.call(ScheduleMessage(bob.cid, "x", Seconds(now + 1000)))
    with pytest.raises(TooMany):
        await alice.call(ScheduleMessage(bob.cid, "x", Seconds(now + 1000)))


async def test_details_of_a_message_that_nobody_wrote(messenger: Messenger) -> None:
    alice = await messenger.person("Alice")
    with pytest.raises(NotFound):
        await alice.call(GetMessageDetails(MessageId(12345)))
