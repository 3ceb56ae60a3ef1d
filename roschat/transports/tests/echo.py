"""Commands that only tests of the transports know, and who serves them."""

import asyncio
from typing import Any

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.errors import NotFound, RoschatError
from roschat.types import ContactId, DeviceId, Role
from roschat.wire.declare import ANYONE, BOT, INTERNAL, PERSON, PERSON_OR_BOT, command, event
from roschat.wire.message import Caller, ClientEvent, Command, Empty, Grant, Message
from roschat.wire.session import SessionClosed, SessionOpened


class Echoed(Message, frozen=True, omit_defaults=False):
    text: str
    number: int
    seen: list[int]
    session: str


@command("test-echo", access=ANYONE)
class TestEcho(Command[Echoed], frozen=True):
    __test__ = False
    text: str = ""
    number: int = 0
    seen: list[int] = []


@command("test-list", access=ANYONE, bare="numbers")
class TestList(Command[list[int]], frozen=True):
    __test__ = False
    numbers: list[int]


@command("test-login", access=ANYONE)
class TestLogin(Command[Grant[Empty]], frozen=True):
    __test__ = False
    cid: ContactId
    role: Role = Role.PERSON
    device: DeviceId = DeviceId("")
    slow: bool = False


@command("test-person", access=PERSON)
class TestPerson(Command[Echoed], frozen=True):
    __test__ = False


@command("test-bot", access=BOT)
class TestBot(Command[Empty], frozen=True):
    __test__ = False


@command("test-internal", access=INTERNAL)
class TestInternal(Command[Empty], frozen=True):
    __test__ = False


@command("test-fail", access=ANYONE)
class TestFail(Command[Empty], frozen=True):
    __test__ = False
    how: str = "not-found"


class Step(Command[Empty], frozen=True):
    number: int


@command("get-test-step", access=PERSON_OR_BOT)
class GetTestStep(Step, Command[Empty], frozen=True):
    """Overlaps, waits for `gate`."""


@command("set-test-step", access=PERSON_OR_BOT)
class SetTestStep(Step, Command[Empty], frozen=True):
    """Does not overlap, waits for `gate`."""


@event("test-event")
class TestEvent(ClientEvent, frozen=True):
    __test__ = False
    text: str
    number: int = 0


class HangUp(RoschatError):
    """An error after which the socket is closed."""

    code = "bad-token"
    hang_up = True


class Echo:
    """Serves the commands above and remembers what happened."""

    def __init__(self, bus: Bus) -> None:
        self.opened: list[Caller] = []
        self.closed: list[Caller] = []
        self.steps: list[str] = []
        self.gate = asyncio.Event()
        bus.serve(TestEcho, self.echo)
        bus.serve(TestList, self.list)
        bus.serve(TestLogin, self.login)
        bus.serve(TestPerson, self.person)
        bus.serve(TestFail, self.fail)
        bus.serve(GetTestStep, self.step)
        bus.serve(SetTestStep, self.step)
        bus.subscribe(SessionOpened, lambda said: self.opened.append(said.caller))
        bus.subscribe(SessionClosed, lambda said: self.closed.append(said.caller))

    async def echo(self, command: TestEcho, caller: Caller) -> Echoed:
        return Echoed(command.text, command.number, command.seen, caller.session)

    async def list(self, command: TestList, caller: Caller) -> Any:
        return command.numbers

    async def login(self, command: TestLogin, caller: Caller) -> Grant[Empty]:
        if command.slow:
            await asyncio.sleep(0.01)
        granted = msgspec.structs.replace(caller, role=command.role, cid=command.cid, device=command.device)
        return Grant(granted, Empty())

    async def person(self, command: TestPerson, caller: Caller) -> Echoed:
        return Echoed("", caller.cid, [], caller.session)

    async def fail(self, command: TestFail, caller: Caller) -> Empty:
        if command.how == "defect":
            raise ZeroDivisionError("a defect")
        if command.how == "hang-up":
            raise HangUp("The token is bad.")
        if command.how == "not-found":
            raise NotFound("There is no such thing.")
        raise RoschatError("Something else.", command.how)

    async def step(self, command: Step, caller: Caller) -> Empty:
        self.steps.append(f"begin {command.number}")
        await self.gate.wait()
        self.steps.append(f"end {command.number}")
        return Empty()
