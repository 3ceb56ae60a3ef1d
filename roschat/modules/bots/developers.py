"""Accounts of bot developers and their signed-in browsers."""

import hashlib
import secrets

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotSignedIn, RoschatError
from roschat.kernel.passwords import Passwords
from roschat.kernel.tries import Tries
from roschat.modules.bots import store
from roschat.modules.bots.api import AddDeveloper, DeveloperAdded
from roschat.modules.bots.store import Developer
from roschat.types import Seconds
from roschat.wire.message import Caller

SHORT_LIFE = 12 * 3600
LONG_LIFE = 30 * 24 * 3600
"""Seconds that a sign-in lasts, without and with «Запомнить?»."""
MIN_PASSWORD = 8
MAX_LOGIN = 100


class BadLogin(RoschatError):
    """One answer for an unknown login, a wrong password and a blocked account."""

    code = "bad-login-psw"


class Developers:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, passwords: Passwords, tries: Tries) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._passwords = passwords
        self._tries = tries

    def start(self) -> None:
        """Serve administration."""
        self._bus.serve(AddDeveloper, self.add)

    async def add(self, request: AddDeveloper, caller: Caller) -> DeveloperAdded:
        """Make an account, or replace its password, which signs its browsers out."""
        login = request.login.strip()
        if not 1 <= len(login) <= MAX_LOGIN or any(c.isspace() for c in login):
            raise Invalid(f"The login {login[:MAX_LOGIN]!r} must have 1 to {MAX_LOGIN} characters without spaces.")
        if len(request.password) < MIN_PASSWORD:
            raise Invalid(f"The password has {len(request.password)} characters; it needs {MIN_PASSWORD} or more.")
        hashed = await self._passwords.hash(request.password)
        async with self._db.transaction() as tx:
            number = await store.save_developer(tx, login.casefold(), hashed, request.name.strip())
            await store.end_sessions(tx, number)
        return DeveloperAdded(number)

    async def sign_in(self, login: str, password: str, address: str, *, remember: bool) -> tuple[str, int]:
        """A new cookie value and its life in seconds. Raises BadLogin, or TooMany after too many tries."""
        login = login.strip().casefold()
        self._tries.begin(login, address)
        async with self._db.reading() as tx:
            known = await store.developer(tx, login)
        right = await self._passwords.check(password, known.password_hash if known else None)
        if not right or known is None or known.blocked:
            self._tries.failed(address)
            raise BadLogin("The login or the password is wrong.")
        self._tries.succeeded(login)
        token, life = secrets.token_urlsafe(32), LONG_LIFE if remember else SHORT_LIFE
        now = self._clock.seconds()
        async with self._db.transaction() as tx:
            await store.add_session(tx, _hash(token), known.id, Seconds(now + life), now)
        return token, life

    async def signed_in(self, token: str) -> Developer:
        """Whose cookie this is. Raises NotSignedIn."""
        async with self._db.reading() as tx:
            found = await store.session(tx, _hash(token), self._clock.seconds()) if token else None
        if found is None:
            raise NotSignedIn("Sign in as a developer first.")
        return found

    async def sign_out(self, token: str) -> None:
        """Forget a browser."""
        async with self._db.transaction() as tx:
            await store.end_session(tx, _hash(token))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
