"""The other processes on the bus: who is there, which hooks each answers, and when something was missed.

Each process announces itself on one subject: at the start, at every change, every two seconds, and when it ends. Who is
silent for ten seconds is taken as gone; until then the hooks it answered are refused, because a question that somebody
wants to be asked is not skipped by accident. Here announcements become the local events of `wire/process.py`.

    heard of for the first time, or it asks → PeersAsk       said goodbye, or silent → PeerGone
    our line or that of a peer was cut, or we read too slowly → EventsMissed, once for what happens within two seconds
"""

import asyncio
from collections.abc import Callable

import msgspec
from msgspec import Struct

from roschat.wire.message import LocalEvent
from roschat.wire.process import EventsMissed, PeerGone, PeersAsk

ANNOUNCE_EVERY = 2.0
SILENT_AFTER = 10.0
GATHER = 2.0
"""Seconds in which several causes of missed events are one: a NATS server that returns finds all processes cut off."""


class Announcement(Struct, frozen=True, omit_defaults=True):
    """What a process says of itself: the orders at which it answers each hook, by the hook's name."""

    process: str
    hooks: dict[str, list[int]] = {}
    ask: bool = False
    """The others shall announce themselves, and tell again what they hold."""
    reply: bool = False
    """An answer to somebody who asked."""
    missed: bool = False
    """Events of this process may have been lost on their way."""
    bye: bool = False


decode = msgspec.json.Decoder(Announcement).decode


class Peer:
    """Another process."""

    __slots__ = ("heard", "hooks")

    def __init__(self) -> None:
        self.hooks: dict[str, list[int]] = {}
        self.heard = 0.0


class Peers:
    """See the module docstring. `say` sends an announcement, `tell` publishes a local event."""

    def __init__(
        self,
        process: str,
        hooks: Callable[[], dict[str, list[int]]],
        say: Callable[[Announcement], None],
        tell: Callable[[LocalEvent], None],
    ) -> None:
        self.process = process
        self._hooks = hooks
        self._say = say
        self._tell = tell
        self._peers: dict[str, Peer] = {}
        self._missed: asyncio.TimerHandle | None = None
        self._away = self._left = False

    def announce(self, *, ask: bool = False, reply: bool = False, missed: bool = False) -> None:
        """Tell the others of this process."""
        if not self._left:
            self._say(Announcement(self.process, self._hooks(), ask, reply, missed))

    def leave(self) -> None:
        """Say goodbye, and nothing after it."""
        self._left = True
        self._say(Announcement(self.process, bye=True))
        if self._missed is not None:
            self._missed.cancel()

    async def keep_announcing(self) -> None:
        """Run for ever."""
        while True:
            await asyncio.sleep(ANNOUNCE_EVERY)
            self.announce()
            self._drop_silent()

    def hear(self, said: Announcement) -> None:
        """Another process announced itself."""
        if said.bye:
            self._drop(said.process, silent=False)
            return
        known = said.process in self._peers
        peer = self._peers.setdefault(said.process, Peer())
        peer.hooks = said.hooks
        peer.heard = _now()
        if said.missed:
            self.miss(f"process {said.process} was cut off")
        if said.ask:
            self.announce(reply=True)
            self._tell(PeersAsk())
        elif not known and not said.reply:
            # It was taken as gone while it was only slow: both sides begin anew.
            self.announce(ask=True)
            self._tell(PeersAsk())

    def answering(self, hook: str) -> list[tuple[str, list[int]]]:
        """The processes that answer a hook, each with its orders."""
        return [(process, peer.hooks[hook]) for process, peer in self._peers.items() if hook in peer.hooks]

    def lose(self) -> None:
        """Our line is cut: nobody can be heard, so nobody is silent."""
        self._away = True

    def find(self) -> None:
        """Our line is there again."""
        self._away = False
        now = _now()
        for peer in self._peers.values():
            peer.heard = now
        self.announce(ask=True, missed=True)
        self._tell(PeersAsk())
        self.miss("the bus was away")

    def miss(self, reason: str) -> None:
        """Events of others may be lost; this is told once, in a moment."""
        if self._missed is None:
            self._missed = asyncio.get_running_loop().call_later(GATHER, self._tell_missed, reason)

    def _tell_missed(self, reason: str) -> None:
        self._missed = None
        self._tell(EventsMissed(reason))

    def _drop_silent(self) -> None:
        if self._away:
            return
        since = _now() - SILENT_AFTER
        for process in [process for process, peer in self._peers.items() if peer.heard < since]:
            self._drop(process, silent=True)

    def _drop(self, process: str, *, silent: bool) -> None:
        if self._peers.pop(process, None) is not None:
            self._tell(PeerGone(process, silent))


def _now() -> float:
    return asyncio.get_running_loop().time()
