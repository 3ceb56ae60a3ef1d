"""Presence: facts of sessions come in, gathered changes go out to those who look, last-seen times go to the database.

Every process hears of every session over the bus, so each knows how everybody is; a process tells the watchers that
asked it. Changes are gathered for INTERVAL, so a reconnect or a storm of them costs one frame per watcher.
"""

import asyncio
import logging
import secrets

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, RoschatError, TooLarge
from roschat.modules.server.accounts.api import SilentSignIn
from roschat.modules.server.directory.api import SeeDirectory, VisibilityChanged, VisibleContacts
from roschat.modules.server.presence import store
from roschat.modules.server.presence.api import (
    PresenceEvent,
    PresenceFact,
    PresenceView,
    PresenceWatched,
    SetContactStatus,
    WatchPresence,
)
from roschat.modules.server.presence.sessions import OFFLINE, STATUSES, Sessions
from roschat.modules.server.presence.watches import Watches
from roschat.types import ContactId, Role, Seconds
from roschat.wire.delivery import deliver
from roschat.wire.message import Caller
from roschat.wire.process import PeersAsk
from roschat.wire.session import SessionClosed, SessionOpened

log = logging.getLogger(__name__)

INTERVAL = 0.3
"""Seconds for which changes are gathered."""
SAVE = 5.0
"""Seconds between two writings of last-seen times."""
SAVE_ALL = 60.0
"""Seconds between two writings for those who are online: what a crash may make wrong."""
WATCHED = 1000
"""Contacts that one session may look at."""
TEXT_LENGTH = 200


class Presence:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._sessions = Sessions(clock)
        self._watches = Watches()
        self._changed: set[ContactId] = set()
        self._waiting = asyncio.Event()
        self._unsaved: dict[ContactId, float] = {}
        self._texts: dict[ContactId, str] = {}
        self._saved_all = clock.monotonic()
        self._process = secrets.token_hex(8)

    # What happens to sessions, here and in other processes.

    def opened(self, event: SessionOpened) -> None:
        """A socket has signed in."""
        caller = event.caller
        if caller.role in (Role.PERSON, Role.BOT):
            changed = self._sessions.open(caller.session, caller.cid, is_person=caller.role is Role.PERSON)
            self._note(caller.cid, changed)

    def closed(self, event: SessionClosed) -> None:
        """A signed-in socket is gone."""
        self._watches.forget(event.caller.session)
        self._note(event.caller.cid, self._sessions.close(event.caller.session))

    def silent(self, event: SilentSignIn) -> None:
        """A session does not want to be shown."""
        self._sessions.announce_silent(event.session)

    def said(self, event: PresenceFact) -> None:
        """A session said how it is."""
        changed = self._sessions.say(event.session, event.status)
        if event.text is not None and event.text != self._texts.get(event.cid):
            self._texts[event.cid] = event.text
            changed = True
        self._note(event.cid, changed)

    def watched_elsewhere(self, event: PresenceWatched) -> None:
        """Another process tells this session from now on."""
        if event.by != self._process:
            self._watches.forget(event.session)

    def peers_ask(self, _: PeersAsk) -> None:
        """A process has come that knows who is there, but not what they said of themselves."""
        for number, session in self._sessions.unusual():
            self._bus.publish(PresenceFact(session.cid, number, session.status))

    # Commands.

    async def set_status(self, command: SetContactStatus, caller: Caller) -> None:
        """See the command. Raises Invalid, TooLarge, Unavailable."""
        if command.status not in STATUSES:
            raise Invalid(f"The status {command.status[:50]!r} is not known; it is one of {', '.join(STATUSES)}.")
        text = command.text if command.text is None else command.text.strip()
        if text is not None:
            if len(text) > TEXT_LENGTH:
                raise TooLarge(f"The text has {len(text)} characters, {TEXT_LENGTH} are allowed.")
            if not all(c.isprintable() for c in text):
                raise Invalid("The text has characters that cannot be shown; remove them.")
            async with self._db.reading() as tx:
                await store.put_text(tx, caller.cid, text)
        self._bus.publish(PresenceFact(caller.cid, caller.session, command.status, text))

    async def watch(self, command: WatchPresence, caller: Caller) -> list[PresenceView]:
        """See the command; those whom the caller may not see are left out. Raises TooLarge, Unavailable."""
        cids = list(dict.fromkeys(command.cids))
        if len(cids) > WATCHED:
            raise TooLarge(f"You look at {len(cids)} contacts, {WATCHED} are allowed; name those on the screen.")
        cids = await self._visible(caller.cid, cids)
        views = await self.views(cids)
        # The socket may have closed meanwhile; nobody would take its watches away again.
        if self._sessions.has(caller.session):
            self._watches.watch(caller.session, caller.cid, cids)
            self._bus.publish(PresenceWatched(caller.session, self._process))
        return views

    async def visibility_changed(self, event: VisibilityChanged) -> None:
        """People see others than before: nobody goes on looking at whom he may not see."""
        for viewer in event.viewers:
            for session, cids in self._watches.of(viewer):
                seen = await self._visible(viewer, cids)
                if len(seen) < len(cids) and self._sessions.has(session):
                    self._watches.watch(session, viewer, seen)

    async def _visible(self, viewer: ContactId, cids: list[ContactId]) -> list[ContactId]:
        if not cids or not self._bus.asked(SeeDirectory):
            return cids
        try:
            await self._bus.ask(SeeDirectory(viewer))
        except Denied:
            visible = {*await self._bus.call(VisibleContacts(viewer, cids)), viewer}
            return [cid for cid in cids if cid in visible]
        return cids

    async def views(self, cids: list[ContactId]) -> list[PresenceView]:
        """How these contacts are now, in this order."""
        async with self._db.reading() as tx:
            kept = {row.cid: row for row in await store.kept(tx, cids)} if cids else {}
        views = []
        for cid in cids:
            status = self._sessions.status(cid)
            row = kept.get(cid)
            text = self._texts.get(cid, row.text if row else "")
            seen = Seconds(0)
            if status == OFFLINE:
                seen = Seconds(int(max(self._unsaved.get(cid, 0), row.seen if row else 0)))
            views.append(PresenceView(cid, status, seen, text))
        return views

    def online_people(self) -> list[ContactId]:
        """People with a live session."""
        return self._sessions.people()

    # What runs beside.

    async def keep_telling(self) -> None:
        """Run for ever: gather, then tell."""
        while True:
            await self._waiting.wait()
            await asyncio.sleep(INTERVAL)
            try:
                await self.tell()
            except RoschatError as error:
                log.warning("presence is told later: %s", error.text)

    async def tell(self) -> None:
        """Tell the watchers what changed since the last time."""
        groups = self._watches.readers(self._changed)
        changed, self._changed = self._changed, set()
        self._waiting.clear()
        if not groups:
            return
        try:
            views = {view.cid: view for view in await self.views(sorted({cid for cids in groups for cid in cids}))}
        except RoschatError:
            self._changed |= changed
            self._waiting.set()
            raise
        for cids, viewers in groups.items():
            self._bus.publish(deliver(PresenceEvent([views[cid] for cid in cids]), viewers))

    async def keep_saving(self) -> None:
        """Run for ever: write last-seen times."""
        while True:
            await asyncio.sleep(SAVE)
            try:
                await self.save(everybody=self._clock.monotonic() - self._saved_all >= SAVE_ALL)
            except RoschatError as error:
                log.warning("last-seen times are written later: %s", error.text)

    async def save(self, *, everybody: bool) -> None:
        """Write the times of those who went offline; with `everybody` also that the others are here now."""
        unsaved = dict(self._unsaved)
        seen = dict(unsaved)
        if everybody:
            seen |= dict.fromkeys(self._sessions.shown(), self._clock.now())
        if seen:
            async with self._db.reading() as tx:
                await store.put_seen(tx, list(seen), list(seen.values()))
        for cid, at in unsaved.items():
            if self._unsaved.get(cid) == at:
                del self._unsaved[cid]
        if everybody:
            self._saved_all = self._clock.monotonic()

    def _note(self, cid: ContactId, changed: bool) -> None:
        if not changed:
            return
        if self._sessions.status(cid) == OFFLINE:
            self._unsaved[cid] = self._clock.now()
            # The database has it; without this the texts of everybody who ever came would stay in memory.
            self._texts.pop(cid, None)
        self._changed.add(cid)
        self._waiting.set()
