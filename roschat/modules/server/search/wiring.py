"""Search: serves the command, and follows the journal in the process that holds the lease."""

from roschat.kernel.aio import Tasks
from roschat.kernel.service import Context, Health
from roschat.modules.server.directory.api import ContactChanged
from roschat.modules.server.messages.api import MessageChanged, MessagesStored
from roschat.modules.server.search.api import Found, Search
from roschat.modules.server.search.index import Index
from roschat.modules.server.search.service import Finder
from roschat.wire.message import Caller


class SearchFeature:
    """The running feature."""

    def __init__(self, finder: Finder, tasks: Tasks) -> None:
        self._finder = finder
        self._tasks = tasks

    async def search(self, command: Search, caller: Caller) -> Found:
        """Serve search."""
        return await self._finder.find(caller.cid, command)

    async def stop(self) -> None:
        """End the following."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """Search needs the database alone, which has a health of its own."""
        return Health()


async def start(context: Context) -> SearchFeature:
    """Serve and follow."""
    index = Index(context.db)
    tasks = Tasks("server search")
    feature = SearchFeature(Finder(context.db, context.bus, index), tasks)
    context.bus.subscribe(MessagesStored, index.wake)
    context.bus.subscribe(MessageChanged, index.wake)
    context.bus.subscribe(ContactChanged, index.wake)
    context.bus.serve(Search, feature.search)
    behind = context.metrics.gauge("queue_index", "Changes of messages that the search index has not seen yet")
    behind.set_function(lambda: index.behind)
    tasks.spawn(context.leases.hold("server.search.index", index.run), "index")
    return feature
