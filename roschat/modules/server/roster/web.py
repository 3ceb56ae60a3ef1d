"""Tables over HTTP: uploads of imports, the export of the directory, and pairs of logins and passwords."""

from typing import Any

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Invalid
from roschat.kernel.formats import refuse
from roschat.kernel.http import Request, Response, Routes, json_response
from roschat.modules.ms.users.api import AuthenticateConsole
from roschat.modules.server.roster.api import EXPORT, IMPORT_FILE, PAIRS, TAG, ExportOrder
from roschat.modules.server.roster.exporting import Exporting
from roschat.modules.server.roster.pairs import Pairs
from roschat.modules.server.roster.reading import LARGEST
from roschat.modules.server.roster.uploads import Uploads
from roschat.types import ContactId
from roschat.wire.message import Caller
from roschat.wire.rest import COOKIE, PREFIX, Stream

_order = msgspec.json.Decoder(ExportOrder)


class RosterRoutes:
    """See the module docstring."""

    def __init__(self, bus: Bus, uploads: Uploads, exporting: Exporting, pairs: Pairs) -> None:
        self._bus = bus
        self._uploads = uploads
        self._exporting = exporting
        self._pairs = pairs

    def add_to(self, routes: Routes) -> None:
        """Serve on the console's listener."""
        routes.add(IMPORT_FILE.method, PREFIX + IMPORT_FILE.path, self.upload, max_body=LARGEST)
        routes.add(EXPORT.method, PREFIX + EXPORT.path, self.export)
        routes.add(PAIRS.method, PREFIX + PAIRS.path, self.passwords)

    async def upload(self, request: Request) -> Response:
        """A table as the body; the answer is its ImportFile."""
        await self._caller(request, IMPORT_FILE)
        _typed(request, "application/octet-stream")
        name = request.query.get("name", "").replace("\\", "/").rpartition("/")[2]
        refuse({"name": "bad-value" if "\0" in name else ""})
        return json_response(await self._uploads.take(name or "table", request.chunks()), 201)

    async def export(self, request: Request) -> Response:
        """The directory as a table."""
        caller = await self._caller(request, EXPORT)
        _typed(request, "application/json")
        try:
            order = _order.decode(await request.body())
        except msgspec.MsgspecError as error:
            raise Invalid(f"The order cannot be read: {error}.") from None
        return _download(await self._exporting.table(order, caller), f"contacts.{order.format}")

    async def passwords(self, request: Request) -> Response:
        """Logins and passwords of a plan, once."""
        caller = await self._caller(request, PAIRS)
        _typed(request, "application/json")
        plan, kind = request.params["plan"], request.query.get("format", "csv")
        language = request.query.get("language", "ru")
        refuse(
            {
                "plan": "" if plan.isascii() and plan.isdigit() and len(plan) < 18 else "bad-value",
                "format": "" if kind in ("csv", "xlsx") else "bad-value",
                "language": "" if language in ("ru", "en") else "bad-value",
            }
        )
        return _download(await self._pairs.table(int(plan), kind, language, caller), f"passwords-{plan}.{kind}")

    async def _caller(self, request: Request, way: Stream) -> Caller:
        """Who asks. Raises NotSignedIn, Denied."""
        found = await self._bus.call(
            AuthenticateConsole(
                cookie=request.cookies.get(COOKIE, ""),
                authorization=request.headers.get("authorization", ""),
                address=request.address,
                access=sorted(way.access),
                tag=TAG,
                changes=way is not EXPORT,
            )
        )
        return Caller(role=found.role, cid=ContactId(found.id), address=request.address, name=found.login)


def _typed(request: Request, wanted: str) -> None:
    """A page of another site can send forms and plain text only, so a declared type keeps it out."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise Invalid(f"Send the header Content-Type: {wanted}; it is {given[:60]!r}.")


def _download(table: tuple[str, Any], name: str) -> Response:
    content_type, body = table
    return Response(
        200,
        body,
        {
            "content-type": content_type,
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )
