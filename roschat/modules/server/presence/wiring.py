"""Builds presence and connects it to the bus."""

from roschat.kernel.aio import Tasks
from roschat.kernel.errors import RoschatError
from roschat.kernel.service import Context, Health
from roschat.modules.server.accounts.api import SilentSignIn
from roschat.modules.server.directory.api import VisibilityChanged
from roschat.modules.server.presence.api import (
    GetPresence,
    OnlinePeople,
    PresenceFact,
    PresenceView,
    PresenceWatched,
    SetContactStatus,
    WatchPresence,
)
from roschat.modules.server.presence.service import Presence, log
from roschat.types import ContactId
from roschat.wire.message import Caller, Empty
from roschat.wire.process import PeersAsk
from roschat.wire.session import SessionClosed, SessionOpened


class PresenceFeature:
    """The running feature."""

    def __init__(self, presence: Presence, tasks: Tasks) -> None:
        self._presence = presence
        self._tasks = tasks

    async def set_status(self, command: SetContactStatus, caller: Caller) -> Empty:
        """Serve set-contact-status."""
        await self._presence.set_status(command, caller)
        return Empty()

    async def get(self, command: GetPresence, caller: Caller) -> list[PresenceView]:
        """Serve get-presence."""
        return await self._presence.views(command.cids)

    async def online(self, command: OnlinePeople, caller: Caller) -> list[ContactId]:
        """Serve online-people."""
        return self._presence.online_people()

    async def stop(self) -> None:
        """Write down that those who are online were here until now."""
        await self._tasks.stop()
        try:
            await self._presence.save(everybody=True)
        except RoschatError as error:
            log.warning("last-seen times are not written: %s", error.text)

    async def health(self) -> Health:
        """Presence works in memory; the database tells its own health."""
        return Health()


async def start(context: Context) -> PresenceFeature:
    """Build, serve, subscribe."""
    presence = Presence(context.db, context.bus, context.clock)
    tasks = Tasks("presence")
    feature = PresenceFeature(presence, tasks)
    context.bus.serve(SetContactStatus, feature.set_status)
    context.bus.serve(WatchPresence, presence.watch)
    context.bus.serve(GetPresence, feature.get)
    context.bus.serve(OnlinePeople, feature.online)
    context.bus.subscribe(SilentSignIn, presence.silent)
    context.bus.subscribe(SessionOpened, presence.opened)
    context.bus.subscribe(SessionClosed, presence.closed)
    context.bus.subscribe(PresenceFact, presence.said)
    context.bus.subscribe(PresenceWatched, presence.watched_elsewhere)
    context.bus.subscribe(PeersAsk, presence.peers_ask)
    context.bus.subscribe(VisibilityChanged, presence.visibility_changed)
    tasks.spawn(presence.keep_telling(), "telling")
    tasks.spawn(presence.keep_saving(), "saving")
    return feature
