"""Who makes an HTTP request: a person or a bot by its token, or an unmodified bot program by its address.

The public bot SDKs upload and download without any name. Such a request counts as the bots that hold a live session
from the same address at that moment, the newest first; the setting `bot_addresses` switches that off.
"""

from roschat.kernel.bus import Bus
from roschat.kernel.errors import NotSignedIn, RoschatError, Unavailable
from roschat.kernel.http import Request
from roschat.kernel.settings import Live
from roschat.modules.server.accounts.api import AuthenticateToken
from roschat.modules.server.files.api import AuthenticateBot
from roschat.modules.server.files.settings import Settings
from roschat.types import ContactId, Role, SessionId
from roschat.wire.session import SessionClosed, SessionOpened

COOKIE = "roschat_access"


class BotAddresses:
    """The live bot sessions of each address, in the order they opened."""

    def __init__(self) -> None:
        self._by_address: dict[str, dict[SessionId, ContactId]] = {}

    def opened(self, event: SessionOpened) -> None:
        """A socket signed in."""
        if event.caller.role is Role.BOT and event.caller.address:
            self._by_address.setdefault(event.caller.address, {})[event.caller.session] = event.caller.cid

    def closed(self, event: SessionClosed) -> None:
        """A socket is gone."""
        sessions = self._by_address.get(event.caller.address)
        if sessions is not None:
            sessions.pop(event.caller.session, None)
            if not sessions:
                del self._by_address[event.caller.address]

    def at(self, address: str) -> tuple[ContactId, ...]:
        """The bots at an address, each once, the newest first."""
        return tuple(dict.fromkeys(reversed(self._by_address.get(address, {}).values())))


class Visitors:
    """Tells who a request is from."""

    def __init__(self, bus: Bus, addresses: BotAddresses, settings: Live[Settings]) -> None:
        self._bus = bus
        self._addresses = addresses
        self._settings = settings

    async def of(self, request: Request) -> tuple[ContactId, ...]:
        """The contacts this request may act for, the first one owns what it uploads. Raises NotSignedIn."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        if scheme.lower() == "bearer" and token:
            return (await self._bus.call(AuthenticateToken(token=token)),)
        if scheme.lower() == "bot" and token:
            return (await self._bot(token),)
        if COOKIE in request.cookies:
            return (await self._bus.call(AuthenticateToken(token=request.cookies[COOKIE])),)
        bots = self._addresses.at(request.address) if self._settings.value.bot_addresses else ()
        if not bots:
            raise NotSignedIn("The request names nobody; send the header Authorization: Bearer <access_token>.")
        return bots

    async def maybe(self, request: Request) -> tuple[ContactId, ...]:
        """As `of`; nobody at all when the request names nobody or somebody unknown."""
        try:
            return await self.of(request)
        except Unavailable:
            raise
        except RoschatError:
            return ()

    async def _bot(self, token: str) -> ContactId:
        return await self._bus.call(AuthenticateBot(token=token))
