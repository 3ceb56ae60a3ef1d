"""Archives over HTTP, as streams: down from the shelf, up onto it."""

import asyncio
import os
from pathlib import Path

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Invalid
from roschat.kernel.http import Request, Response, file_response, json_response
from roschat.modules.db import archive
from roschat.modules.db.making import no_room
from roschat.modules.db.seal import Damaged
from roschat.modules.db.service import Backups
from roschat.modules.db.shelf import PLAIN, SEALED, unfinished
from roschat.modules.ms.users.api import AuthenticateConsole
from roschat.types import ContactId, Role
from roschat.wire.message import Caller
from roschat.wire.rest import COOKIE

TYPES = ("application/gzip", "application/x-gzip", "application/octet-stream", "application/x-compressed-tar")
"""Content types of an upload: none that a form of another site can send."""
SUFFIXES = (SEALED, PLAIN, ".tgz", ".gz")
LOOK = 64
"""Chunks between two looks at the room that is left."""


class Streams:
    """The two ways in that are no commands."""

    def __init__(self, bus: Bus, backups: Backups) -> None:
        self._bus = bus
        self._backups = backups

    async def download(self, request: Request) -> Response:
        """GET /backups/{name}/archive"""
        caller = await self._caller(request, changes=False)
        found = await self._backups.downloaded(request.params["name"], caller)
        headers = {
            "content-type": "application/gzip" if not found.sealed else "application/octet-stream",
            "content-disposition": f'attachment; filename="{found.name}"',
            "cache-control": "no-store",
        }
        return file_response(request, found.path, headers)

    async def upload(self, request: Request) -> Response:
        """POST /backups/archive?name=…"""
        caller = await self._caller(request, changes=True)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in TYPES:
            raise Invalid(f"An archive is sent as {TYPES[0]}, not as {kind[:100] or 'nothing'!r}.")
        shelf = self._backups.shelf
        await asyncio.to_thread(shelf.open)
        shelf.check_room(request.length or 0)
        wanted = Path(request.query.get("name", "")).name
        for suffix in SUFFIXES:
            wanted = wanted.removesuffix(suffix)
        path = shelf.fresh(wanted or "backup", PLAIN)
        rough = unfinished(path)
        try:
            with rough.open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                count = 0
                async for chunk in request.chunks():
                    file.write(chunk)
                    count += 1
                    if count % LOOK == 0:
                        shelf.check_room(0)
                file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
            if rough.stat().st_size == 0:
                raise Damaged("The file is empty.")
            if request.length is not None and rough.stat().st_size != request.length:
                raise Damaged("The upload broke off; send the file again.")
            sealed = await asyncio.to_thread(archive.beginning, rough)
            if sealed:
                path = shelf.fresh(wanted or "backup", SEALED)
            rough.rename(path)
        except OSError as error:
            raise no_room(error, shelf.folder) from None
        finally:
            rough.unlink(missing_ok=True)
        return json_response(await self._backups.uploaded(path, caller), 201)

    async def _caller(self, request: Request, *, changes: bool) -> Caller:
        """Who asks: an administrator. Raises NotSignedIn, Denied."""
        found = await self._bus.call(
            AuthenticateConsole(
                cookie=request.cookies.get(COOKIE, ""),
                authorization=request.headers.get("authorization", ""),
                address=request.address,
                access=[Role.ADMIN],
                tag="backups",
                changes=changes,
            )
        )
        return Caller(role=found.role, cid=ContactId(found.id), address=request.address, name=found.login)
