"""Becoming somebody: by password, by access token, and new tokens for a refresh token.

The way by access token touches neither database nor disk. All ways to fail by password look and cost the same. Every
sign-in by password and every refusal leaves a line in the log `roschat.audit`; it never holds a secret.
"""

import logging
import secrets
from dataclasses import replace

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError, TooMany
from roschat.kernel.passwords import Passwords
from roschat.kernel.settings import Live
from roschat.kernel.tries import Tries
from roschat.modules.server.accounts import store
from roschat.modules.server.accounts.api import (
    IssueTokens,
    Login,
    LoginReply,
    MaySignIn,
    RefreshToken,
    SilentSignIn,
    Tokens,
)
from roschat.modules.server.accounts.devices import Devices
from roschat.modules.server.accounts.rules import LOGIN_LENGTH, PASSWORD_LONGEST, client_kind, login_key
from roschat.modules.server.accounts.second_factor.factor import CodeNeeded, CodeWrong, SecondFactor
from roschat.modules.server.accounts.settings import Settings
from roschat.modules.server.accounts.store import Device
from roschat.modules.server.accounts.tokens import (
    AccessTokens,
    BadToken,
    Bearer,
    Refresh,
    first_refresh,
    next_refresh,
    read_refresh,
)
from roschat.types import ContactId, DeviceId, Role
from roschat.wire.message import Caller, Grant

audit = logging.getLogger("roschat.audit")

API_LEVEL = 9
"""The highest that the server speaks."""
GRACE = 60.0
"""Seconds in which a used refresh token is taken once more by a client that did not get the answer."""
SHOWN = 100
"""Characters that are kept of the names a client gives itself."""


class BadLogin(RoschatError):
    """Unknown login, wrong password, deactivated contact: nobody is told which."""

    code = "bad-login-psw"


class SignIn:
    """See the module docstring."""

    def __init__(
        self,
        db: Database,
        bus: Bus,
        clock: Clock,
        settings: Live[Settings],
        passwords: Passwords,
        access: AccessTokens,
        devices: Devices,
        tries: Tries,
        factor: SecondFactor,
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._passwords = passwords
        self._access = access
        self._devices = devices
        self._tries = tries
        self._factor = factor

    async def login(self, command: Login, caller: Caller) -> Grant[LoginReply]:
        """See the command. Raises Invalid on a socket that is signed in already."""
        if caller.role is not Role.NOBODY:
            raise Invalid("This socket is signed in already; log out, or open another one.")
        try:
            if command.token:
                bearer, tokens = await self._by_token(command, caller), None
            else:
                bearer, tokens = await self._by_password(command, caller)
        except (BadLogin, BadToken, TooMany, Denied, CodeNeeded, CodeWrong) as error:
            audit.info("sign-in refused: %s from %s", error.code, caller.address, extra={"login": _cut(command.login)})
            return Grant(caller, LoginReply(status="error", error=error.code, text=error.text))
        level = min(max(command.api_level, 0), API_LEVEL)
        if command.silent_mode:
            self._bus.publish(SilentSignIn(caller.session))
        granted = Caller(
            role=Role.PERSON,
            cid=bearer.cid,
            session=caller.session,
            device=bearer.device,
            address=caller.address,
            api_level=level,
            client=_cut(command.client),
        )
        shown = bearer.device if level > 0 else DeviceId("")
        return Grant(granted, LoginReply("ok", uid=bearer.cid, api_level=level, tokens=tokens, device=shown))

    async def refresh(self, command: RefreshToken, caller: Caller) -> Tokens:
        """See the command. Raises BadToken; a token from the past also ends its device."""
        old = read_refresh(command.refresh_token)
        new = next_refresh(old)
        now, life = self._clock.now(), self._settings.value.refresh_token_life
        async with self._db.transaction() as tx:
            device = await store.rotate_refresh(tx, old.whole, old.family, new.whole, now, life, GRACE)
            if device is None:
                known = await store.device_of_family(tx, old.family)
                if known is not None:
                    cid, stolen = known
                    await self._devices.end(tx, cid, [stolen], "a refresh token was used twice")
        if device is None:
            if known is not None:
                audit.warning("refresh token used twice from %s", caller.address, extra={"cid": known[0]})
            raise BadToken("This refresh token is not good any more; sign in.")
        self._devices.see(device.id, caller.address)
        return self._tokens(Bearer(device.cid, device.id), new)

    def authenticate(self, token: str) -> Bearer:
        """Whose access token this is. Raises BadToken."""
        bearer = self._access.read(token)
        self._devices.check(bearer)
        return bearer

    async def _by_token(self, command: Login, caller: Caller) -> Bearer:
        bearer = self.authenticate(command.token)
        await self._may(bearer.cid, command.client)
        self._devices.see(bearer.device, caller.address)
        return bearer

    async def _by_password(self, command: Login, caller: Caller) -> tuple[Bearer, Tokens | None]:
        if len(command.login) > LOGIN_LENGTH or len(command.password) > PASSWORD_LONGEST:
            raise BadLogin("The login or the password is wrong.")
        key = login_key(command.login)
        self._tries.begin(key, caller.address)
        async with self._db.reading() as tx:
            account = await store.account_by_login(tx, key)
        right = await self._passwords.check(command.password, account.password if account else None)
        if account is None or not right or not account.active:
            self._tries.failed(caller.address)
            raise BadLogin("The login or the password is wrong.")
        self._tries.succeeded(key)
        await self._may(account.cid, command.client)
        await self._factor.check(account.cid, account.login, command)
        device = Device(
            id=command.device,
            cid=account.cid,
            client=_cut(command.client),
            name=_cut(command.device_name),
            address=caller.address,
            created=self._clock.seconds(),
            seen=self._clock.seconds(),
        )
        bearer, tokens = await self._open_device(device, first_refresh() if command.api_level > 0 else None)
        audit.info("signed in: %s from %s", account.login, caller.address, extra={"cid": bearer.cid})
        if tokens is not None:
            await self._factor.signed_in(account.cid, account.login, bearer.device, command, caller)
        if self._passwords.outdated(account.password):
            better = await self._passwords.hash(command.password)
            async with self._db.transaction() as tx:
                await store.replace_password(tx, account.cid, account.password, better, self._clock.now())
        return bearer, tokens

    async def _may(self, cid: ContactId, client: str) -> None:
        """Raises Denied when the person may not use this application."""
        if self._bus.asked(MaySignIn):
            await self._bus.ask(MaySignIn(cid, client_kind(client)))

    async def issue(self, command: IssueTokens, caller: Caller) -> Tokens:
        """See the command. Raises NotFound when the contact may not sign in."""
        now = self._clock.seconds()
        device = Device(DeviceId(""), command.cid, _cut(command.client), _cut(command.name), caller.address, now, now)
        refresh = first_refresh()
        try:
            bearer, _ = await self._open_device(device, refresh)
        except BadLogin:
            raise NotFound(f"There is no active person {command.cid}.") from None
        audit.info("tokens issued to %s", command.client, extra={"cid": command.cid})
        return self._tokens(bearer, refresh)

    async def _open_device(self, device: Device, refresh: Refresh | None) -> tuple[Bearer, Tokens | None]:
        """Sign a device in; its id is kept when it is one that this contact had, else it gets a new one."""
        async with self._db.transaction() as tx:
            # Much may have happened since the password was looked at: a hash takes its time.
            if not await store.lock_active(tx, device.cid):
                raise BadLogin("The login or the password is wrong.")
            if refresh is None or not await store.known_device(tx, device.cid, device.id):
                device = replace(device, id=DeviceId(secrets.token_urlsafe(16)))
            await self._devices.sign_in(tx, device, refresh)
        bearer = Bearer(device.cid, device.id)
        return bearer, self._tokens(bearer, refresh) if refresh else None

    def _tokens(self, bearer: Bearer, refresh: Refresh) -> Tokens:
        life = self._settings.value.access_token_life
        return Tokens(access_token=self._access.sign(bearer, life), refresh_token=refresh.token, expires_in=life)


def _cut(text: str) -> str:
    return "".join(c for c in text[:SHOWN] if c.isprintable())
