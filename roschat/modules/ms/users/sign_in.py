"""Signing in to the console, staying signed in, and who is behind a request.

Every refusal before the right password looks alike and costs alike. A wrong code counts as a wrong try of the login
just as a wrong password does, and only a whole sign-in forgets the tries.
"""

import secrets

from roschat.kernel import audit
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, NotSignedIn
from roschat.kernel.passwords import Passwords
from roschat.kernel.settings import Live
from roschat.kernel.tries import Tries
from roschat.modules.ms.users import store
from roschat.modules.ms.users.api import AuthenticateConsole, ConsoleCaller, SessionView, SignInToConsole
from roschat.modules.ms.users.factors import Factors
from roschat.modules.ms.users.refusals import bad_login, must_change
from roschat.modules.ms.users.rules import LOGIN_LONGEST, PASSWORD_LONGEST, is_near, login_key, token_hash
from roschat.modules.ms.users.settings import DAY, Settings
from roschat.modules.ms.users.store import Signed, User
from roschat.types import ContactId, Role, Seconds, SessionId
from roschat.wire.message import Caller, Grant

SIGHTING = 60.0
"""Seconds between two writings of when a session was last used."""
KEY_START = "rk_"


class SignIn:
    """See the module docstring."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        settings: Live[Settings],
        passwords: Passwords,
        tries: Tries,
        factors: Factors,
    ) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings
        self._passwords = passwords
        self._tries = tries
        self._factors = factors

    async def sign_in(self, command: SignInToConsole, caller: Caller) -> Grant[SessionView]:
        """See the command. The session of the granted caller is the value of the cookie."""
        key = login_key(command.login[: LOGIN_LONGEST + 1])
        self._tries.begin(key, caller.address)
        async with self._db.reading() as tx:
            user = await store.user_of_login(tx, key)
        password = command.password[: PASSWORD_LONGEST + 1]
        right = await self._passwords.check(password, user.password if user else None)
        if user is None or not right or not user.active:
            self._tries.failed(caller.address)
            await self._tell(caller, "sign-in-failed", key)
            raise bad_login()
        if user.initial and not is_near(caller.address):
            await self._tell(caller, "sign-in-failed", key)
            raise Denied(
                f"The first password is taken from this machine and private networks only, not from {caller.address}; "
                "sign in from there and change it, or set one with `roschat console-user reset-password`."
            )
        try:
            await self._factors.check(user, command.code)
        except Exception:
            self._tries.failed(caller.address) if command.code else None
            raise
        self._tries.succeeded(key)
        if self._passwords.outdated(user.password):
            await self._rehash(user, password)
        return await self._open(user, caller, remember=command.remember)

    async def caller(self, command: AuthenticateConsole) -> ConsoleCaller:
        """See the command."""
        if command.authorization:
            return await self._program(command)
        now = self._clock.now()
        async with self._db.reading() as tx:
            found = await store.signed(tx, token_hash(command.cookie), now) if command.cookie else None
            if found is None:
                raise NotSignedIn("Sign in to the console first; the session has ended or there was none.")
            if now - found.seen > SIGHTING:
                await store.seen(tx, found.session, now, command.address)
        user = found.user
        if user.must_change and not command.changing_password:
            raise must_change()
        known = ConsoleCaller(Role(user.role), user.id, user.login, found.session, user.must_change)
        _check_role(command, known.role)
        return known

    async def view(self, session: int) -> SessionView:
        """An open session as its user sees it. Raises NotSignedIn."""
        async with self._db.reading() as tx:
            found = await store.signed_by_number(tx, session)
        if found is None:
            raise NotSignedIn("The session has ended.")
        return _view(found)

    async def sign_out(self, caller: Caller) -> None:
        """End a session."""
        async with self._db.transaction() as tx:
            await store.end_session(tx, caller.cid, int(caller.session or 0))
            await audit.record(tx, caller, "sign-out", caller.name)

    async def _program(self, command: AuthenticateConsole) -> ConsoleCaller:
        scheme, _, token = command.authorization.partition(" ")
        token = token.strip()
        now = self._clock.now()
        known = None
        if scheme.lower() == "bearer" and token.startswith(KEY_START):
            async with self._db.reading() as tx:
                known = await store.key(tx, token_hash(token), now)
                if known is not None and now - known.seen > SIGHTING:
                    await store.key_seen(tx, known.id, now)
        if known is None:
            self._tries.failed(command.address)
            raise NotSignedIn("The Authorization header holds no key of this server, or one that has expired.")
        if command.tag and known.scopes and command.tag not in known.scopes:
            raise Denied(f"The key {known.name!r} has not the scope {command.tag!r}; make one that has.")
        if command.changes and known.read_only:
            raise Denied(f"The key {known.name!r} may only read; make one that may change.")
        _check_role(command, Role(known.role))
        return ConsoleCaller(Role(known.role), login=f"key {known.name}")

    async def _open(self, user: User, caller: Caller, *, remember: bool) -> Grant[SessionView]:
        token, now = secrets.token_urlsafe(32), self._clock.now()
        settings = self._settings.value
        life = settings.remember_days * DAY if remember else settings.session_hours * 3600
        signed_in = Caller(
            Role(user.role), ContactId(user.id), SessionId(token), address=caller.address, name=user.login,
            client=caller.client, request=caller.request,
        )  # fmt: skip
        async with self._db.transaction() as tx:
            session = await store.add_session(
                tx, token_hash(token), user.id, caller.address, caller.client[:300], now, now + life, remember
            )
            await audit.record(tx, signed_in, "sign-in", user.login)
        return Grant(signed_in, _view(Signed(user, session, now, Seconds(int(now + life)))))

    async def _rehash(self, user: User, password: str) -> None:
        hashed = await self._passwords.hash(password)
        async with self._db.transaction() as tx:
            await store.rehash(tx, user.id, user.password, hashed)

    async def _tell(self, caller: Caller, action: str, login: str) -> None:
        stranger = Caller(Role.NOBODY, address=caller.address, name=login, request=caller.request)
        async with self._db.transaction() as tx:
            await audit.record(tx, stranger, action, login)


def _check_role(command: AuthenticateConsole, role: Role) -> None:
    if command.access and role not in command.access:
        raise Denied(f"This is not for the role {role.value}; it is for {', '.join(sorted(set(command.access)))}.")


def _view(found: Signed) -> SessionView:
    user = found.user
    return SessionView(user.id, user.login, user.full_name, user.role, user.must_change, user.factor, found.expires)
