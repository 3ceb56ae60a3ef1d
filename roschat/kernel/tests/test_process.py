import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.control import Control, Line
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError, Unavailable
from roschat.kernel.local import LocalConfig, module_sections, read_config
from roschat.kernel.process import DataFolder, FolderFailed, FolderTaken
from roschat.wire.declare import INTERNAL, PERSON, command
from roschat.wire.message import Caller, Command, Empty, Message


class Echoed(Message, frozen=True):
    text: str


@command("process-test-echo", access=INTERNAL)
class Echo(Command[Echoed], frozen=True):
    text: str


@command("process-test-private", access=PERSON)
class Private(Command[Empty], frozen=True):
    pass


def test_a_folder_has_one_process(tmp_path: Path) -> None:
    first, second = DataFolder(tmp_path / "data"), DataFolder(tmp_path / "data")
    first.take()
    with pytest.raises(FolderTaken, match=f"in use by process {os.getpid()}"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_named_processes_share_a_folder(tmp_path: Path) -> None:
    alone, bots, server, twin = (DataFolder(tmp_path / "data", name) for name in ("", "bots", "server", "bots"))
    bots.take()
    server.take()
    bots.say_ready({})
    assert (tmp_path / "data" / "run" / "bots" / "ready.json").exists()
    with pytest.raises(FolderTaken, match=f"as 'bots' by process {os.getpid()}"):
        twin.take()
    with pytest.raises(FolderTaken, match="by several processes"):
        alone.take()
    bots.release()
    twin.take()
    twin.release()
    server.release()
    alone.take()
    with pytest.raises(FolderTaken, match=f"by process {os.getpid()}"):
        bots.take()
    alone.release()
    with pytest.raises(Invalid, match="no name of a process"):
        DataFolder(tmp_path, "../x")


def test_the_lock_of_a_killed_process_is_gone_and_its_news_are_old(tmp_path: Path) -> None:
    code = (
        "import sys, os, signal; from pathlib import Path; from roschat.kernel.process import DataFolder\n"
        "folder = DataFolder(Path(sys.argv[1])); folder.take(); folder.say_ready({'http': ['127.0.0.1:1']})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=False, env={"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    folder = DataFolder(tmp_path)
    assert json.loads(folder.ready_file.read_text())["listeners"] == {"http": ["127.0.0.1:1"]}
    folder.take()
    assert not folder.ready_file.exists()
    folder.release()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderFailed, match="--data DIR"):
        DataFolder(tmp_path / "file" / "data").take()


async def test_the_control_socket_carries_commands_verbs_and_errors(tmp_path: Path) -> None:
    bus = LocalBus()

    async def echo(message: Echo, caller: Caller) -> Echoed:
        if message.text == "bad":
            raise Invalid("The text 'bad' is refused.")
        return Echoed(f"{caller.role} {message.text}")

    async def verb(payload: dict[str, object]) -> object:
        return {"got": payload}

    bus.serve(Echo, echo)
    control = Control(bus)
    control.add("test-verb", verb)
    # Deeper than the address of a Unix socket may be long.
    folder = tmp_path / ("d" * 90) / "run"
    folder.mkdir(parents=True)
    path = folder / "control.sock"
    assert await Line.open(path) is None
    await control.open(path)
    assert path.stat().st_mode & 0o777 == 0o600
    line = await Line.open(path)
    assert line is not None
    assert await line.ask("process-test-echo", '{"text":"привет"}'.encode()) == {"text": "system привет"}
    assert await line.ask("test-verb", b'{"a":[1]}') == {"got": {"a": [1]}}
    with pytest.raises(Invalid, match="is refused"):
        await line.ask("process-test-echo", b'{"text":"bad"}')
    with pytest.raises(Invalid, match="text"):
        await line.ask("process-test-echo", b"{}")
    with pytest.raises(Denied):
        await line.ask("process-test-private", b"{}")
    with pytest.raises(NotFound, match="did you mean 'process-test-echo'"):
        await line.ask("process-test-ecko", b"{}")
    await line.close()
    reader, writer = await asyncio.open_unix_connection(f"/proc/self/fd/{os.open(folder, os.O_PATH)}/control.sock")
    writer.write(b"nonsense\n")
    assert json.loads(await reader.readline())["error"] == RoschatError("", "bad-request").code
    writer.close()
    await control.close()
    assert not path.exists()
    await bus.close()


async def test_a_server_that_goes_away_in_the_middle_is_unavailable(tmp_path: Path) -> None:
    bus = LocalBus()
    started = asyncio.Event()

    async def echo(message: Echo, caller: Caller) -> Echoed:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    bus.serve(Echo, echo)
    control = Control(bus)
    path = tmp_path / "control.sock"
    await control.open(path)
    line = await Line.open(path)
    assert line is not None
    asked = asyncio.create_task(line.ask("process-test-echo", b'{"text":"x"}'))
    await asyncio.wait_for(started.wait(), 5)
    await control.close()
    with pytest.raises(Unavailable, match="process-test-echo"):
        await asked
    await line.close()
    await bus.close()


def test_the_configuration_is_a_folder_with_sections_of_modules(tmp_path: Path) -> None:
    (tmp_path / "roschat.toml").write_text('data = "here"\ncertificate = "tls/c.pem"\n[ports]\nhttps = 0\n')
    (tmp_path / "bridges.toml").write_text("speed = 5\n")
    config = read_config(tmp_path)
    assert config.data == tmp_path / "here"
    assert config.certificate == str(tmp_path / "tls/c.pem")
    assert config.ports == {"https": 0}
    assert module_sections(tmp_path) == {"bridges": {"speed": 5}}


def test_an_empty_folder_is_the_defaults_and_an_absent_one_an_error(tmp_path: Path) -> None:
    assert read_config(tmp_path) == LocalConfig()
    with pytest.raises(Invalid, match="does not exist"):
        read_config(tmp_path / "none")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prots = {}", "did you mean 'ports'"),
        ("data = [", "is not valid TOML"),
        ('ports = "80"', "ports"),
    ],
)
def test_a_wrong_configuration_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "roschat.toml").write_text(text)
    with pytest.raises(Invalid) as caught:
        read_config(tmp_path)
    assert sentence in caught.value.text
    assert str(tmp_path) in caught.value.text
