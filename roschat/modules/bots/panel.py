"""The developers' panel over HTTP: its files and the JSON API behind them.

The manual calls the page /developers, published pictures /developer; both are served. The cookie is HttpOnly and
SameSite=Strict, and changes are taken as JSON only, so that no other site can make them.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Invalid, NotFound
from roschat.kernel.http import Request, Response, Routes, file_response, json_response
from roschat.modules.bots.api import AddBot, ChangeBot, DeleteBot, ListBots, RenewBotToken
from roschat.modules.bots.developers import Developers
from roschat.modules.server.files.api import PublishFiles, ReadFile, StoreFile
from roschat.types import ContactId, FileName, Role
from roschat.wire.message import Caller, Empty

COOKIE = "roschat_developer"
PATH = "/developers"
MAX_ICON = 1_048_576
SYSTEM_CONTACT = ContactId(1)
"""Owns icons: they are public and outlive the developer's account."""

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:;"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

T = TypeVar("T")


class SignIn(Struct, frozen=True):
    """The form «Вход в систему»."""

    login: str
    password: str
    remember: bool = False


class Panel:
    """See the module docstring. `dist` is the built front end."""

    def __init__(self, bus: Bus, developers: Developers, dist: Path) -> None:
        self._bus = bus
        self._developers = developers
        self._dist = dist

    def add_to(self, routes: Routes) -> None:
        """Serve on a listener."""
        for path in ("/developer", "/developer/", PATH, PATH + "/"):
            routes.add("GET", path, self.page)
        routes.add("GET", PATH + "/assets/{rest:path}", self.asset)
        api = PATH + "/api"
        routes.add("POST", api + "/login", self.sign_in)
        routes.add("POST", api + "/logout", self.sign_out)
        routes.add("GET", api + "/me", self.me)
        routes.add("GET", api + "/bots", self.bots)
        routes.add("POST", api + "/bots", self.add)
        routes.add("PUT", api + "/bots/{cid}", self.change)
        routes.add("DELETE", api + "/bots/{cid}", self.delete)
        routes.add("POST", api + "/bots/{cid}/token", self.renew)
        routes.add("POST", api + "/icons", self.add_icon, max_body=MAX_ICON)
        routes.add("GET", api + "/icons/{name}", self.icon)

    async def page(self, request: Request) -> Response:
        """The panel itself."""
        return file_response(
            request, self._dist / "index.html", {"cache-control": "no-cache", "content-security-policy": POLICY}
        )

    async def asset(self, request: Request) -> Response:
        """A file of the panel; its name changes with its content."""
        path = (self._dist / "assets" / request.params["rest"]).resolve()
        if not path.is_relative_to(self._dist.resolve()):
            raise Invalid(f"The path {request.params['rest']!r} leads outside of the panel.")
        return file_response(request, path, {"cache-control": "public, max-age=31536000, immutable"})

    async def sign_in(self, request: Request) -> Response:
        """Sign a developer in."""
        form = await _json(request, SignIn)
        token, life = await self._developers.sign_in(form.login, form.password, request.address, remember=form.remember)
        age = f"; Max-Age={life}" if form.remember else ""
        return Response(
            200,
            b"{}",
            {"content-type": "application/json"},
            cookies=(f"{COOKIE}={token}; Path={PATH}; HttpOnly; Secure; SameSite=Strict{age}",),
        )

    async def sign_out(self, request: Request) -> Response:
        """Sign out."""
        await _json(request, Empty)
        await self._developers.sign_out(request.cookies.get(COOKIE, ""))
        return Response(
            200,
            b"{}",
            {"content-type": "application/json"},
            cookies=(f"{COOKIE}=; Path={PATH}; HttpOnly; Secure; SameSite=Strict; Max-Age=0",),
        )

    async def me(self, request: Request) -> Response:
        """Who is signed in."""
        developer = await self._developers.signed_in(request.cookies.get(COOKIE, ""))
        return json_response({"login": developer.login, "name": developer.name})

    async def bots(self, request: Request) -> Response:
        """The developer's bots."""
        return json_response(await self._bus.call(ListBots(), await self._caller(request)))

    async def add(self, request: Request) -> Response:
        """Make a bot; the only answer that holds its token."""
        return await self._do(request, AddBot, lambda form, caller: self._bus.call(form, caller))

    async def change(self, request: Request) -> Response:
        """Change a bot."""

        async def change(form: ChangeBot, caller: Caller) -> object:
            return await self._bus.call(msgspec.structs.replace(form, cid=_cid(request)), caller)

        return await self._do(request, ChangeBot, change)

    async def delete(self, request: Request) -> Response:
        """Delete a bot."""
        return await self._do(request, Empty, lambda _, caller: self._bus.call(DeleteBot(_cid(request)), caller))

    async def renew(self, request: Request) -> Response:
        """Give a bot a new token."""
        return await self._do(request, Empty, lambda _, caller: self._bus.call(RenewBotToken(_cid(request)), caller))

    async def icon(self, request: Request) -> Response:
        """Show a picture: /messages/data knows people and bots, but no developers."""
        await self._caller(request)
        kept = await self._bus.call(ReadFile(FileName(request.params["name"]), MAX_ICON))
        if kept.info.owner != SYSTEM_CONTACT or not kept.info.width:
            raise NotFound(f"There is no icon {request.params['name']!r}.")
        return Response(
            200,
            kept.content,
            {"content-type": kept.info.content_type, "cache-control": "private, max-age=31536000, immutable"},
        )

    async def add_icon(self, request: Request) -> Response:
        """Keep a picture; the body is its bytes."""
        await self._caller(request)
        if not request.headers.get("content-type", "").startswith("image/"):
            raise Invalid("An icon must be sent as an image (content-type image/png, image/jpeg, …).")
        stored = await self._bus.call(StoreFile(SYSTEM_CONTACT, "icon", await request.body(MAX_ICON)))
        if not stored.width:
            raise Invalid("The icon is not a picture that can be read; send a PNG, JPEG or WebP.")
        await self._bus.call(PublishFiles(SYSTEM_CONTACT, [stored.file]))
        return json_response({"file": stored.file})

    async def _do(self, request: Request, kind: type[T], work: Callable[[T, Caller], Awaitable[object]]) -> Response:
        caller = await self._caller(request)
        return json_response(await work(await _json(request, kind), caller))

    async def _caller(self, request: Request) -> Caller:
        developer = await self._developers.signed_in(request.cookies.get(COOKIE, ""))
        return Caller(Role.DEVELOPER, ContactId(developer.id), address=request.address)


async def _json(request: Request, kind: type[T]) -> T:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Invalid("The request must be sent as application/json.")
    return msgspec.json.decode(await request.body() or b"{}", type=kind)


def _cid(request: Request) -> ContactId:
    text = request.params["cid"]
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid(f"{text!r} is not the number of a bot.")
    return ContactId(int(text))
