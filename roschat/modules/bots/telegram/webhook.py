"""Webhooks: updates posted to the bot one after the other, each until it is taken.

    waiting update → POST with the secret → 2xx: confirmed, a call in the answer is carried out → next
                                          → anything else: again after 1, 2, 4 … 60 s, the reason told by getWebhookInfo

The process that keeps updates posts them too, one task for each bot with a webhook.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from roschat.kernel.aio import Tasks
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, RoschatError
from roschat.kernel.http_client import Answer, HttpClient, anywhere, check_url, public
from roschat.kernel.settings import Live
from roschat.modules.bots.telegram import store
from roschat.modules.bots.telegram.api import TelegramUseChanged
from roschat.modules.bots.telegram.params import Params
from roschat.modules.bots.telegram.polling import set_allowed, told
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.settings import Settings
from roschat.modules.bots.telegram.store import Use
from roschat.modules.bots.telegram.uses import Uses
from roschat.types import ContactId

log = logging.getLogger(__name__)

POST_TIME = 60.0
"""Seconds that a bot has for one update."""
MAX_ANSWER = 52_428_800
"""Bytes of an answer, which may be a call with files."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

Carry = Callable[[ContactId, Answer], Awaitable[None]]
"""Carries out the call in an answer, if there is one."""


class Webhooks:
    """Serves setWebhook and its kin, and posts; `run` is the work under the lease."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        uses: Uses,
        client: HttpClient,
        settings: Live[Settings],
        carry: Carry,
        *,
        first_pause: float = 1.0,
        longest_pause: float = 60.0,
    ) -> None:
        self._db = db
        self._clock = clock
        self._uses = uses
        self._client = client
        self._settings = settings
        self._carry = carry
        self._first_pause = first_pause
        self._longest_pause = longest_pause

    async def set(self, bot: ContactId, params: Params, certificate: str) -> bool:
        """Post updates to `url` from now on; an empty one ends it."""
        url, secret = params.text("url", ""), params.text("secret_token", "")
        if url:
            try:
                check_url(url)
            except Invalid as error:
                raise Refused(f"bad webhook: {error.text}") from None
        if secret and not _SECRET.fullmatch(secret):
            raise Refused("secret token contains unallowed characters or is longer than 256")
        connections = params.number("max_connections", 40)
        if not 1 <= connections <= 100:
            raise Refused("max_connections must be between 1 and 100")
        await self._uses.touch(bot)
        await set_allowed(self._db, self._uses, bot, params)
        async with self._db.transaction() as tx:
            await store.set_webhook(tx, bot, url, secret, certificate, connections, self._clock.seconds())
            if params.flag("drop_pending_updates"):
                await store.drop_all(tx, bot)
            tx.emit(TelegramUseChanged(bot))
        await self._uses.reload(bot)
        return True

    async def info(self, bot: ContactId) -> dict[str, Any]:
        """A WebhookInfo object."""
        async with self._db.reading() as tx:
            use, count = await store.use(tx, bot), await store.waiting_count(tx, bot)
        if use is None:
            return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        info: dict[str, Any] = {
            "url": use.webhook,
            "has_custom_certificate": bool(use.certificate),
            "pending_update_count": count,
        }
        if use.webhook:
            info["max_connections"] = use.connections
        if use.error:
            info |= {"last_error_date": use.error_time, "last_error_message": use.error}
        return info | {"allowed_updates": use.allowed} if use.allowed else info

    async def run(self) -> None:
        """Post until cancelled."""
        tasks = Tasks("telegram webhooks")
        posting: dict[ContactId, asyncio.Task[None]] = {}
        try:
            while True:
                changed = self._uses.next_change()
                for use in self._uses.active():
                    task = posting.get(use.bot)
                    if use.webhook and (task is None or task.done()):
                        posting[use.bot] = tasks.spawn(self._post_all(use.bot), f"bot {use.bot}")
                await changed
        finally:
            await tasks.stop()

    async def _post_all(self, bot: ContactId) -> None:
        """Post what waits, in order, as long as there is a webhook."""
        news = self._uses.news(bot)
        pause = self._first_pause
        while (use := self._uses.of(bot)) is not None and use.webhook:
            news.clear()
            try:
                async with self._db.reading() as tx:
                    found = await store.waiting(tx, bot, 0, 1)
                if not found:
                    await news.wait()
                    continue
                if await self._post(use, found[0]):
                    pause = self._first_pause
                    continue
            except RoschatError as error:
                log.warning("the webhook of bot %s waits: %s", bot, error)
            await self._pause(bot, use, pause)
            pause = min(2 * pause, self._longest_pause)

    async def _pause(self, bot: ContactId, use: Use, seconds: float) -> None:
        """Wait; a webhook that was changed meanwhile is tried at once."""
        try:
            async with asyncio.timeout(seconds):
                while (now := self._uses.of(bot)) is not None and now.webhook == use.webhook:
                    await self._uses.next_change()
        except TimeoutError:
            return

    async def _post(self, use: Use, update: store.Update) -> bool:
        headers = {"content-type": "application/json", "accept": "*/*"}
        if use.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = use.secret
        try:
            answer = await self._client.request(
                "POST",
                use.webhook,
                headers=headers,
                body=msgspec.json.encode(told(update)),
                timeout=POST_TIME,
                limit=MAX_ANSWER,
                allowed=anywhere if self._settings.value.inside_webhooks else public,
                trust=use.certificate.encode(),
            )
            reason = "" if 200 <= answer.status < 300 else f"Wrong response from the webhook: {answer.status}"
        except RoschatError as error:
            reason = error.text
        async with self._db.transaction() as tx:
            if reason:
                await store.post_failed(tx, use.bot, reason[:500], self._clock.seconds())
                return False
            await store.confirm(tx, use.bot, update.id + 1)
        await self._carry(use.bot, answer)
        return True
