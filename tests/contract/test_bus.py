"""One suite for every engine of the bus. Each test has two ends; in one process both are the same bus."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.bus_nats import NatsBus
from roschat.kernel.errors import Denied, NotFound, RoschatError, Unavailable
from roschat.types import ContactId, Role, SessionId
from roschat.wire.declare import INTERNAL, command, event, hook
from roschat.wire.delivery import Delivery
from roschat.wire.message import Caller, Command, Empty, Event, Hook, Message
from tests.harness.nats import NatsServer

Engine = LocalBus | NatsBus


class Sum(Message, frozen=True):
    value: int
    by: ContactId = ContactId(0)


@command("contract-add", access=INTERNAL)
class Add(Command[Sum], frozen=True):
    left: int
    right: int = 0


@command("contract-raw", access=INTERNAL)
class AskRaw(Command[msgspec.Raw], frozen=True):
    pass


@command("contract-nobody", access=INTERNAL)
class NobodyServes(Command[Empty], frozen=True):
    pass


@event("contract-told")
class Told(Event, frozen=True):
    number: int


@event("contract-other")
class Other(Event, frozen=True):
    number: int


@hook("contract-may")
class May(Hook, frozen=True):
    text: str


class Undeclared(Event, frozen=True):
    pass


@dataclass
class Ends:
    """`here` is where the test speaks, `there` is where others listen and serve."""

    here: Engine
    there: Engine

    async def settled(self) -> None:
        await self.there.settled()
        await self.here.settled()


class Heard:
    """What a subscriber has heard, and a way to wait for more."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._more = asyncio.Event()

    def __call__(self, item: Any) -> None:
        self.items.append(item)
        self._more.set()

    async def until(self, count: int) -> list[Any]:
        async with asyncio.timeout(10):
            while len(self.items) < count:
                self._more.clear()
                await self._more.wait()
        return self.items


async def eventually(true: Callable[[], bool]) -> None:
    """Let the loop turn until the condition holds."""
    async with asyncio.timeout(15):
        while not true():  # noqa: ASYNC110 - the condition belongs to code that tells nobody
            await asyncio.sleep(0.002)


@pytest.fixture(scope="module")
async def nats_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[NatsServer]:
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(params=["local", "strict", "nats"])
async def ends(request: pytest.FixtureRequest, nats_server: NatsServer) -> AsyncIterator[Ends]:
    if request.param == "nats":
        prefix = f"t{id(request.node)}"
        pair = Ends(NatsBus(nats_server.address, prefix=prefix), NatsBus(nats_server.address, prefix=prefix))
    else:
        bus = LocalBus(strict=request.param == "strict")
        pair = Ends(bus, bus)
    await pair.here.open()
    if pair.there is not pair.here:
        await pair.there.open()
    yield pair
    await pair.here.close()
    if pair.there is not pair.here:
        await pair.there.close()


async def test_a_call_reaches_the_server_and_brings_the_reply(ends: Ends) -> None:
    async def add(message: Add, caller: Caller) -> Sum:
        return Sum(message.left + message.right, caller.cid)

    ends.there.serve(Add, add)
    await ends.settled()
    caller = Caller(role=Role.PERSON, cid=ContactId(7), session=SessionId("s"))
    assert await ends.here.call(Add(2, 3), caller) == Sum(5, ContactId(7))


async def test_a_raw_reply_travels_as_it_is(ends: Ends) -> None:
    async def raw(message: AskRaw, caller: Caller) -> msgspec.Raw:
        return msgspec.Raw(b'[{"cid":1},{"cid":2}]')

    ends.there.serve(AskRaw, raw)
    await ends.settled()
    reply = await ends.here.call(AskRaw())
    assert bytes(reply) == b'[{"cid":1},{"cid":2}]'


async def test_calls_run_side_by_side(ends: Ends) -> None:
    both = asyncio.Barrier(3)

    async def add(message: Add, caller: Caller) -> Sum:
        await both.wait()
        return Sum(message.left)

    ends.there.serve(Add, add)
    await ends.settled()
    replies = await asyncio.gather(*(ends.here.call(Add(number)) for number in range(3)))
    assert [reply.value for reply in replies] == [0, 1, 2]


async def test_an_error_keeps_its_class_code_and_text(ends: Ends) -> None:
    async def fail(message: Add, caller: Caller) -> Sum:
        if message.left == 1:
            raise NotFound("There is no chat 5.")
        raise RoschatError("The chat is full.", "chat-full")

    ends.there.serve(Add, fail)
    await ends.settled()
    with pytest.raises(NotFound, match=r"There is no chat 5\."):
        await ends.here.call(Add(1))
    with pytest.raises(RoschatError, match=r"The chat is full\.") as caught:
        await ends.here.call(Add(2))
    assert caught.value.code == "chat-full"


async def test_a_defect_is_unknown_to_the_caller_and_told_to_the_log(
    ends: Ends, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(message: Add, caller: Caller) -> Sum:
        raise ZeroDivisionError("private detail")

    ends.there.serve(Add, broken)
    await ends.settled()
    with pytest.raises(RoschatError) as caught:
        await ends.here.call(Add(1))
    assert caught.value.code == "unknown"
    assert "private" not in caught.value.text
    assert "private detail" in caplog.text


async def test_a_command_that_nobody_serves_is_unavailable_at_once(ends: Ends) -> None:
    await ends.settled()
    async with asyncio.timeout(3):
        with pytest.raises(Unavailable, match="contract-nobody"):
            await ends.here.call(NobodyServes(), timeout=60)


async def test_a_late_reply_is_unavailable(ends: Ends) -> None:
    async def slow(message: Add, caller: Caller) -> Sum:
        await asyncio.Event().wait()
        raise AssertionError

    ends.there.serve(Add, slow)
    await ends.settled()
    with pytest.raises(Unavailable, match=r"0\.05 seconds"):
        await ends.here.call(Add(1), timeout=0.05)


async def test_a_cancelled_call_is_cancelled_and_not_unavailable(ends: Ends) -> None:
    started = asyncio.Event()

    async def slow(message: Add, caller: Caller) -> Sum:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    ends.there.serve(Add, slow)
    await ends.settled()
    task = asyncio.create_task(ends.here.call(Add(1), timeout=0.5))
    await asyncio.wait_for(started.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_command_has_one_server_in_a_process(ends: Ends) -> None:
    async def add(message: Add, caller: Caller) -> Sum:
        return Sum(0)

    ends.there.serve(Add, add)
    with pytest.raises(ValueError, match="contract-add"):
        ends.there.serve(Add, add)


async def test_events_reach_every_subscriber_in_the_order_of_publication(ends: Ends) -> None:
    plain, queued = Heard(), Heard()

    async def slowly(told: Told) -> None:
        await asyncio.sleep(0)
        queued(told)

    ends.there.subscribe(Told, plain)
    ends.there.subscribe(Told, slowly)
    await ends.settled()
    for number in range(500):
        ends.here.publish(Told(number))
    expected = [Told(number) for number in range(500)]
    assert await plain.until(500) == expected
    assert await queued.until(500) == expected


async def test_only_the_subscribed_type_is_heard_and_heard_once(ends: Ends) -> None:
    heard, last = Heard(), Heard()
    ends.there.subscribe(Told, heard)
    ends.there.subscribe(Other, last)
    await ends.settled()
    ends.here.publish(Other(1))
    ends.here.publish(Told(2))
    ends.here.publish(Other(3))
    assert await last.until(2) == [Other(1), Other(3)]
    assert await heard.until(1) == [Told(2)]


async def test_a_publisher_hears_itself_at_once(ends: Ends) -> None:
    heard = Heard()
    ends.here.subscribe(Told, heard)
    await ends.settled()
    ends.here.publish(Told(1))
    assert heard.items == [Told(1)]
    await ends.settled()
    assert heard.items == [Told(1)]


async def test_a_failing_subscriber_harms_nobody(ends: Ends, caplog: pytest.LogCaptureFixture) -> None:
    heard, queued = Heard(), Heard()

    def fails(told: Told) -> None:
        raise ZeroDivisionError("plain subscriber")

    async def fails_later(told: Told) -> None:
        if told.number == 1:
            raise ZeroDivisionError("queued subscriber")
        queued(told)

    ends.there.subscribe(Told, fails)
    ends.there.subscribe(Told, fails_later)
    ends.there.subscribe(Told, heard)
    await ends.settled()
    ends.here.publish(Told(1))
    ends.here.publish(Told(2))
    assert await heard.until(2) == [Told(1), Told(2)]
    assert await queued.until(1) == [Told(2)]
    assert "plain subscriber" in caplog.text
    assert "queued subscriber" in caplog.text


async def test_encoded_json_inside_an_event_arrives_as_it_is(ends: Ends) -> None:
    heard = Heard()
    ends.there.subscribe(Delivery, heard)
    await ends.settled()
    payload = '{"cid":5,"text":"привет \\n мир"}'.encode()
    ends.here.publish(Delivery("message-event", (ContactId(1), ContactId(2)), msgspec.Raw(payload)))
    [delivery] = await heard.until(1)
    assert bytes(delivery.payload) == payload
    assert delivery.audience == (1, 2)


async def test_a_type_that_is_not_declared_is_a_programming_error(ends: Ends) -> None:
    with pytest.raises(TypeError, match="not declared"):
        ends.here.subscribe(Undeclared, lambda told: None)


async def test_without_answers_a_hook_allows(ends: Ends) -> None:
    await ends.settled()
    assert not ends.here.asked(May)
    await ends.here.ask(May("x"))


async def test_opinions_are_asked_in_their_order_until_one_denies(ends: Ends) -> None:
    asked: list[str] = []

    def opinion(name: str, denies: bool = False) -> Callable[[May], Awaitable[None]]:
        async def give(may: May) -> None:
            asked.append(f"{name} {may.text}")
            if denies:
                raise Denied("Not on Sundays.")

        return give

    ends.there.answer(May, opinion("last"), order=300)
    ends.there.answer(May, opinion("denier", denies=True), order=200)
    ends.here.answer(May, opinion("here"), order=150)
    ends.there.answer(May, opinion("first"), order=1)
    await ends.settled()
    await eventually(lambda: ends.here.orders(May) == [1, 150, 200, 300])
    with pytest.raises(Denied, match="Not on Sundays"):
        await ends.here.ask(May("x"))
    assert asked == ["first x", "here x", "denier x"]


async def test_an_answer_that_fails_is_not_an_allowance(ends: Ends) -> None:
    async def broken(may: May) -> None:
        raise ZeroDivisionError

    ends.there.answer(May, broken)
    await ends.settled()
    await eventually(lambda: ends.here.asked(May))
    with pytest.raises(RoschatError) as caught:
        await ends.here.ask(May("x"))
    assert caught.value.code == "unknown"


async def test_closing_lets_queued_events_be_heard() -> None:
    bus = LocalBus()
    heard = Heard()

    async def slowly(told: Told) -> None:
        await asyncio.sleep(0)
        heard(told)

    bus.subscribe(Told, slowly)
    for number in range(20):
        bus.publish(Told(number))
    await bus.close()
    assert len(heard.items) == 20


async def test_many_calls_may_be_late_at_once() -> None:
    bus = LocalBus()

    async def slow(message: Add, caller: Caller) -> Sum:
        if message.left % 2:
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        return Sum(message.left)

    bus.serve(Add, slow)
    replies = await asyncio.gather(*(bus.call(Add(n), timeout=0.05) for n in range(10)), return_exceptions=True)
    assert [type(reply) for reply in replies] == [Sum, Unavailable] * 5
    await bus.close()


async def test_the_outer_timeout_of_nested_calls_is_the_outer_callers() -> None:
    bus = LocalBus()

    async def inner(message: NobodyServes, caller: Caller) -> Empty:
        await asyncio.Event().wait()
        raise AssertionError

    async def outer(message: Add, caller: Caller) -> Sum:
        await bus.call(NobodyServes(), timeout=30)
        raise AssertionError

    bus.serve(NobodyServes, inner)
    bus.serve(Add, outer)
    with pytest.raises(Unavailable, match="contract-add"):
        await bus.call(Add(1), timeout=0.05)
    await bus.close()


async def test_strict_shares_no_object() -> None:
    bus = LocalBus(strict=True)
    heard = Heard()
    bus.subscribe(Told, heard)
    told = Told(1)
    bus.publish(told)
    assert heard.items == [told]
    assert heard.items[0] is not told
    await bus.close()


async def test_a_process_that_ends_takes_its_opinions_along(nats_server: NatsServer) -> None:
    here, there = (NatsBus(nats_server.address, prefix="leaving") for _ in range(2))
    await here.open()
    await there.open()

    async def deny(may: May) -> None:
        raise Denied("no")

    there.answer(May, deny)
    await eventually(lambda: here.asked(May))
    await there.close()
    await eventually(lambda: not here.asked(May))
    await here.ask(May("x"))
    await here.close()


async def test_the_bus_comes_back_when_the_nats_server_does(tmp_path: Path) -> None:
    server = NatsServer(tmp_path)
    await server.start()
    here, there = NatsBus(server.address), NatsBus(server.address)
    await here.open()
    await there.open()

    async def add(message: Add, caller: Caller) -> Sum:
        return Sum(message.left)

    there.serve(Add, add)
    await there.settled()
    assert await here.call(Add(1)) == Sum(1)
    await server.stop()
    await eventually(lambda: bool(here.health()) and bool(there.health()))
    with pytest.raises(Unavailable, match="away"):
        await here.call(Add(2))
    await server.start()
    await eventually(lambda: not here.health() and not there.health())
    await there.settled()
    assert await here.call(Add(3)) == Sum(3)
    await here.close()
    await there.close()
    await server.stop()


async def test_an_absent_nats_server_is_one_sentence() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bus = NatsBus(f"nats://127.0.0.1:{probe.getsockname()[1]}")
        with pytest.raises(Unavailable, match="does not answer"):
            await bus.open()


async def test_what_was_served_can_be_taken_back_and_served_again(ends: Ends) -> None:
    def adding(extra: int) -> Callable[[Add, Caller], Awaitable[Sum]]:
        async def add(message: Add, caller: Caller) -> Sum:
            return Sum(message.left + message.right + extra)

        return add

    undo = ends.there.serve(Add, adding(0))
    await ends.settled()
    assert await ends.here.call(Add(1, 2)) == Sum(3)
    await undo()
    await ends.settled()
    with pytest.raises(Unavailable, match="contract-add"):
        await ends.here.call(Add(1, 2))
    ends.there.serve(Add, adding(10))
    await ends.settled()
    await undo()
    assert await ends.here.call(Add(1, 2)) == Sum(13)


async def test_a_subscriber_taken_back_hears_what_stood_in_line_and_nothing_after(ends: Ends) -> None:
    slow, quick = Heard(), Heard()

    async def slowly(event: Told) -> None:
        await asyncio.sleep(0)
        slow(event)

    undos = [ends.here.subscribe(Told, slowly), ends.here.subscribe(Told, quick)]
    staying = Heard()
    ends.here.subscribe(Told, staying)
    for number in range(20):
        ends.here.publish(Told(number))
    for undo in undos:
        await undo()
    ends.here.publish(Told(20))
    await staying.until(21)
    assert slow.items == quick.items == [Told(number) for number in range(20)]
    ends.here.subscribe(Told, quick)
    ends.here.publish(Told(21))
    assert (await quick.until(21))[-1] == Told(21)


async def test_an_opinion_taken_back_is_not_asked(ends: Ends) -> None:
    async def never(question: May) -> None:
        raise Denied("Never.")

    undo = ends.there.answer(May, never)
    await ends.settled()
    await eventually(lambda: ends.here.asked(May))
    with pytest.raises(Denied):
        await ends.here.ask(May("x"))
    await undo()
    await ends.settled()
    await eventually(lambda: not ends.here.asked(May))
    await ends.here.ask(May("x"))
    ends.there.answer(May, never)
    await ends.settled()
    await eventually(lambda: ends.here.asked(May))
    with pytest.raises(Denied):
        await ends.here.ask(May("x"))
