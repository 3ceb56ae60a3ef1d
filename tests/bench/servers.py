"""The servers that are measured: started empty, stopped at the end. Each gives the options that chatbench needs."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent.parent
START_LIMIT = 60
STOP_LIMIT = 60
LIMITS = ("packets_per_second", "packets_burst", "sessions_per_address", "strangers_per_address")
"""Settings that keep a single address from doing what a load generator does."""


@contextlib.contextmanager
def roschat(folder: Path) -> Iterator[list[str]]:
    """This server with its own PostgreSQL in an empty folder."""
    config, data, log = folder / "etc", folder / "var", folder / "log"
    config.mkdir()
    (config / "roschat.toml").write_text('plain = ["websocket"]\nbind = ["127.0.0.1"]\n')
    command = [sys.executable, "-m", "roschat.cli"]
    (config / "ms.toml").write_text(
        f'[licence]\ntrusted_keys = ["{_said("licence", "keygen", folder / "licence.key")}"]\n'
    )
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "run", "--data", data, "--config", config, "--ports", "http=0,https=0,websocket=0,console=0"],
            cwd=PROJECT, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        ready = _ready(data / "run" / "ready.json", server, log)
        port = ready["listeners"]["websocket"][0].rpartition(":")[2]
        _license(folder, data)
        for key in LIMITS:
            setting = [*command, "settings", "set", "transports", key, "1000000", "--data", data]
            subprocess.run(setting, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
        postmaster = next(data.glob("**/postmaster.pid")).read_text().split()[0]
        yield [
            *("--driver", "roschat", "--opt", f"port={port}", "--opt", f"control={data / 'run' / 'control.sock'}"),
            *("--pids", f"server={server.pid}", "--pids", f"db={postmaster}"),
        ]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(STOP_LIMIT)


def _license(folder: Path, data: Path) -> None:
    """The built-in licence is for 50 people; a load has more."""
    installation = json.loads(_said("call", "get-licence", "--data", data))["installation"]
    text = _said(
        "licence", "issue", "--key", folder / "licence.key", "--number", "1", "--customer", "bench",
        "--activation", installation, "--people", "1000000",
    )  # fmt: skip
    _said("call", "load-licence", json.dumps({"text": text}), "--data", data)


def _said(*words: object) -> str:
    """What the command line answers."""
    command = [sys.executable, "-m", "roschat.cli", *map(str, words)]
    return subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout.strip()


@dataclass(frozen=True)
class Console:
    """A running server as its administrators reach it, and its database."""

    url: str
    dsn: str
    server: int
    postmaster: int

    def cpu_seconds(self) -> tuple[float, float]:
        """CPU time that the server, and that its database has used."""
        second = os.sysconf("SC_CLK_TCK")
        database = sum(_ticks(pid) for pid in (self.postmaster, *_children(self.postmaster)))
        return _ticks(self.server) / second, database / second


@contextlib.contextmanager
def console(folder: Path, login: str, password: str) -> Iterator[Console]:
    """This server with its own PostgreSQL in a folder, with a console user who may ask as often as he likes."""
    config, data, log = folder / "etc", folder / "var", folder / "log"
    command = [sys.executable, "-m", "roschat.cli"]
    if not config.exists():
        config.mkdir()
        (config / "roschat.toml").write_text('bind = ["127.0.0.1"]\n')
        data.mkdir(mode=0o711)
        for words in (
            ["console-user", "add", "--login", login, "--surname", "Bench", "--password", password],
            ["settings", "set", "console", "requests_per_minute", "1000000"],
        ):
            subprocess.run(
                [*command, *words, "--data", data, "--config", config], cwd=PROJECT, check=True,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
    (data / "run" / "ready.json").unlink(missing_ok=True)
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "run", "--data", data, "--config", config, "--ports", "http=0,https=0,websocket=0,console=0"],
            cwd=PROJECT, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        ready = _ready(data / "run" / "ready.json", server, log)
        port = ready["listeners"]["console"][0].rpartition(":")[2]
        postmaster = next(data.glob("**/postmaster.pid"))
        lines = postmaster.read_text().split("\n")
        dsn = f"host={lines[4]} user=roschat dbname=roschat"
        yield Console(f"https://127.0.0.1:{port}", dsn, server.pid, int(lines[0]))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(STOP_LIMIT)


def _ticks(pid: int) -> int:
    """utime, stime and what ended children used (proc(5), fields 14 to 17)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return sum(map(int, fields[11:15]))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _ready(path: Path, server: "subprocess.Popen[bytes]", log: Path) -> Any:
    deadline = time.monotonic() + START_LIMIT
    while not path.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"The server did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)
    return json.loads(path.read_text())


@contextlib.contextmanager
def ejabberd(chatbench: Path) -> Iterator[dict[str, list[str]]]:
    """ejabberd on a PostgreSQL of its own, by the scripts of chatbench; the options by name of the transport."""

    def peer(script: str, *words: str) -> str:
        done = subprocess.run([chatbench / "peers" / script, *words], check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    postmaster = peer("postgres.sh", "start")
    try:
        pid = peer("ejabberd.sh", "start", "sql")
        try:
            shared = ["--driver", "xmpp", "--pids", f"server={pid}", "--pids", f"db={postmaster}"]
            yield {
                "websocket": [*shared, "--opt", "port=15280", "--opt", "transport=ws", "--opt", "path=/ws"],
                "tcp": [*shared, "--opt", "port=15222", "--opt", "transport=tcp"],
            }
        finally:
            peer("ejabberd.sh", "stop")
    finally:
        peer("postgres.sh", "stop")
