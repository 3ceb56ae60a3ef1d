"""Builds the Telegram-compatible endpoint and holds what runs beside it."""

from collections.abc import Callable

from roschat.kernel.aio import Tasks
from roschat.kernel.http_client import HttpClient
from roschat.kernel.service import Context
from roschat.kernel.tries import Tries
from roschat.modules.bots.registry import Registry
from roschat.modules.bots.telegram.chats import Chats
from roschat.modules.bots.telegram.editing import Editing
from roschat.modules.bots.telegram.endpoint import Endpoint
from roschat.modules.bots.telegram.media import Media
from roschat.modules.bots.telegram.methods import Methods
from roschat.modules.bots.telegram.objects import Objects
from roschat.modules.bots.telegram.people import People
from roschat.modules.bots.telegram.polling import Polling
from roschat.modules.bots.telegram.queries import Queries
from roschat.modules.bots.telegram.sending import Sending
from roschat.modules.bots.telegram.settings import Settings
from roschat.modules.bots.telegram.update import Inbox
from roschat.modules.bots.telegram.uses import Uses
from roschat.modules.bots.telegram.webhook import Webhooks
from roschat.types import ContactId


async def start(context: Context, registry: Registry, see: Callable[[ContactId], None]) -> Tasks:
    """Serve on https, `see` hears of every call of a bot; the tasks that are answered run until they are stopped."""
    db, bus, clock, routes = context.db, context.bus, context.clock, context.routes("https")
    settings = await context.settings.section("bots.telegram", Settings)
    client = HttpClient()
    people = People(bus, registry)
    people.start()
    objects = Objects(bus, people)
    queries = Queries(context.secrets.get("telegram-queries"), clock)
    media = Media(bus, routes, client, settings)
    uses = Uses(db, bus, clock)
    await uses.start()
    sending = Sending(bus, clock, people, objects, media)
    methods = Methods(
        media,
        sending.methods(),
        Editing(bus, clock, objects, sending).methods(),
        Chats(bus, registry, people, media, queries).methods(),
    )
    webhooks = Webhooks(db, clock, uses, client, settings, methods.carry)
    methods.listen(Polling(db, uses), webhooks)
    inbox = Inbox(db, bus, clock, uses, people, objects, queries)
    inbox.start()
    Endpoint(registry, methods, media, clock, Tries(clock), settings, see).add_to(routes)
    tasks = Tasks("bots telegram")
    tasks.spawn(context.leases.hold("bots.telegram.updates", inbox.run), "updates")
    tasks.spawn(context.leases.hold("bots.telegram.webhooks", webhooks.run), "webhooks")
    return tasks
