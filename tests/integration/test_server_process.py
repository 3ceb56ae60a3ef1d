"""`roschat run` as a process: ready, ports, signals, kill -9, a taken folder; and the commands of its administrator."""

import asyncio
import json
import os
import re
import signal
import socket
import ssl
from pathlib import Path

import aiohttp

from tests.harness.client import Client, trust_anything
from tests.harness.server import SpawnedServer, admin


async def _get(url: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, ssl=trust_anything(), allow_redirects=False) as response,
    ):
        return response.status, await response.text()


async def test_ready_says_where_it_listens_and_serves_there(spawned_server: SpawnedServer) -> None:
    await spawned_server.start()
    assert spawned_server.process is not None
    assert spawned_server.ready["pid"] == spawned_server.process.pid
    assert set(spawned_server.ready["listeners"]) == {"http", "https", "websocket", "console"}
    status, text = await _get(spawned_server.url("console") + "/health")
    assert status == 200
    assert json.loads(text)["parts"]["postgres"]["state"] == "ok"
    status, text = await _get(spawned_server.url("console") + "/metrics")
    assert status == 200
    assert "roschat_health" in text
    status, _ = await _get(spawned_server.url("http") + "/")
    assert status in (301, 302, 307, 308)
    assert await spawned_server.stop() == 0
    assert not (spawned_server.data / "run" / "ready.json").exists()
    order = ["readiness", "the control socket", "listeners", "modules", "the bus", "the database", "PostgreSQL"]
    stopped = re.findall(r"stopping ([^\"]+)\"", spawned_server.log())
    assert [name for name in stopped if name in order] == order


async def test_the_printed_first_person_can_sign_in(spawned_server: SpawnedServer) -> None:
    await spawned_server.start()
    found = re.search(r"login (\S+), password (\S+)", spawned_server.output)
    assert found is not None, spawned_server.output
    async with Client(spawned_server.url("websocket")) as client:
        reply = await client.call("login", {"login": found[1], "password": found[2], "APILevel": 9})
    assert reply["status"] == "ok"
    await spawned_server.stop()
    await spawned_server.start()
    assert "password" not in spawned_server.output
    assert await spawned_server.stop(signal.SIGINT) == 0


async def test_a_killed_server_leaves_a_folder_that_starts_again(spawned_server: SpawnedServer) -> None:
    await spawned_server.start()
    code, output, errors = await spawned_server.admin("contact", "add", "--surname", "Кузнецов", "--json")
    assert code == 0, errors
    cid = json.loads(output)["cid"]
    spawned_server.kill()
    await spawned_server.ended()
    await spawned_server.start()
    _, output, _ = await spawned_server.admin("contact", "list", "--json")
    assert cid in [contact["cid"] for contact in json.loads(output)]
    assert await spawned_server.stop() == 0


async def test_a_second_server_on_the_folder_is_refused_in_one_sentence(spawned_server: SpawnedServer) -> None:
    await spawned_server.start()
    code, _, errors = await spawned_server.admin("run", "--ports", "http=0,https=0,websocket=0,console=0")
    assert code == 1
    assert errors.strip().splitlines()[-1].startswith("roschat: The data folder")
    assert str(spawned_server.ready["pid"]) in errors
    assert await spawned_server.stop() == 0


async def test_a_taken_port_is_one_sentence_with_its_owner_and_the_option(spawned_server: SpawnedServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        await spawned_server.spawn("--ports", f"https=0,http=0,console=0,websocket={port}")
        code = await spawned_server.ended()
    assert code == 1
    [sentence] = [line for line in spawned_server.log().splitlines() if line.startswith("roschat: ")]
    assert f"Port {port} (websocket) is taken by " in sentence
    assert f"process {os.getpid()}" in sentence
    assert "--ports websocket=PORT" in sentence
    assert not (spawned_server.data / "postgres").exists()


async def test_the_certificate_is_reloaded_on_a_signal(spawned_server: SpawnedServer) -> None:
    await spawned_server.start()
    host, _, port = spawned_server.ready["listeners"]["https"][0].rpartition(":")
    before = await asyncio.to_thread(ssl.get_server_certificate, (host, int(port)))
    key = spawned_server.data / "certificates" / "key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    (spawned_server.data / "certificates" / "certificate.pem").unlink()
    assert spawned_server.process is not None
    spawned_server.process.send_signal(signal.SIGHUP)
    async with asyncio.timeout(20):
        while await asyncio.to_thread(ssl.get_server_certificate, (host, int(port))) == before:
            continue
    assert await spawned_server.stop() == 0


async def test_the_administrator_works_with_and_without_a_running_server(spawned_server: SpawnedServer) -> None:
    ask = spawned_server.admin
    code, output, errors = await ask("contact", "add", "--surname", "Иванов", "--name", "Пётр", "--json")
    assert code == 0, errors
    first = json.loads(output)["cid"]
    code, _, errors = await ask("health")
    assert code == 1
    assert "No server runs" in errors
    await spawned_server.start()
    account = ("--login", "petrova", "--password", "sesam-8842")
    code, output, errors = await ask("contact", "add", "--surname", "Петрова", "--number", "105", *account, "--json")
    assert code == 0, errors
    second = json.loads(output)["cid"]
    _, output, _ = await ask("contact", "list")
    assert re.search(rf"^{first} +person +Иванов Пётр$", output, re.MULTILINE), output
    assert re.search(rf"^{second} +person +Петрова$", output, re.MULTILINE), output
    async with Client(spawned_server.url("websocket")) as client:
        reply = await client.call("login", {"login": "petrova", "password": "sesam-8842", "APILevel": 9})
    assert reply["status"] == "ok"
    code, output, _ = await ask("health", "--json")
    assert code == 0
    assert json.loads(output)["parts"]["server"]["state"] == "ok"
    code, output, errors = await ask("migrate", "--json")
    assert (code, output.strip()) == (0, "[]"), errors
    assert await spawned_server.stop() == 0


async def test_settings_are_shown_changed_and_remembered(spawned_server: SpawnedServer) -> None:
    await spawned_server.start()
    ask = spawned_server.admin
    _, output, _ = await ask("settings", "list", "--json")
    assert "max_packet" in [option["key"] for option in json.loads(output)["transports"]]
    code, _, errors = await ask("settings", "set", "transports", "ping_interval", "7")
    assert code == 0, errors
    _, output, _ = await ask("settings", "get", "transports", "ping_interval", "--json")
    assert json.loads(output) == 7
    _, output, _ = await ask("settings", "history", "transports", "--json")
    [change] = json.loads(output)
    assert (change["key"], change["after"]) == ("ping_interval", 7)
    assert change["who"].startswith("command line: ")
    code, _, errors = await ask("settings", "set", "transports", "ping_intervall", "7")
    assert code == 1
    assert "did you mean 'ping_interval'" in errors
    assert await spawned_server.stop() == 0


async def test_a_bot_and_a_developer_are_made(spawned_server: SpawnedServer) -> None:
    await spawned_server.start()
    code, output, errors = await spawned_server.admin("bot", "add", "--name", "echo", "--title", "Эхо")
    assert code == 0, errors
    made = json.loads(output)
    assert set(made) == {"cid", "token"}
    code, output, errors = await spawned_server.admin("developer", "add", "--login", "dev", "--json")
    assert code == 0, errors
    assert json.loads(output)["password"]
    assert await spawned_server.stop() == 0


async def test_the_demonstration_is_a_company_that_signs_in(spawned_server: SpawnedServer) -> None:
    await spawned_server.start("--demo")
    people = re.findall(r"^  (\w+) +(\S+-\S+-\S+)   ", spawned_server.output, re.MULTILINE)
    assert len(people) == 10
    assert "Bot welcome: token " in spawned_server.output
    password = dict(people)["kuznetsov"]
    async with Client(spawned_server.url("https")) as client:
        reply = await client.call("login", {"login": "kuznetsov", "password": password, "APILevel": 9})
        assert reply["status"] == "ok"
        chats = (await client.call("get-chats", {}))["chats"]
        assert "Отдел ИТ" in [chat.get("name") for chat in chats]
        assert await client.call("get-channels", {})
    assert await spawned_server.stop() == 0


async def test_check_names_what_is_wrong_with_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "roschat.toml").write_text("prots = { http = 1 }\n")
    code, _, errors = await admin("check", "--config", str(tmp_path), "--data", str(tmp_path / "data"))
    assert code == 1
    assert "prots" in errors
    assert "did you mean 'ports'" in errors
    (tmp_path / "roschat.toml").write_text('listeners = []\nmodules = ["servr"]\n')
    code, output, errors = await admin("check", "--config", str(tmp_path), "--data", str(tmp_path / "data"), "--json")
    assert code == 1
    findings = json.loads(output)
    assert "did you mean 'server'" in findings["modules"]
    assert findings["database"] == findings["ports"] == ""
    assert not (tmp_path / "data").exists()


async def test_an_unknown_command_is_one_sentence() -> None:
    code, _, errors = await admin("contcat", "list")
    assert code == 2
    assert errors.startswith("roschat: ")
    assert len(errors.strip().splitlines()) == 1
