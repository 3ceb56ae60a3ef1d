"""What clients ask over HTTP beside the socket: the configuration before sign-in, the cookie for files after it."""

import msgspec
from msgspec import Struct

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Invalid
from roschat.kernel.http import Request, Response, json_response
from roschat.kernel.settings import Live
from roschat.modules.server.accounts.api import COOKIE, AuthenticateToken, GetLimits
from roschat.modules.web_client.ports import Ports
from roschat.modules.web_client.settings import Clients, Settings

LANGUAGES = ("ru", "en")
COOKIE_PATH = "/messages"
"""The cookie is for files only; nothing else on this server acts on it."""
MAX_SESSION = 4096
"""Bytes of a request to /ajax/session."""


class Config(Struct, frozen=True, rename="camel"):
    """The answer of /ajax/config.json. The first two are what every bot SDK reads."""

    web_sockets_port: int
    web_sockets_port_ver4: int
    https_port: int
    product_name: str
    languages: tuple[str, ...]
    max_file_size: int
    """Bytes."""
    update_server: str
    """Where desktop clients get their updates; empty: the vendor's server."""
    push_without_text: bool


class OpenSession(Struct, frozen=True):
    """The body of POST /ajax/session."""

    access_token: str


class Ajax:
    """See the module docstring."""

    def __init__(self, bus: Bus, settings: Live[Settings], clients: Live[Clients], ports: Ports) -> None:
        self._bus = bus
        self._settings = settings
        self._clients = clients
        self._ports = ports

    async def config(self, request: Request) -> Response:
        """GET /ajax/config.json."""
        settings = self._settings.value
        port = self._ports.websocket(settings, request)
        limits = await self._bus.call(GetLimits())
        return json_response(
            Config(
                web_sockets_port=port,
                web_sockets_port_ver4=port,
                https_port=self._ports.https(settings, request),
                product_name=settings.product_name,
                languages=LANGUAGES,
                max_file_size=limits.max_file_size,
                update_server=self._clients.value.update_server,
                push_without_text=self._clients.value.push_without_text,
            )
        )

    async def open_session(self, request: Request) -> Response:
        """POST /ajax/session: the cookie that lets a browser load files. Raises NotSignedIn, Invalid."""
        if not request.headers.get("content-type", "").lower().startswith("application/json"):
            raise Invalid("Send the token as application/json.")
        form = msgspec.json.decode(await request.body(MAX_SESSION), type=OpenSession)
        await self._bus.call(AuthenticateToken(form.access_token))
        return _with_cookie(form.access_token, "")

    async def close_session(self, request: Request) -> Response:
        """DELETE /ajax/session: take the cookie away."""
        return _with_cookie("", "; Max-Age=0")


def _with_cookie(value: str, more: str) -> Response:
    cookie = f"{COOKIE}={value}; Path={COOKIE_PATH}; HttpOnly; Secure; SameSite=Strict{more}"
    return Response(200, b"{}", {"content-type": "application/json", "cache-control": "no-store"}, cookies=(cookie,))
