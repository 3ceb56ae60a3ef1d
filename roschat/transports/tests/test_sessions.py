"""Sessions over a real WebSocket: acks, access, errors, sign-in, events."""

import asyncio
import json

import pytest

from roschat.kernel.metrics import Metrics
from roschat.transports.settings import Settings
from roschat.transports.tests.echo import TestEvent
from roschat.transports.tests.served import Served
from roschat.types import ContactId, DeviceId, Role, SessionId
from roschat.wire.delivery import deliver
from roschat.wire.session import SessionsEnded
from tests.harness.client import Client, until

pytestmark = pytest.mark.usefixtures("no_errors")
BOTH = pytest.mark.parametrize("eio", [3, 4])
LISTENERS = pytest.mark.parametrize("name", ["websocket", "https"])


@BOTH
@LISTENERS
async def test_a_call_is_answered_with_one_object(server: Served, eio: int, name: str) -> None:
    async with Client(server.url(name), eio) as client:
        reply = await client.call("test-echo", {"text": "привет 😀", "number": 3})
        assert reply == {"text": "привет 😀", "number": 3, "seen": [], "session": client.sid}
        assert await client.call("test-list", [1, 2]) == [1, 2]
        assert await client.call("test-list", {"numbers": ["5"]}) == [5]


async def test_handshakes_of_both_generations(server: Served) -> None:
    async with Client(server.url("websocket"), 3) as old, Client(server.url("websocket"), 4) as new:
        assert old.handshake == {"sid": old.sid, "upgrades": [], "pingInterval": 5000, "pingTimeout": 12000}
        assert new.handshake["pingInterval"] == 25000
        assert new.handshake["maxPayload"] == 1_048_576


@pytest.mark.parametrize(
    "packet",
    [
        '421["test-echo"]',
        '421["test-echo",null]',
        '421["test-echo",{}]',
        '421[ "test-echo" , { } ]',
        '421["test\\u002decho"]',
    ],
)
async def test_null_empty_and_missing_payloads_are_the_same(server: Served, packet: str) -> None:
    async with Client(server.url("websocket")) as client:
        future = await client.send("test-echo")
        await future
        client._acks[1] = asyncio.get_running_loop().create_future()
        answer = client._acks[1]
        await client.raw(packet)
        assert (await answer)["text"] == ""


async def test_several_arguments_count_as_the_first(server: Served) -> None:
    async with Client(server.url("websocket")) as client:
        await client.emit("test-login", {"cid": "7"}, "more", 3)
        assert (await client.call("test-person"))["number"] == 7


async def test_requests_without_ack_id_are_served(server: Served) -> None:
    async with Client(server.url("websocket")) as client:
        await client.emit("test-login", {"cid": 7})
        await client.emit("no-such-command")
        await client.emit("test-fail")
        assert (await client.call("test-person"))["number"] == 7


async def test_what_a_stranger_may_not(server: Served) -> None:
    async with Client(server.url("websocket")) as client:
        for name, code in [
            ("test-person", "not-authorized"),
            ("test-internal", "unknown-command"),
            ("test-event", "unknown-command"),
            ("no-such-command", "unknown-command"),
            ("", "unknown-command"),
        ]:
            reply = await client.call(name, {})
            assert reply["error"] == code, name
            assert reply["text"]
        await client.call("test-login", {"cid": 7})
        assert (await client.call("test-bot"))["error"] == "access-denied"


async def test_errors_have_code_and_text(server: Served, caplog: pytest.LogCaptureFixture) -> None:
    async with Client(server.url("websocket")) as client:
        assert await client.call("test-fail") == {"error": "not-found", "text": "There is no such thing."}
        assert (await client.call("test-fail", {"how": "bad-token"}))["error"] == "bad-token"
        assert (await client.call("test-fail", {"how": "defect"}))["error"] == "unknown"
        assert (await client.call("test-echo", {"number": "x"}))["error"] == "bad-request"
    caplog.clear()


async def test_bad_json_is_answered_and_too_much_of_it_closes(server: Served) -> None:
    server.settings.value = Settings(faults=3)
    async with Client(server.url("websocket")) as client:
        for number in range(3):
            future = client._acks[900 + number] = asyncio.get_running_loop().create_future()
            await client.raw(f'42{900 + number}["test-echo",{{"text":]')
            assert (await future)["error"] == "bad-request"
        await client.raw('42["test-echo",{]')
        assert await client.wait_closed() == 1008


@pytest.mark.parametrize("packet", ["9", "4", "49", "42", "42{}", '42["x"', "x", "", "421", '42["\\q",1]'])
async def test_malformed_packets_close_cleanly(server: Served, packet: str) -> None:
    async with Client(server.url("websocket")) as client:
        await client.raw(packet)
        assert await client.wait_closed() == 1007
    async with Client(server.url("websocket")) as client:
        await client.call("test-echo")


async def test_binary_is_refused_politely(server: Served) -> None:
    async with Client(server.url("websocket")) as client:
        future = client._acks[5] = asyncio.get_running_loop().create_future()
        await client.raw('451-5["test-echo",{"_placeholder":true,"num":0}]')
        await client.raw(b"\0\1")
        assert (await future)["error"] == "bad-request"
        await client.call("test-echo")


@BOTH
async def test_other_namespaces_are_refused(server: Served, eio: int) -> None:
    async with Client(server.url("websocket"), eio) as client:
        await client.stop_reading()
        await client.raw("40/admin,{}")
        refused = await client.receive()
        assert refused.startswith("44/admin,")
        assert "Invalid namespace" in json.dumps(json.loads(refused[9:]))


async def test_an_event_before_the_namespace_closes(server: Served) -> None:
    client = Client(server.url("websocket"), 3)
    client._url = client._url.replace("EIO=3", "EIO=4")
    client._eio = 4
    from websockets.asyncio.client import connect

    async with connect(client._url) as socket:
        assert str(await socket.recv()).startswith("0")
        await socket.send('421["test-echo",{}]')
        await asyncio.wait_for(socket.wait_closed(), 10)
        assert socket.close_code == 1007


async def test_a_sign_in_binds_the_session(server: Served) -> None:
    async with Client(server.url("websocket")) as client:
        assert await client.call("test-login", {"cid": 7, "device": "d"}) == {}
        [caller] = server.echo.opened
        assert (caller.cid, caller.role, caller.session, caller.address) == (7, Role.PERSON, client.sid, "127.0.0.1")
        await client.call("test-login", {"cid": 8})
        assert [caller.cid for caller in server.echo.closed] == [7]
    await until(lambda: len(server.echo.closed) == 2)
    assert [caller.cid for caller in server.echo.closed] == [7, 8]


async def test_what_is_sent_right_behind_a_login_waits_for_it(server: Served) -> None:
    async with Client(server.url("websocket")) as client:
        login = await client.send("test-login", {"cid": 7, "slow": True})
        person = await client.send("test-person")
        assert await login == {}
        assert (await person)["number"] == 7


async def test_overlapping_commands_begin_in_order_and_others_wait(server: Served) -> None:
    async with Client(server.url("websocket")) as client:
        await client.call("test-login", {"cid": 7})
        names = ["get-test-step", "get-test-step", "set-test-step", "get-test-step"]
        futures = [await client.send(name, {"number": number}) for number, name in enumerate(names)]
        await until(lambda: len(server.echo.steps) >= 2)
        assert server.echo.steps == ["begin 0", "begin 1"]
        server.echo.gate.set()
        await asyncio.gather(*futures)
        assert server.echo.steps == ["begin 0", "begin 1", "end 0", "end 1", "begin 2", "end 2", "begin 3", "end 3"]


async def test_too_many_commands_in_flight_hold_the_socket_and_lose_nothing(server: Served) -> None:
    server.settings.value = Settings(in_flight=4)
    async with Client(server.url("websocket")) as client:
        await client.call("test-login", {"cid": 7})
        futures = [await client.send("get-test-step", {"number": number}) for number in range(50)]
        await until(lambda: len(server.echo.steps) >= 4)
        assert len(server.echo.steps) == 4
        server.echo.gate.set()
        assert await asyncio.gather(*futures) == [{}] * 50
        assert [step for step in server.echo.steps if step.startswith("begin")] == [f"begin {n}" for n in range(50)]


@BOTH
async def test_deliveries_reach_their_audience_only(server: Served, eio: int) -> None:
    url = server.url("websocket")
    async with Client(url, eio) as one, Client(url, 4) as two, Client(url, 3) as bot, Client(url, 3) as stranger:
        await one.call("test-login", {"cid": 7})
        await two.call("test-login", {"cid": 7})
        await bot.call("test-login", {"cid": 7, "role": "bot"})
        server.bus.publish(deliver(TestEvent("a"), [ContactId(7), ContactId(9)]))
        server.bus.publish(deliver(TestEvent("b"), [ContactId(7)], but=SessionId(one.sid)))
        server.bus.publish(deliver(TestEvent("c"), [ContactId(7)], role=Role.BOT))
        assert await one.next("test-event") == {"text": "a"}
        assert [await two.next("test-event") for _ in "ab"] == [{"text": "a"}, {"text": "b"}]
        assert await bot.next("test-event") == {"text": "c"}
        for client in (one, two, bot, stranger):
            await client.call("test-echo")
            assert client.events == []


async def test_long_texts_both_ways(server: Served) -> None:
    async with Client(server.url("https")) as client:
        for size in (100, 125, 126, 65_000, 65_535, 65_536, 300_000):
            text = "я" * (size // 2)
            assert (await client.call("test-echo", {"text": text}))["text"] == text


async def test_a_frame_over_the_limit_closes_with_1009(server: Served) -> None:
    server.settings.value = Settings(max_packet=2000)
    for size in (2001, 70_000):
        async with Client(server.url("websocket")) as client:
            await client.raw("4" + "x" * size)
            assert await client.wait_closed() == 1009


async def test_a_flood_is_told_and_closed(server: Served) -> None:
    server.settings.value = Settings(packets_burst=10, packets_per_second=1)
    async with Client(server.url("websocket")) as client:
        futures = [await client.send("test-echo") for _ in range(30)]
        assert await client.wait_closed() == 1008
        replies = [future.result() for future in futures if future.done() and future.exception() is None]
        assert replies[-1]["error"] == "too-many-requests"


async def test_ended_sessions_are_told_not_to_come_back(server: Served) -> None:
    url = server.url("websocket")
    async with Client(url) as one, Client(url, 3) as two, Client(url) as other:
        await one.call("test-login", {"cid": 7, "device": "a"})
        await two.call("test-login", {"cid": 7, "device": "b"})
        await other.call("test-login", {"cid": 8})
        server.bus.publish(SessionsEnded(ContactId(7), DeviceId("a"), "signed out"))
        await one.wait_closed()
        assert one.disconnected
        await two.call("test-echo")
        server.bus.publish(SessionsEnded(ContactId(7)))
        await two.wait_closed()
        await other.call("test-echo")
    assert len(server.sockets) == 0


async def test_sockets_per_address_are_limited(server: Served) -> None:
    server.settings.value = Settings(strangers_per_address=1)
    async with Client(server.url("websocket")) as one:
        with pytest.raises(Exception, match="503"):
            await Client(server.url("websocket")).connect()
        await one.call("test-login", {"cid": 7})
        async with Client(server.url("websocket")) as two:
            await two.call("test-echo")


async def test_stopping_lets_commands_answer_and_says_goodbye(server: Served) -> None:
    url = server.url("websocket")
    async with Client(url) as client:
        await client.call("test-login", {"cid": 7})
        future = await client.send("set-test-step", {"number": 1})
        await until(lambda: server.echo.steps)
        closing = asyncio.create_task(server.listeners.close(5))
        await asyncio.sleep(0)
        server.echo.gate.set()
        assert await future == {}
        assert await client.wait_closed() == 1012
        await closing
        with pytest.raises(ConnectionRefusedError):
            await Client(url).connect()


async def test_an_error_that_hangs_up_is_told_first(server: Served) -> None:
    async with Client(server.url("websocket"), 3) as client:
        assert (await client.call("test-fail"))["error"] == "not-found"
        assert (await client.call("test-fail", {"how": "hang-up"}))["error"] == "bad-token"
        assert await client.wait_closed() == 1000
        assert client.disconnected


async def test_a_client_that_vanishes_while_it_is_held_leaves_nothing(server: Served) -> None:
    server.settings.value = Settings(in_flight=2)
    async with Client(server.url("https")) as client:
        await client.call("test-login", {"cid": 7})
        for number in range(20):
            await client.send("get-test-step", {"number": number})
        await until(lambda: len(server.echo.steps) >= 2)
        server.bus.publish(SessionsEnded(ContactId(7)))
        await client.wait_closed()
    server.echo.gate.set()
    await until(lambda: not server.sockets.commands._tasks)
    assert server.echo.steps == ["begin 0", "begin 1", "end 0", "end 1"]
    assert [caller.cid for caller in server.echo.closed] == [7]


async def test_the_gauge_counts_sockets_by_role(server: Served) -> None:
    metrics = Metrics()
    server.sockets.measure(metrics)
    async with Client(server.url("websocket")) as one, Client(server.url("websocket")):
        await one.call("test-login", {"cid": 7})
        text = metrics.text().decode()
    assert 'roschat_sockets{role="person"} 1.0' in text
    assert 'roschat_sockets{role="nobody"} 1.0' in text
