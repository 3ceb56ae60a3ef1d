"""The servers that are measured: started empty, stopped at the end. Each gives the options that chatbench needs."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
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
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "run", "--data", data, "--config", config, "--ports", "http=0,https=0,websocket=0,console=0"],
            cwd=PROJECT, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        ready = _ready(data / "run" / "ready.json", server, log)
        port = ready["listeners"]["websocket"][0].rpartition(":")[2]
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
