"""The addresses of the endpoint: `/bot<token>/<method>` and `/file/bot<token>/<path>`.

The token is `<cid>:<token>`, because libraries look for a number before the colon. Who calls with wrong tokens waits
longer each time; a bot that was let in from the same address before is not held up by that.
"""

import hashlib
import hmac
import logging
import math
from collections import OrderedDict
from collections.abc import Callable

from roschat.kernel.clock import Clock
from roschat.kernel.errors import RoschatError, TooMany
from roschat.kernel.http import Request, Response, Routes
from roschat.kernel.settings import Live
from roschat.kernel.tries import Tries
from roschat.modules.bots.registry import Registry
from roschat.modules.bots.telegram import form, refusals
from roschat.modules.bots.telegram.actor import Actor
from roschat.modules.bots.telegram.media import Media
from roschat.modules.bots.telegram.methods import Methods
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.settings import Settings
from roschat.modules.server.files.api import FileInfo
from roschat.types import ContactId

REMEMBERED = 10_000
BURST = 2.0
"""Seconds of calls that a bot may make at once."""

log = logging.getLogger(__name__)


class Endpoint:
    """See the module docstring."""

    def __init__(
        self,
        registry: Registry,
        methods: Methods,
        media: Media,
        clock: Clock,
        tries: Tries,
        settings: Live[Settings],
        see: Callable[[ContactId], None],
    ) -> None:
        self._registry = registry
        self._methods = methods
        self._media = media
        self._clock = clock
        self._tries = tries
        self._settings = settings
        self._see = see
        self._known: OrderedDict[tuple[str, bytes], None] = OrderedDict()
        self._paid: dict[ContactId, float] = {}

    def add_to(self, routes: Routes) -> None:
        """Serve on a listener."""
        routes.add("*", "/bot{token}/{method}", self.call, max_body=None)
        routes.add("GET", "/file/bot{token}/{path:path}", self.file)

    async def call(self, request: Request) -> Response:
        """A method; every outcome is Telegram's JSON."""
        try:
            actor = self._actor(request)
            self._pay(actor.cid)
            name = request.params["method"]
            if name.lower() == "getupdates":
                request.ends_with_client = True  # who hung up must not be handed updates
            call = await form.read(request, actor.keep)
            return refusals.granted(await self._methods.run(actor, name, call))
        except Refused as error:
            return refusals.refusal(error)
        except RoschatError as error:
            return refusals.refusal(refusals.refused(error))
        except Exception:
            log.exception("method %s failed", request.params.get("method"))
            return refusals.refusal(Refused("", 500))

    async def file(self, request: Request) -> Response:
        """A download."""
        try:
            actor = self._actor(request)
            return await self._media.download(actor.token, request.params["path"], request)
        except Refused as error:
            return refusals.refusal(error)
        except RoschatError as error:
            return refusals.refusal(refusals.refused(error))

    def _actor(self, request: Request) -> Actor:
        """Who calls. Raises Refused, 401 or 429."""
        if not self._settings.value.enabled:
            raise Refused("the Telegram-compatible endpoint is switched off (setting bots.telegram.enabled)", 403)
        number, _, token = request.params["token"].partition(":")
        cid = ContactId(int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else ContactId(0)
        given = hashlib.sha256(token.encode()).digest()
        if (request.address, given) not in self._known:
            self._wait_if_guessing(request.address)
        bot = self._registry.bots.get(cid)
        if not hmac.compare_digest(given, bot.token_hash if bot else b"\0" * 32) or bot is None:
            self._known.pop((request.address, given), None)
            self._tries.failed(request.address)
            raise Refused("", 401)
        if bot.disabled:
            raise Refused("the bot is disabled by the administrator of the server", 401)
        self._see(cid)
        self._known[(request.address, given)] = None
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

        async def keep(name: str, chunks: form.Chunks) -> FileInfo:
            return await self._media.keep(token, name, chunks)

        return Actor(cid, keep, token)

    def _wait_if_guessing(self, address: str) -> None:
        try:
            self._tries.begin(f"telegram {address}", address)
            self._tries.succeeded(f"telegram {address}")
        except TooMany:
            raise Refused("retry after 5", 429, retry_after=5) from None

    def _pay(self, bot: ContactId) -> None:
        """One call of the allowed ones. Raises Refused with the seconds to wait."""
        now, cost = self._clock.monotonic(), 1 / self._settings.value.calls_per_second
        paid = max(now, self._paid.get(bot, now)) + cost
        if paid - now > BURST + cost:
            wait = math.ceil(paid - now - BURST)
            raise Refused(f"retry after {wait}", 429, retry_after=wait)
        self._paid[bot] = paid
