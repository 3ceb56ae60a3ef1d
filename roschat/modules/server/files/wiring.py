"""Files: builds the objects, serves commands and HTTP, hears sessions, and holds the sweep."""

import asyncio
import logging

import msgspec

from roschat.kernel.aio import Tasks
from roschat.kernel.errors import RoschatError
from roschat.kernel.service import Context, Health, State
from roschat.modules.server.files import api
from roschat.modules.server.files.driver import FileStore, connect
from roschat.modules.server.files.library import Library
from roschat.modules.server.files.settings import Local, Settings
from roschat.modules.server.files.sweep import PERIOD, Sweep
from roschat.modules.server.files.uploads import Uploads
from roschat.modules.server.files.visitors import BotAddresses, Visitors
from roschat.modules.server.files.web import FileRoutes
from roschat.wire.message import Caller, Empty
from roschat.wire.session import SessionClosed, SessionOpened

LISTENERS = ("https",)

log = logging.getLogger(__name__)


async def start(context: Context) -> "Files":
    """Open the store of this host's settings and serve."""
    local = msgspec.convert(context.local.get("files", {}), Local)
    settings = await context.settings.section("server.files", Settings)
    place = await connect(local.driver, local.options, context.data / context.name / "files")
    library = Library(context.db, place, settings, context.clock)
    uploads = Uploads(context.db, place, library, context.clock)
    addresses = BotAddresses()
    routes = FileRoutes(library, uploads, Visitors(context.bus, addresses, settings))
    for listener in LISTENERS:
        routes.add_to(context.routes(listener))
    context.bus.subscribe(SessionOpened, addresses.opened)
    context.bus.subscribe(SessionClosed, addresses.closed)
    _serve(context, library)
    sweep = Sweep(context.db, place, context.clock)

    async def sweep_now_and_then() -> None:
        while True:
            try:
                await sweep.once()
            except RoschatError as error:
                log.warning("the sweep of files goes on later: %s", error)
            await asyncio.sleep(PERIOD)

    tasks = Tasks("server files")
    tasks.spawn(context.leases.hold("server.files.sweep", sweep_now_and_then), "sweep")
    return Files(place, tasks)


def _serve(context: Context, library: Library) -> None:
    async def info(command: api.GetFileInfo, caller: Caller) -> api.FileInfo:
        return await library.visible(command.file, (caller.cid,))

    async def known(command: api.KnownFile, caller: Caller) -> api.FileInfo:
        return await library.known(command.file)

    async def share(command: api.ShareFiles, caller: Caller) -> Empty:
        await library.share(command.by, command.files, command.chat)
        return Empty()

    async def share_with_channel(command: api.ShareFilesWithChannel, caller: Caller) -> Empty:
        await library.share_with_channel(command.by, command.files, command.channel)
        return Empty()

    async def publish(command: api.PublishFiles, caller: Caller) -> Empty:
        await library.publish(command.by, command.files)
        return Empty()

    async def keep(command: api.StoreFile, caller: Caller) -> api.FileInfo:
        return await library.take_bytes(command.owner, command.name, command.content)

    async def read(command: api.ReadFile, caller: Caller) -> api.FileContent:
        return api.FileContent(*await library.content(command.file, command.limit))

    context.bus.serve(api.ReadFile, read)
    context.bus.serve(api.GetFileInfo, info)
    context.bus.serve(api.KnownFile, known)
    context.bus.serve(api.ShareFiles, share)
    context.bus.serve(api.ShareFilesWithChannel, share_with_channel)
    context.bus.serve(api.PublishFiles, publish)
    context.bus.serve(api.StoreFile, keep)


class Files:
    """The running feature."""

    def __init__(self, store: FileStore, tasks: Tasks) -> None:
        self._store = store
        self._tasks = tasks

    async def stop(self) -> None:
        """End the sweep and let the store go."""
        await self._tasks.stop()
        await self._store.close()

    async def health(self) -> Health:
        """Whether files can be kept now."""
        try:
            async with asyncio.timeout(0.9):
                await self._store.check()
        except RoschatError as error:
            return Health(State.DEGRADED, error.text)
        except TimeoutError:
            return Health(State.DEGRADED, "The file store does not answer; look at its disk or service.")
        return Health()
