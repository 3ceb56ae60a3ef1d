"""scripts/bench: the loads of chatbench against this server and, in the same run, against a peer.

Every scenario runs with durable storage (`synchronous_commit = on`) and without TLS on both sides. Trust the ratios and
the CPU per unit of work; messages per second move with whatever else the machine does.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
START_TIMEOUT = 60

SCENARIOS: dict[str, list[str]] = {
    "direct": ["direct", "--pairs", "20", "--window", "8", "--prefix", "d"],
    "latency": ["direct", "--pairs", "20", "--rate", "300", "--prefix", "l"],
    "group50": ["group", "--members", "50", "--window", "4", "--prefix", "f"],
    "group500": ["group", "--members", "500", "--window", "2", "--prefix", "h"],
    "history": ["history", "--clients", "8", "--fill", "200", "--prefix", "s"],
    "idle": ["idle", "--conns", "5000", "--repeat", "1", "--parallel", "64", "--prefix", "k"],
}
COLUMNS = {
    "per_s": "per second",
    "cpu_s_per_1k": "CPU ms each",
    "lat_p50_ms": "p50 ms",
    "lat_p99_ms": "p99 ms",
    "last_p50_ms": "last p50 ms",
    "mem_server_kb_per_conn": "KiB/connection",
    "gen_cpu_share": "generator share",
    "undelivered": "undelivered",
}


def main() -> None:
    """Run, print a table, write JSON."""
    arguments = _arguments()
    chatbench = Path(arguments.chatbench)
    if not (chatbench / "chatbench" / "__main__.py").is_file():
        sys.exit(f"There is no chatbench in {chatbench}; name its folder with --chatbench.")
    wanted = arguments.scenario or list(SCENARIOS)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="roschat-bench-") as folder:
        Path(folder).chmod(0o755)
        with _roschat(Path(folder)) as options:
            rows += [_run(chatbench, "roschat", name, options, arguments.seconds) for name in wanted]
    if arguments.peer:
        with _ejabberd(chatbench) as options:
            rows += [_run(chatbench, arguments.peer, name, options, arguments.seconds) for name in wanted]
    _print(rows)
    if arguments.out:
        Path(arguments.out).write_text(json.dumps(rows, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("scenario", nargs="*", choices=[[], *SCENARIOS], help="all when none is named")
    parser.add_argument("--peer", choices=["ejabberd"], help="measure this server in the same run")
    parser.add_argument("--seconds", type=float, default=5.0, help="of one measured stretch")
    parser.add_argument("--out", help="write the figures as JSON to this file")
    parser.add_argument("--chatbench", default=str(PROJECT.parent / "shared" / "bench" / "chatbench"))
    return parser.parse_args()


@contextlib.contextmanager
def _roschat(folder: Path) -> Iterator[list[str]]:
    config = folder / "etc"
    config.mkdir()
    (config / "roschat.toml").write_text('plain = ["websocket"]\nbind = ["127.0.0.1"]\n')
    data = folder / "var"
    ports = "http=0,https=0,websocket=0,console=0"
    command = [sys.executable, "-m", "roschat.cli", "run", "--data", data, "--config", config, "--ports", ports, *os.environ.get("BENCH_RUN", "").split()]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
    try:
        ready = _ready(data / "run" / "ready.json", server, folder / "log")
        port = ready["listeners"]["websocket"][0].rpartition(":")[2]
        for key in ("packets_per_second", "packets_burst", "sessions_per_address", "strangers_per_address"):
            setting = [sys.executable, "-m", "roschat.cli", "settings", "set", "transports", key, "1000000"]
            subprocess.run([*setting, "--data", data], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
        postmaster = next(data.glob("**/postmaster.pid")).read_text().split()[0]
        yield [
            *("--driver", "roschat", "--opt", f"port={port}", "--opt", f"control={data / 'run' / 'control.sock'}"),
            *("--pids", f"server={server.pid}", "--pids", f"db={postmaster}"),
        ]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _ready(path: Path, server: "subprocess.Popen[bytes]", log: Path) -> Any:
    deadline = time.monotonic() + START_TIMEOUT
    while not path.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"The server did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)
    return json.loads(path.read_text())


@contextlib.contextmanager
def _ejabberd(chatbench: Path) -> Iterator[list[str]]:
    def peer(script: str, *words: str) -> str:
        done = subprocess.run([chatbench / "peers" / script, *words], check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    postmaster = peer("postgres.sh", "start")
    try:
        pid = peer("ejabberd.sh", "start", "sql")
        try:
            yield [
                *("--driver", "xmpp", "--opt", "port=15280", "--opt", "transport=ws", "--opt", "path=/ws"),
                *("--pids", f"server={pid}", "--pids", f"db={postmaster}"),
            ]
        finally:
            peer("ejabberd.sh", "stop")
    finally:
        peer("postgres.sh", "stop")


def _run(chatbench: Path, label: str, name: str, options: list[str], seconds: float) -> dict[str, Any]:
    scenario, *rest = SCENARIOS[name]
    command = [sys.executable, HERE / "load.py", scenario, *rest, *options, "--label", label, "--seconds", str(seconds)]
    environment = {**os.environ, "PYTHONPATH": str(chatbench)}
    with tempfile.NamedTemporaryFile() as out:
        done = subprocess.run(
            [*command, "--out", out.name], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        lines = Path(out.name).read_text().splitlines()
    if done.returncode or not lines:
        sys.exit(f"{label} {name} failed:\n{done.stdout[-3000:]}")
    print(f"{label} {name}: {json.loads(lines[-1])['median']['per_s']:.0f}/s", file=sys.stderr, flush=True)
    return {"server": label, "load": name, **json.loads(lines[-1])["median"]}


def _print(rows: list[dict[str, Any]]) -> None:
    print("| server | load | " + " | ".join(COLUMNS.values()) + " |")
    print("|" + "---|" * (len(COLUMNS) + 2))
    for row in sorted(rows, key=lambda row: list(SCENARIOS).index(row["load"])):
        cells = [f"{row[column]:.4g}" if column in row else "" for column in COLUMNS]
        print(f"| {row['server']} | {row['load']} | " + " | ".join(cells) + " |")


main()
