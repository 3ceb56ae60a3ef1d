"""scripts/bench console: administrators at work on a directory of 50,000.

A real server in a process of its own with its own PostgreSQL, over TLS and the REST ways of the console. Requests start
at a fixed rate whether or not earlier ones are answered, and a latency counts from the moment at which the request was
due: a server that falls behind is seen to. The mix is what open pages of the console ask.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import aiohttp
import psycopg
import servers

PEOPLE = 50_000
RATE = 200
TARGET = 150.0
"""Milliseconds in which 99 of 100 requests are to be answered."""
SETTLING = 600
"""Seconds."""
LOGIN, PASSWORD = "bench", "a bench password"
SURNAMES = ("Иванов", "Петров", "Сидоров", "Кузнецов", "Смирнов", "Попов", "Волков", "Морозов", "Лебедев", "Соколов")
NAMES = ("Анна", "Дмитрий", "Мария", "Олег", "Елена", "Андрей", "Ольга")
FIRST_CID = 1001

FILL = """
    INSERT INTO server.contact (rev, surname, name, patronymic, fields)
    SELECT server.next_contact_revision(), s, i, p, jsonb_build_array(
        jsonb_build_object('type', 'surname', 'value', s), jsonb_build_object('type', 'name', 'value', i),
        jsonb_build_object('type', 'patronymic', 'value', p),
        jsonb_build_object('type', 'organisation', 'value', 'Завод № ' || n %% 7),
        jsonb_build_object('type', 'department', 'value', 'Отдел ' || n %% 300),
        jsonb_build_object('type', 'position', 'value', 'Специалист ' || n %% 90 || ' категории'),
        jsonb_build_object('type', 'room', 'value', (n %% 500)::text),
        jsonb_build_object('type', 'workdayStart', 'value', '09:00'),
        jsonb_build_object('type', 'workdayEnd', 'value', '18:00'),
        jsonb_build_object('type', 'number', 'value', (20000 + n)::text),
        jsonb_build_object('type', 'email', 'value', 'user' || n || '@example.org'))
    FROM (SELECT n, (%(surnames)s::text[])[1 + n %% 10] || chr(1072 + n / 10 %% 32) || chr(1072 + n / 320 %% 32) AS s,
                 (%(names)s::text[])[1 + n %% 7] AS i,
                 (ARRAY['Сергеевна', 'Алексеевич', 'Викторовна'])[1 + n %% 3] AS p
          FROM generate_series(1, %(people)s) n) people
"""
ACCOUNTS = """
    INSERT INTO server.account (cid, login, login_key, password)
    SELECT cid, 'user' || cid || '@example.org', 'user' || cid || '@example.org', 'none'
    FROM server.contact WHERE kind = 'person' AND cid %% 5 <> 0 ON CONFLICT DO NOTHING
"""
SERVICES = """
    INSERT INTO server.contact_service (cid, type)
    SELECT cid, type FROM server.account, unnest(ARRAY['computer', 'mobile']) type ON CONFLICT DO NOTHING
"""
FOLLOWED: LiteralString = """
    SELECT contact_rev >= (SELECT max(rev) FROM server.contact) FROM server.search_cursor
"""


@dataclass(frozen=True)
class Asked:
    """A request of the mix."""

    kind: str
    method: str
    path: str
    body: dict[str, Any] | None = None


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench console", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of the measured stretch")
    parser.add_argument("--rate", type=float, default=RATE, help="requests a second")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--out", type=Path, help="write the figures as JSON to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roschat-bench-") as folder:
        os.chmod(folder, 0o711)
        figures = run(Path(folder), arguments.people, arguments.rate, arguments.seconds)
    if arguments.out:
        arguments.out.write_text(json.dumps(figures, indent=1) + "\n")
    print("\n".join(report(figures)))
    if figures["p99_ms"] > TARGET or figures["failed"]:
        sys.exit(1)


def run(folder: Path, people: int, rate: float, seconds: float) -> dict[str, Any]:
    """The figures of one run."""
    with servers.console(folder, LOGIN, PASSWORD) as first:
        _fill(first.dsn, people)
        _settle(first.dsn)
    # The second start reads the directory into memory, as it would be after any restart.
    with servers.console(folder, LOGIN, PASSWORD) as server:
        return asyncio.run(_measure(server, people, rate, seconds))


def _fill(dsn: str, people: int) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        given = {"surnames": list(SURNAMES), "names": list(NAMES), "people": people}
        connection.execute("SET statement_timeout = 0")
        for statement in (FILL, ACCOUNTS, SERVICES):
            connection.execute(statement, given)


def _settle(dsn: str) -> None:
    """Wait until the messenger's search has taken the people in: that is no work of the console."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        deadline = time.monotonic() + SETTLING
        while not _one(connection, FOLLOWED):
            if time.monotonic() > deadline:
                sys.exit(f"The search index did not take the people in within {SETTLING} s.")
            time.sleep(0.5)
        connection.execute("VACUUM ANALYZE")


def _one(connection: psycopg.Connection[Any], sql: LiteralString) -> Any:
    row = connection.execute(sql).fetchone()
    return row[0] if row else None


def mix(people: int, dice: random.Random) -> Iterator[Asked]:
    """What open pages ask, without end."""
    kinds = {_list: 25, _page: 10, _search: 25, _filtered: 10, _card: 15, _values: 5, _monitor: 10}
    while True:
        yield dice.choices(list(kinds), list(kinds.values()))[0](people, dice)


def _find(kind: str, **more: Any) -> Asked:
    return Asked(kind, "POST", "/contacts/find", {"size": 20, **more})


def _list(people: int, dice: random.Random) -> Asked:
    return _find("first page")


def _page(people: int, dice: random.Random) -> Asked:
    sort = dice.choice(["name", "number", "department", "position", "login", "changed"])
    return _find("other page", page=dice.randint(2, 50), sort=sort, descending=dice.random() < 0.3)


def _search(people: int, dice: random.Random) -> Asked:
    """What is asked while somebody types: beginnings of a name, a number, a login."""
    text = dice.choice(
        [
            dice.choice(SURNAMES)[: dice.randint(2, 7)],
            f"{dice.choice(NAMES)} {dice.choice(SURNAMES)}",
            str(20_000 + dice.randint(1, people))[: dice.randint(3, 5)],
            f"user{dice.randint(FIRST_CID, FIRST_CID + people)}",
        ]
    )
    return _find("search", filter={"text": text})


def _filtered(people: int, dice: random.Random) -> Asked:
    return _find(
        "filter",
        filter=dice.choice(
            [
                {"fields": [{"type": "department", "value": f"Отдел {dice.randint(0, 299)}"}]},
                {"services": ["mobile"], "fields": [{"type": "organisation", "value": f"№ {dice.randint(0, 6)}"}]},
                {"account": "without"},
                {"text": dice.choice(SURNAMES), "account": "with", "fields": [{"type": "position", "value": "1"}]},
            ]
        ),
    )


def _card(people: int, dice: random.Random) -> Asked:
    cid = FIRST_CID + dice.randrange(people)
    return Asked("card", "GET", f"/contacts/{cid}{dice.choice(['', '', '/services', '/connections'])}")


def _values(people: int, dice: random.Random) -> Asked:
    kind = dice.choice(["department", "position", "organisation"])
    return Asked("values", "GET", f"/contacts/values?type={kind}")


def _monitor(people: int, dice: random.Random) -> Asked:
    return Asked("monitor", "GET", dice.choice(["/monitor/now", "/monitor/problems", "/session"]))


async def _measure(server: servers.Console, people: int, rate: float, seconds: float) -> dict[str, Any]:
    connector = aiohttp.TCPConnector(limit=100, ssl=False)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(server.url + "/api/v1/", connector=connector, cookie_jar=jar) as session:
        async with session.post("session", json={"login": LOGIN, "password": PASSWORD}) as entered:
            entered.raise_for_status()
        requests = mix(people, random.Random(7))
        await _stretch(session, requests, rate / 4, 4)
        busy = server.cpu_seconds()
        answers = await _stretch(session, requests, rate, seconds)
        spent = [after - before for after, before in zip(server.cpu_seconds(), busy, strict=True)]
    times = sorted(took for _, took, _ in answers)
    by_kind: dict[str, list[float]] = {}
    for kind, took, _ in answers:
        by_kind.setdefault(kind, []).append(took)
    return {
        "people": people,
        "rate": rate,
        "requests": len(answers),
        "failed": sum(not ok for _, _, ok in answers),
        "p50_ms": _share(times, 0.5),
        "p99_ms": _share(times, 0.99),
        "cpu_server_ms": spent[0] * 1000 / len(answers),
        "cpu_database_ms": spent[1] * 1000 / len(answers),
        "kinds": {
            kind: [len(took), _share(sorted(took), 0.5), _share(sorted(took), 0.99)] for kind, took in by_kind.items()
        },
    }


async def _stretch(
    session: aiohttp.ClientSession, requests: Iterator[Asked], rate: float, seconds: float
) -> list[tuple[str, float, bool]]:
    """Start requests at a rate; their kind, latency in milliseconds from when they were due, and whether answered."""
    start = time.perf_counter()

    async def one(asked: Asked, due: float) -> tuple[str, float, bool]:
        async with session.request(asked.method, asked.path.lstrip("/"), json=asked.body) as answer:
            await answer.read()
            return asked.kind, (time.perf_counter() - due) * 1000, answer.status == 200

    async with asyncio.TaskGroup() as group:
        tasks = []
        for number in itertools.count():
            due = start + number / rate
            if due - start >= seconds:
                break
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(group.create_task(one(next(requests), due)))
    return [task.result() for task in tasks]


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def report(figures: dict[str, Any]) -> Iterator[str]:
    """The figures as lines to read."""
    yield f"{figures['requests']} requests at {figures['rate']:.0f}/s on {figures['people']} contacts"
    yield f"  p50 {figures['p50_ms']:.1f} ms, p99 {figures['p99_ms']:.1f} ms"
    server, database = figures["cpu_server_ms"], figures["cpu_database_ms"]
    yield f"  CPU per request: server {server:.2f} ms, database {database:.2f} ms"
    yield f"  not answered with 200: {figures['failed']}"
    for kind, (count, half, most) in sorted(figures["kinds"].items(), key=lambda pair: -pair[1][2]):
        yield f"  {kind:<12} {count:>5} × p50 {half:6.1f} ms  p99 {most:6.1f} ms"
    met = "passed" if figures["p99_ms"] <= TARGET else "MISSED"
    yield f"target p99 < {TARGET:.0f} ms: {met}"


if __name__ == "__main__":
    main()
