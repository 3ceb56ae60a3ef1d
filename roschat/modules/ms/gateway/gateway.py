"""The one way from HTTP to the commands: who calls, may he, what does he ask, what is answered.

Every way of `wire.rest` is served on the console's listener. The caller comes from a cookie or a key, never from the
request itself; a change is taken as JSON only and not from another site's page, so that no page elsewhere can make it.
What a command answers with a `Grant` is a sign-in: it is called by nobody, and its session becomes the cookie.
"""

import logging
import secrets
import typing
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError, Unavailable
from roschat.kernel.http import Request, Response, Routes, error_response, json_response
from roschat.kernel.log import request_id
from roschat.modules.ms.gateway.pace import Pace
from roschat.modules.ms.gateway.payload import command, of_body, of_query
from roschat.modules.ms.users.api import AuthenticateConsole, ConsoleCaller, SignOutOfConsole
from roschat.types import ContactId, Role, SessionId
from roschat.wire.message import Caller, Command, Grant
from roschat.wire.rest import COOKIE, PREFIX, Rest

log = logging.getLogger(__name__)

DAY = 86_400
TIMEOUT = 60.0
"""Seconds that a command may take; longer work is a job."""
PERSONAL = "session"
"""The tag whose ways are open before the first password was changed."""

HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}


class Gateway:
    """See the module docstring. `remember` is how many days a remembered cookie lasts."""

    def __init__(self, bus: Bus, db: Database, pace: Pace, remember: Callable[[], int]) -> None:
        self._bus = bus
        self._db = db
        self._pace = pace
        self._remember = remember

    def add_to(self, routes: Routes, ways: typing.Iterable[Rest]) -> None:
        """Serve the ways on a listener; what is asked beside them is not found."""
        for way in ways:
            routes.add(way.method, PREFIX + way.path, self._serving(way), max_body=way.max_body)
        routes.add("*", "/api/{rest:path}", self._beside(routes), max_body=None)

    def _serving(self, way: Rest) -> Callable[[Request], Awaitable[Response]]:
        entering = typing.get_origin(way.declaration.reply) is Grant

        async def serve(request: Request) -> Response:
            if entering:
                return await self._enter(way, request)
            return await self._carry_out(way, request)

        return self._guarded(serve)

    def _beside(self, routes: Routes) -> Callable[[Request], Awaitable[Response]]:
        async def nothing(request: Request) -> Response:
            parts = request.path[1:].split("/")
            allowed = sorted({
                route.method for route in routes.listed() if not route.rest and route.match(parts) is not None
            })  # fmt: skip
            if not allowed:
                raise NotFound(f"There is nothing at {request.path!r}; /api/docs shows what there is.")
            error = RoschatError(
                f"{request.path!r} does not take {request.method}; it takes {', '.join(allowed)}.", "method-not-allowed"
            )
            response = error_response(error)
            response.headers["allow"] = ", ".join(allowed)
            return response

        return self._guarded(nothing)

    def _guarded(self, serve: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Give the request a number, and every answer, errors too, the headers."""

        async def guarded(request: Request) -> Response:
            number = secrets.token_hex(8)
            mark = request_id.set(number)
            try:
                response = await serve(request)
            except RoschatError as error:
                response = error_response(error)
            except (msgspec.MsgspecError, RecursionError) as error:
                response = error_response(Invalid(f"The request is not well-formed JSON: {error}."))
            except Exception:
                log.exception("%s %s failed", request.method, request.path)
                response = json_response({"error": "unknown", "text": "The server failed; its log has the cause."}, 500)
            finally:
                request_id.reset(mark)
            response.headers = {**HEADERS, "x-request-id": number, **response.headers}
            return response

        return guarded

    async def _enter(self, way: Rest, request: Request) -> Response:
        self._pace.step(f"from {request.address}")
        asked = await _asked(way, request)
        client = request.headers.get("user-agent", "")
        stranger = Caller(Role.SYSTEM, address=request.address, client=client[:300], request=request_id.get())
        grant: Grant[Any] = await self._bus.call(asked, stranger, TIMEOUT)
        age = f"; Max-Age={self._remember() * DAY}" if getattr(asked, "remember", False) else ""
        response = json_response(grant.reply)
        response.cookies = (_cookie(grant.caller.session, age),)
        return response

    async def _carry_out(self, way: Rest, request: Request) -> Response:
        declaration = way.declaration
        known = await self._known(way, request)
        self._pace.step(f"session {known.session}" if known.session else known.login)
        asked = await _asked(way, request)
        caller = Caller(
            known.role,
            ContactId(known.id),
            SessionId(str(known.session) if known.session else ""),
            address=request.address,
            client=request.headers.get("user-agent", "")[:300],
            name=known.login,
            request=request_id.get(),
        )
        reply = await self._bus.call(asked, caller, TIMEOUT)
        if way.changes:
            await self._record(declaration.name, request.path, asked, caller)
        response = json_response(reply)
        if declaration.type is SignOutOfConsole:
            response.cookies = (_cookie("", "; Max-Age=0"),)
        return response

    async def _known(self, way: Rest, request: Request) -> ConsoleCaller:
        cookie, authorization = request.cookies.get(COOKIE, ""), request.headers.get("authorization", "")
        if not cookie and not authorization:
            self._pace.step(f"from {request.address}")
        return await self._bus.call(
            AuthenticateConsole(
                cookie[:200],
                authorization[:400],
                request.address,
                access=sorted(way.declaration.access),
                tag=way.tag,
                changes=way.changes,
                changing_password=way.tag == PERSONAL,
            )
        )

    async def _record(self, action: str, subject: str, asked: Command[Any], caller: Caller) -> None:
        """Write down a change of which its service said nothing. The change is done: nothing here undoes it."""
        try:
            async with self._db.transaction() as tx:
                await audit.record_request(tx, caller, action, subject, asked)
        except Unavailable as error:
            log.error("%s of %s at %s is not in the audit: %s", action, caller.name, subject, error.text)


async def _asked(way: Rest, request: Request) -> Command[Any]:
    """The command in a request."""
    site = request.headers.get("sec-fetch-site", "none")
    if way.changes and site not in ("same-origin", "none"):
        raise Denied(f"A page of another site ({site}) may not ask for this.")
    if way.method in ("GET", "DELETE"):
        given = of_query(way, request.query_string)
    else:
        if request.query_string:
            raise Invalid(f"{way.method} {way.path} takes its fields in a JSON body, not in the query.")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Invalid(f"The content type is {kind or 'missing'}; the body must be sent as application/json.")
        given = of_body(await request.body(way.max_body))
    made: Command[Any] = command(way, request.params, given)
    return made


def _cookie(value: str, more: str) -> str:
    return f"{COOKIE}={value}; Path=/; HttpOnly; Secure; SameSite=Strict{more}"
