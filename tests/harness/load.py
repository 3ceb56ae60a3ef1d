"""A load of people who write to each other and resend what was not acknowledged, and what must be true afterwards.

    load = await Load.begin(server.data / "run" / "control.sock", url, pairs=3)
    async with load.running():
        await load.acknowledged(200)
        …break something, mend it…
        await load.acknowledged(200)
    await load.verify()

Everybody writes in turn to a partner and to a group of all, each message under a key of its own, at most `window` of
them without an answer. `unavailable` and a broken socket mean the same: send again under the same keys, in order.
"""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import msgspec
from websockets.exceptions import WebSocketException

from roschat.kernel.control import Line
from tests.harness.client import Client

BACK_OFF = 0.05
"""Seconds between two tries of a message that was refused."""
PATIENCE = 45.0
"""Seconds in which a message gets some answer, and a fault is over."""
BROKEN = (OSError, WebSocketException, ConnectionError, TimeoutError)

Place = tuple[str, int]
"""A conversation as its reader calls it: cidType and cid."""


@dataclass(frozen=True)
class Letter:
    """A message before its answer."""

    number: int
    place: Place
    key: str


@dataclass
class Writer:
    """One person: what was sent, and what was answered."""

    name: str
    cid: int
    token: str
    places: list[Place] = field(default_factory=list)
    letters: dict[str, Letter] = field(default_factory=dict)
    unanswered: deque[Letter] = field(default_factory=deque)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Acknowledgements by key."""
    refusals: list[str] = field(default_factory=list)
    """Sentences of `unavailable`."""
    connections: int = 0

    def next_letter(self) -> Letter:
        """A new message, to the places in turn."""
        number = len(self.letters) + 1
        letter = Letter(number, self.places[number % len(self.places)], f"{self.name}-{number}")
        self.letters[letter.key] = letter
        self.unanswered.append(letter)
        return letter


class Load:
    """See the module docstring. `url` may be changed while nobody is `online`."""

    def __init__(self, url: str, writers: list[Writer], group: int, window: int) -> None:
        self.url = url
        self.writers = writers
        self.group = group
        self.online = asyncio.Event()
        """Clear it before the server goes away, set it when the server is back."""
        self._window = window
        self._finishing = False
        self._changed = asyncio.Condition()

    @classmethod
    async def begin(cls, control: Path, url: str, *, pairs: int = 3, window: int = 4, prefix: str = "p") -> Self:
        """Make the people and their group."""
        writers = [await _person(control, f"{prefix}{number}") for number in range(2 * pairs)]
        async with Client(url) as owner:
            await sign_in(owner, writers[0].token)
            members = [writer.cid for writer in writers[1:]]
            group = (await owner.call("create-group", {"name": f"Group {prefix}", "members": members}))["cid"]
        for first, second in zip(writers[::2], writers[1::2], strict=True):
            first.places = [("user", second.cid), ("group", group)]
            second.places = [("user", first.cid), ("group", group)]
        load = cls(url, writers, group, window)
        load.online.set()
        return load

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """People write meanwhile; at the end everybody gets an answer to everything."""
        async with asyncio.TaskGroup() as tasks:
            for writer in self.writers:
                tasks.create_task(self._life(writer))
            yield
            self._finishing = True

    @property
    def count(self) -> int:
        """Messages that were acknowledged."""
        return sum(len(writer.sent) for writer in self.writers)

    async def acknowledged(self, more: int) -> None:
        """Wait until so many more messages were acknowledged."""
        wanted = self.count + more
        await self._until(lambda: self.count >= wanted, f"{wanted} acknowledged messages")

    async def refused(self) -> None:
        """Wait until somebody more was told `unavailable`."""
        before = len(self.refusals)
        await self._until(lambda: len(self.refusals) > before, "a refusal")

    @property
    def refusals(self) -> list[str]:
        """What people were told when it did not work."""
        return [text for writer in self.writers for text in writer.refusals]

    async def verify(self) -> None:
        """Everything that was acknowledged is there once and in order; counters and revisions agree with it."""
        assert not any(writer.unanswered for writer in self.writers)
        for writer in self.writers:
            async with Client(self.url) as client:
                await sign_in(client, writer.token)
                await self._verify(writer, client)

    async def _verify(self, reader: Writer, client: Client) -> None:
        chats = {place_of(chat): chat for chat in (await client.call("get-chats", {}))["chats"]}
        everything: dict[int, Any] = {}
        for place in reader.places:
            history = [message for message in await whole_history(client, place) if message["dataType"] == "text"]
            everything |= {message["id"]: message for message in history}
            self._verify_history(history, reader, place)
            own = max(message["id"] for message in history if message["senderId"] == reader.cid)
            assert chats[place].get("unread", 0) == sum(message["id"] > own for message in history)
            assert chats[place]["last"]["id"] == history[-1]["id"]
            assert chats[place]["rev"] >= history[-1]["rev"]
        changed, last = await whole_changes(client)
        assert {id_: changed[id_] for id_ in everything} == everything
        assert last == (await client.call("get-messages-last-revision"))["rev"]
        assert last >= max(chat["rev"] for chat in chats.values())

    def _verify_history(self, history: list[Any], reader: Writer, place: Place) -> None:
        by_cid = {writer.cid: writer for writer in self.writers}
        found: dict[int, list[int]] = defaultdict(list)
        for message in history:
            author = by_cid[message["senderId"]]
            sent = author.sent[message["data"]]
            assert (sent["id"], sent["rev"]) == (message["id"], message["rev"])
            assert message.get("key") == (message["data"] if author is reader else None)
            found[author.cid].append(author.letters[message["data"]].number)
        together = place == ("group", self.group)
        for author in self.writers if together else [reader, by_cid[place[1]]]:
            here = place if together else author.places[0]
            numbers = [letter.number for letter in author.letters.values() if letter.place == here]
            assert found.pop(author.cid, []) == numbers, f"{author.name} in {here}"
        assert not found

    async def _until(self, condition: Any, what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError:
            raise AssertionError(f"{what} did not come; there are {self.count}, {self.refusals[-3:]}") from None

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _life(self, writer: Writer) -> None:
        while not self._finishing or writer.unanswered:
            await self.online.wait()
            try:
                async with Client(self.url) as client:
                    await sign_in(client, writer.token)
                    writer.connections += 1
                    await self._write(writer, client)
            except BROKEN:
                if self.online.is_set():
                    raise

    async def _write(self, writer: Writer, client: Client) -> None:
        """Until the load ends; raises what the broken socket raises."""
        asked = deque([(letter, await _send(client, letter)) for letter in writer.unanswered])
        while not self._finishing or asked:
            while len(asked) < self._window and not self._finishing:
                letter = writer.next_letter()
                asked.append((letter, await _send(client, letter)))
            letter, future = asked.popleft()
            if not self._take(writer, letter, await asyncio.wait_for(future, PATIENCE)):
                while asked:
                    letter, future = asked.popleft()
                    self._take(writer, letter, await asyncio.wait_for(future, PATIENCE))
                await asyncio.sleep(BACK_OFF)
                asked.extend([(letter, await _send(client, letter)) for letter in writer.unanswered])
            await self._tell()

    def _take(self, writer: Writer, letter: Letter, reply: dict[str, Any]) -> bool:
        if "error" in reply:
            assert reply["error"] == "unavailable", reply
            writer.refusals.append(reply["text"])
            return False
        writer.sent[letter.key] = reply
        writer.unanswered.remove(letter)
        return True


async def _send(client: Client, letter: Letter) -> asyncio.Future[Any]:
    kind, cid = letter.place
    payload = {"cidType": kind, "cid": cid, "dataType": "text", "data": letter.key, "key": letter.key}
    return await client.send("send-message", payload)


async def _person(control: Path, name: str) -> Writer:
    cid = (await ask(control, "add-contact", {"fields": [{"type": "surname", "value": name}]}))["cid"]
    await ask(control, "set-contact-services", {"cid": cid, "services": [{"type": "computer"}]})
    tokens = await ask(control, "issue-tokens", {"cid": cid, "client": "load"})
    return Writer(name, cid, tokens["access_token"])


async def ask(control: Path, name: str, payload: dict[str, Any]) -> Any:
    """A command or verb of the administrator over the control socket of a server."""
    line = await Line.open(control)
    assert line is not None
    try:
        return await line.ask(name, msgspec.json.encode(payload))
    finally:
        await line.close()


async def set_limits(control: Path, **limits: Any) -> None:
    """Change settings of the transports."""
    for key, value in limits.items():
        await ask(control, "settings-set", {"section": "transports", "key": key, "value": value, "who": "test"})


async def sign_in(client: Client, token: str) -> None:
    """Sign a socket in with an access token."""
    reply = await client.call("login", {"token": token, "APILevel": 9})
    assert reply["status"] == "ok", reply


async def whole_history(client: Client, place: Place) -> list[Any]:
    """A conversation from its beginning, page by page, oldest first."""
    kind, cid = place
    found: list[Any] = []
    bounds: dict[str, int] = {}
    while True:
        page = await client.call("get-messages", {"cidType": kind, "cid": cid, "count": 200, **bounds})
        found += page["messages"]
        if not page.get("older"):
            ids = [message["id"] for message in found]
            assert ids == sorted(set(ids), reverse=True)
            return found[::-1]
        bounds = {"endId": found[-1]["id"]}


async def whole_changes(client: Client, rev: int = 0) -> tuple[dict[int, Any], int]:
    """All that changed since a revision, by id, and the revision reached."""
    found: dict[int, Any] = {}
    while True:
        changes = await client.call("get-messages-changes", {"minRev": rev})
        revs = [message["rev"] for message in changes["messages"]]
        assert revs == sorted(revs)
        assert all(rev < one <= changes["rev"] for one in revs)
        found |= {message["id"]: message for message in changes["messages"]}
        rev = changes["rev"]
        if not changes.get("more"):
            return found, rev


def place_of(chat: dict[str, Any]) -> Place:
    """The conversation that a view is of."""
    return chat.get("cidType", "user"), chat["cid"]
