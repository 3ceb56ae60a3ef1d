"""The wall clock jumps by days, forward and back: tokens, scheduled messages, order and limits stay as they were."""

import shutil
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from roschat.kernel.clock import Clock
from roschat.kernel.listeners import NAMES
from roschat.kernel.local import LocalConfig
from roschat.program import Program
from tests.harness.client import Client
from tests.harness.load import sign_in, whole_changes, whole_history
from tests.harness.server import Server, folder

DAY = 86_400
PASSWORD = "a good password"


class JumpingClock(Clock):
    """The time of this machine as somebody has set it; spans are measured right all the same."""

    ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> JumpingClock:
    return JumpingClock()


@pytest.fixture
async def jumping(dsn: str, clock: JumpingClock) -> AsyncIterator[Server]:
    data = folder()
    config = LocalConfig(
        data=data,
        dsn=dsn,
        bind=["127.0.0.1"],
        ports=dict.fromkeys(NAMES, 0),
        modules=["server", "web_client"],
    )
    program = Program(config, clock=clock)
    try:
        await program.start()
        yield Server(program)
    finally:
        await program.stop()
        shutil.rmtree(data)


async def tokens_of(server: Server, login: str) -> dict[str, Any]:
    async with Client(server.url("websocket")) as client:
        reply = await client.call("login", {"login": login, "password": PASSWORD, "APILevel": 9})
        return dict(reply["tokens"])


async def login_error(server: Server, payload: dict[str, Any]) -> str | None:
    async with Client(server.url("websocket")) as client:
        reply = await client.call("login", {"APILevel": 9, **payload})
        error: str | None = reply.get("error")
        return error


async def test_tokens(jumping: Server, clock: JumpingClock) -> None:
    await jumping.person("orlova")
    tokens = await tokens_of(jumping, "orlova")
    async with Client(jumping.url("websocket")) as kept:
        await sign_in(kept, tokens["access_token"])
        clock.ahead = DAY
        assert await login_error(jumping, {"token": tokens["access_token"]}) == "bad-token"
        fresh = await kept.call("refresh-token", {"refresh_token": tokens["refresh_token"]})
        assert await login_error(jumping, {"token": fresh["access_token"]}) is None
        clock.ahead = -DAY
        # Made in what is now the future, and nevertheless ours.
        assert await login_error(jumping, {"token": fresh["access_token"]}) is None
        again = await kept.call("refresh-token", {"refresh_token": fresh["refresh_token"]})
        assert await login_error(jumping, {"token": again["access_token"]}) is None
        assert await kept.call("get-sessions", {})


async def test_a_password_is_not_guessed_faster(jumping: Server, clock: JumpingClock) -> None:
    await jumping.person("orlova")
    wrong = {"login": "orlova", "password": "not that one"}
    errors = [await login_error(jumping, wrong) for _ in range(7)]
    assert errors[:5] == ["bad-login-psw"] * 5
    assert errors[-1] == "too-many-requests"
    for ahead in (DAY, -DAY):
        clock.ahead = ahead
        assert await login_error(jumping, wrong) == "too-many-requests"


async def test_messages_keep_their_order_and_scheduled_ones_go_once(jumping: Server, clock: JumpingClock) -> None:
    await jumping.person("orlova")
    bob = await jumping.person("bobrov")
    token = (await tokens_of(jumping, "orlova"))["access_token"]
    place = ("user", bob)
    async with Client(jumping.url("websocket"), eio=3) as alice, Client(jumping.url("websocket")) as other:
        await sign_in(alice, token)
        await sign_in(other, token)
        start = clock.seconds()
        expected: list[str] = []

        async def send(text: str) -> None:
            sent = await alice.call("send-message", {"cid": bob, "data": text, "key": text})
            # The same after a jump in between: a resend finds what was stored under the other time.
            ahead, clock.ahead = clock.ahead, clock.ahead + 12_345
            assert await alice.call("send-message", {"cid": bob, "data": text, "key": text}) == sent
            clock.ahead = ahead
            expected.append(text)

        async def schedule(text: str, at: int) -> None:
            """Keep a message for later; the sender of those that are due looks at the clock again now."""
            reply = await alice.call("schedule-message", {"cid": bob, "data": text, "sendTime": at})
            assert "error" not in reply, reply

        async def went(text: str) -> None:
            # Also to the device that scheduled it.
            await alice.next("message-event", data=text)
            expected.append(text)

        await send("first")
        await schedule("in an hour", start + 3600)
        clock.ahead = DAY
        await send("tomorrow")
        await schedule("in two days", start + 2 * DAY)
        await went("in an hour")
        clock.ahead = -DAY
        await send("yesterday")
        await schedule("in an hour again", start + 3600)
        await schedule("at once", clock.seconds() + 1)
        await went("at once")
        clock.ahead = 3 * DAY
        await schedule("never yet", clock.seconds() + DAY)
        await went("in an hour again")
        await went("in two days")
        clock.ahead = 0
        await schedule("never yet either", start + 3600)
        await send("last")
        history = await whole_history(alice, place)
        assert [message["data"] for message in history] == expected
        assert [message["id"] for message in history] == sorted(message["id"] for message in history)
        times = [message["time"] for message in history]
        assert times != sorted(times), "the clock did jump"
        changed, _ = await whole_changes(other)
        assert [changed[id_]["data"] for id_ in sorted(changed)] == expected
        waiting = await alice.call("get-scheduled-messages", {})
        assert sorted(message["data"] for message in waiting) == ["never yet", "never yet either"]
