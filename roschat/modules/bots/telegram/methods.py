"""Every method of the endpoint by its name, and what is done when there is none of that name."""

import logging
from collections.abc import AsyncIterator
from typing import Any

from python_multipart.multipart import parse_options_header

from roschat.kernel.errors import RoschatError
from roschat.kernel.http import Request
from roschat.kernel.http_client import Answer
from roschat.modules.bots.telegram import form
from roschat.modules.bots.telegram.actor import Actor
from roschat.modules.bots.telegram.form import Call
from roschat.modules.bots.telegram.media import Media
from roschat.modules.bots.telegram.params import Params
from roschat.modules.bots.telegram.polling import Polling
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.sending import Files, Method
from roschat.modules.bots.telegram.webhook import Webhooks
from roschat.modules.server.files.api import FileInfo
from roschat.types import ContactId

MAX_CERTIFICATE = 65_536

log = logging.getLogger(__name__)


class Methods:
    """See the module docstring. `webhooks` and `polling` are added by `listen`: they run methods themselves."""

    def __init__(self, media: Media, *served: dict[str, Method]) -> None:
        self._media = media
        self._methods: dict[str, Method] = {}
        for methods in served:
            self._methods |= methods

    def listen(self, polling: Polling, webhooks: Webhooks) -> None:
        """Serve getUpdates and webhooks too."""

        async def updates(actor: Actor, params: Params, _: Files) -> Any:
            return await polling.get_updates(actor.cid, params)

        async def set_webhook(actor: Actor, params: Params, files: Files) -> Any:
            certificate = ""
            if "certificate" in files or "certificate" in params:
                info = await self._media.find(actor.cid, params.text("certificate", ""), files, "certificate")
                content = await self._media.content(actor.token, info, MAX_CERTIFICATE)
                certificate = content.decode("latin-1")
                if "-----BEGIN CERTIFICATE-----" not in certificate:
                    raise Refused("bad webhook: the certificate must be a PEM file")
            return await webhooks.set(actor.cid, params, certificate)

        async def delete_webhook(actor: Actor, params: Params, _: Files) -> Any:
            drop = {"drop_pending_updates": params.flag("drop_pending_updates")}
            return await webhooks.set(actor.cid, Params(drop), "")

        async def webhook_info(actor: Actor, params: Params, _: Files) -> Any:
            return await webhooks.info(actor.cid)

        self._methods |= {
            "getupdates": updates,
            "setwebhook": set_webhook,
            "deletewebhook": delete_webhook,
            "getwebhookinfo": webhook_info,
        }

    async def run(self, actor: Actor, name: str, call: Call) -> Any:
        """The result of a method. Raises Refused and RoschatError.

        An unknown method is a bad request, not 404: libraries take 404 for a bad token.
        """
        method = self._methods.get(name.lower())
        if method is None:
            raise Refused(f"method {name[:64]!r} is not supported by this server")
        return await method(actor, Params(call.params), call.files)

    async def carry(self, bot: ContactId, answer: Answer) -> None:
        """Carry out the call that the answer to a webhook's post may be; its result is told to nobody."""
        if not answer.body.strip():
            return

        async def keep(name: str, chunks: AsyncIterator[bytes]) -> FileInfo:
            return await self._media.keep_whole(bot, name, chunks)

        headers = {"content-type": answer.headers.get("content-type", "")}
        if parse_options_header(headers["content-type"])[0] not in (
            b"application/json",
            b"application/x-www-form-urlencoded",
            b"multipart/form-data",
        ):
            return
        try:
            call = await form.read(Request("POST", "/", headers=headers, source=answer.body), keep)
            name = call.params.pop("method", "")
            if name:
                await self.run(Actor(bot, keep), str(name), call)
        except (Refused, RoschatError) as error:
            log.info("the call in the answer of bot %s was refused: %s", bot, error)
        except Exception:
            log.exception("the call in the answer of bot %s failed", bot)
