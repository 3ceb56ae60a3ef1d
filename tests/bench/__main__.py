"""scripts/bench: the loads of chatbench against this server and, in the same run, against a peer.

Every load runs with durable storage (`synchronous_commit = on`), with permissions, counters and search at work, and
without TLS on both sides; the clients are a process of their own. Under a flood the search index follows later, so
`direct` does not hold its price: docs/performance.md gives it. A figure is the median of three measured stretches after
a warm-up. Trust the ratios of one run and the CPU per unit of work: figures per second move with whatever else the
machine does. With a peer the targets are printed at the end, passed or missed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import report
import servers

HERE = Path(__file__).parent
CHATBENCH = HERE.parent.parent.parent / "shared" / "bench" / "chatbench"
LOAD_LIMIT = 600
"""Seconds for one load with all that it prepares."""

LOADS: dict[str, list[str]] = {
    "idle": ["idle", "--conns", "5000", "--repeat", "1", "--parallel", "64", "--prefix", "k"],
    "latency": ["direct", "--pairs", "20", "--rate", "300", "--prefix", "l"],
    "group50": ["group", "--members", "50", "--window", "4", "--prefix", "f"],
    "group500": ["group", "--members", "500", "--window", "2", "--prefix", "h"],
    "history": ["history", "--clients", "8", "--fill", "200", "--prefix", "s"],
    "direct": ["direct", "--pairs", "20", "--window", "8", "--prefix", "d"],
}
"""In the order in which they run: memory is measured first, when no earlier load has left free room in the heap; the
load that leaves work for the search index behind comes last."""

Row = dict[str, Any]


def main() -> None:
    """Run, print, write JSON."""
    arguments = _arguments()
    if not (arguments.chatbench / "chatbench" / "__main__.py").is_file():
        sys.exit(f"There is no chatbench in {arguments.chatbench}; name its folder with --chatbench.")
    bench = Bench(arguments.chatbench, [name for name in LOADS if name in (arguments.load or LOADS)], arguments.seconds)
    rounds: list[Row] = []
    for _ in range(arguments.rounds):
        rounds += bench.roschat()
        if arguments.peer:
            rounds += bench.ejabberd()
        rows = _medians(rounds)
        if arguments.out:
            arguments.out.write_text(json.dumps(rows, indent=1) + "\n")
    print("\n".join(report.figures(rows)))
    if arguments.peer:
        print("\n".join(["", *report.targets(rows, arguments.peer)]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("load", nargs="*", choices=[[], *LOADS], help="all when none is named")
    parser.add_argument("--peer", choices=["ejabberd"], help="measure this server in the same run")
    parser.add_argument("--seconds", type=float, default=5.0, help="of one measured stretch")
    parser.add_argument("--rounds", type=int, default=1, help="repeat everything and take the medians")
    parser.add_argument("--out", type=Path, help="write the figures as JSON to this file")
    parser.add_argument("--chatbench", type=Path, default=CHATBENCH)
    return parser.parse_args()


class Bench:
    """Runs loads against servers that it starts."""

    def __init__(self, chatbench: Path, names: list[str], seconds: float) -> None:
        self._chatbench = chatbench
        self._names = names
        self._seconds = seconds

    def roschat(self) -> list[Row]:
        """All loads against a fresh installation of this server."""
        with tempfile.TemporaryDirectory(prefix="roschat-bench-") as folder:
            Path(folder).chmod(0o755)
            with servers.roschat(Path(folder)) as options:
                return [self._load("roschat", name, options) for name in self._names]

    def ejabberd(self) -> list[Row]:
        """All loads against ejabberd, over the faster of its transports: over WebSocket or plain TCP."""
        with servers.ejabberd(self._chatbench) as transports:
            speeds = {
                name: self._load(f"ejabberd over {name}", "direct", options, ["--repeat", "1", "--prefix", name])
                for name, options in transports.items()
            }
            best = max(speeds, key=lambda name: float(speeds[name].get("per_s", 0)))
            rows = [self._load("ejabberd", name, transports[best]) for name in self._names]
        # Its first load meets an empty database, ours comes after all others: the better of the two counts for it.
        trial = {**speeds[best], "server": "ejabberd"}
        return [trial if _slower(row, trial) else row for row in rows]

    def _load(self, label: str, name: str, options: list[str], more: list[str] | None = None) -> Row:
        load = [*LOADS[name], *options, "--label", label, "--seconds", str(self._seconds), *(more or [])]
        with tempfile.NamedTemporaryFile() as out:
            done = subprocess.run(
                [sys.executable, HERE / "load.py", *load, "--out", out.name],
                env={**os.environ, "PYTHONPATH": str(self._chatbench)},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=LOAD_LIMIT,
            )  # fmt: skip
            lines = Path(out.name).read_text().splitlines()
        row: Row = {"server": label, "load": name}
        if done.returncode or not lines:
            # A peer that cannot take a load is a result too; the rest is still measured.
            row["failed"] = done.stdout.strip().splitlines()[-1:]
            print(f"{label} {name} failed:\n{done.stdout[-3000:]}", file=sys.stderr, flush=True)
            return row
        row |= json.loads(lines[-1])["median"]
        print(f"{label} {name}: {row['per_s']:.0f}/s, {row['cpu_s_per_1k']:.4f} ms each", file=sys.stderr, flush=True)
        return row


def _slower(row: Row, than: Row) -> bool:
    return bool(row["load"] == than["load"] and float(row.get("per_s", 0)) < float(than.get("per_s", 0)))


def _medians(rounds: list[Row]) -> list[Row]:
    """One row for each server and load, of the rounds in which it did not fail."""
    merged: list[Row] = []
    for key in dict.fromkeys((row["server"], row["load"]) for row in rounds):
        same = [row for row in rounds if (row["server"], row["load"]) == key]
        good = [row for row in same if "failed" not in row] or same[:1]
        numbers = [name for name, value in good[0].items() if isinstance(value, int | float)]
        merged.append({**good[0], **{name: median(row[name] for row in good) for name in numbers}})
    return merged


if __name__ == "__main__":
    main()
