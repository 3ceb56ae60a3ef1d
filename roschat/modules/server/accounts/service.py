"""Accounts as their owners and administrators change them."""

import logging
from collections.abc import Callable

import psycopg

from roschat.kernel.audit import HIDDEN
from roschat.kernel.audit import record as write_down
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Invalid, NotFound, RoschatError
from roschat.kernel.passwords import Passwords
from roschat.kernel.settings import Live
from roschat.kernel.tries import Tries
from roschat.modules.server.accounts import store
from roschat.modules.server.accounts.api import (
    AccountView,
    AddAccount,
    ChangePassword,
    ExtParams,
    Limits,
    MayHaveAccount,
    PhoneParams,
    SetAccountActive,
    UserInfo,
)
from roschat.modules.server.accounts.devices import Devices
from roschat.modules.server.accounts.rules import (
    LOGIN_LENGTH,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    check_password,
    checked_login,
    login_key,
)
from roschat.modules.server.accounts.settings import Settings
from roschat.modules.server.contacts.api import AccountChanged, ContactServicesChanged, MayGrantService, ServiceType
from roschat.modules.server.directory.api import SetContactActive
from roschat.types import ContactId, DeviceId, Role
from roschat.wire.message import Caller

audit = logging.getLogger("roschat.audit")


class Accounts:
    """See the module docstring."""

    def __init__(
        self,
        db: Database,
        bus: Bus,
        clock: Clock,
        settings: Live[Settings],
        passwords: Passwords,
        devices: Devices,
        tries: Tries,
        max_file_size: Callable[[], int],
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._passwords = passwords
        self._devices = devices
        self._tries = tries
        self._max_file_size = max_file_size

    async def add(self, command: AddAccount, caller: Caller) -> None:
        """Give a person a login and a password, or another one of them. A new password signs every device out.

        Raises NotFound, Invalid, `login-taken`, and what the hooks answer.
        """
        async with self._db.reading() as tx:
            known = await store.account_of(tx, command.cid)
        login, password = await self._wanted(command, known)
        if known is None:
            await self._ask_for_account(command)
        granted: list[str] = []
        try:
            async with self._db.transaction() as tx:
                kind = await store.contact_kind(tx, command.cid)
                if kind is None:
                    raise NotFound(f"There is no contact {command.cid}; add it first.")
                if kind != "person":
                    raise Invalid(f"Contact {command.cid} is a {kind}; only people sign in with a password.")
                await store.put_account(tx, command.cid, login, login_key(login), password, self._clock.now())
                if known is None:
                    granted = await store.grant_services(tx, command.cid, command.services)
                if command.password:
                    await self._devices.end_others(tx, command.cid, DeviceId(""), "the password was set anew")
                await record(
                    tx, caller, "set-account", command.cid,
                    {"login": known.login} if known else None,
                    {"login": login} | ({"password": HIDDEN} if command.password else {})
                    | ({"services": sorted(granted)} if granted else {}),
                )  # fmt: skip
                tx.emit(AccountChanged(command.cid))
                if granted:
                    tx.emit(ContactServicesChanged(command.cid, tuple(await store.services_of(tx, command.cid))))
        except psycopg.errors.UniqueViolation:
            text = f"The login {login!r} belongs to somebody else; choose another one."
            raise RoschatError(text, "login-taken", fields={"login": "taken"}) from None
        self._tries.succeeded(login_key(login))
        audit.info("account set: %s", login, extra={"cid": command.cid})

    async def _wanted(self, command: AddAccount, known: store.Account | None) -> tuple[str, str]:
        """The login and the hash of the password that the account is to have. Raises Invalid with `fields`."""
        bad: dict[str, Invalid] = {}
        login = known.login if known else ""
        if command.login or known is None:
            try:
                login = checked_login(command.login)
            except Invalid as error:
                bad["login"] = error
        if command.password or known is None:
            try:
                check_password(command.password, login)
            except Invalid as error:
                bad["password"] = error
        if bad:
            reasons = {name: _reason(name, getattr(command, name)) for name in bad}
            raise Invalid(next(iter(bad.values())).text, fields=reasons)
        if known is not None and not command.password:
            return login, known.password
        return login, await self._passwords.hash(command.password)

    async def _ask_for_account(self, command: AddAccount) -> None:
        if self._bus.asked(MayHaveAccount):
            await self._bus.ask(MayHaveAccount(command.cid))
        if self._bus.asked(MayGrantService):
            for service in command.services:
                await self._bus.ask(MayGrantService(command.cid, ServiceType(service)))

    async def remove(self, cid: ContactId, caller: Caller) -> None:
        """Take the account away. Raises NotFound."""
        async with self._db.transaction() as tx:
            await store.lock_contact(tx, cid)
            known = await store.account_of(tx, cid)
            if known is None or not await store.remove_account(tx, cid):
                raise NotFound(f"Contact {cid} has no account.")
            await self._devices.end_every(tx, cid, "the account was removed")
            await record(tx, caller, "remove-account", cid, {"login": known.login}, None)
            tx.emit(AccountChanged(cid))
        audit.info("account removed: %s", known.login, extra={"cid": cid})

    async def set_blocked(self, cid: ContactId, blocked: bool, caller: Caller) -> None:
        """Block or unblock the account. Raises NotFound."""
        async with self._db.transaction() as tx:
            await store.lock_contact(tx, cid)
            known = await store.account_of(tx, cid)
            if known is None:
                raise NotFound(f"Contact {cid} has no account.")
            if not await store.set_blocked(tx, cid, blocked):
                return
            if blocked:
                await self._devices.end_every(tx, cid, "the account was blocked")
            await record(tx, caller, "block-account", cid, {"blocked": not blocked}, {"blocked": blocked})
            tx.emit(AccountChanged(cid))
        audit.info("account %s: %s", "blocked" if blocked else "unblocked", known.login, extra={"cid": cid})

    async def check_password(self, cid: ContactId, password: str) -> None:
        """See the command. Raises NotFound, `bad-login-psw`."""
        async with self._db.reading() as tx:
            known = await store.account_of(tx, cid)
        if known is None:
            raise NotFound(f"Contact {cid} has no account.")
        if len(password) > PASSWORD_LONGEST or not await self._passwords.check(password, known.password):
            raise RoschatError("This is not the password of the account.", "bad-login-psw")

    async def change_password(self, command: ChangePassword, caller: Caller) -> None:
        """See the command. Raises Invalid, `bad-login-psw` for a wrong old password, TooMany."""
        async with self._db.reading() as tx:
            account = await store.account_of(tx, caller.cid)
        if account is None:
            raise NotFound("You have no password; you sign in another way.")
        key = login_key(account.login)
        self._tries.begin(key, caller.address)
        if not await self._passwords.check(command.old_password[:1024], account.password):
            self._tries.failed(caller.address)
            raise RoschatError("The old password is wrong.", "bad-login-psw")
        self._tries.succeeded(key)
        check_password(command.new_password, account.login)
        if command.new_password == command.old_password:
            raise Invalid("The new password is the old one; choose another one.")
        password = await self._passwords.hash(command.new_password)
        async with self._db.transaction() as tx:
            if not await store.replace_password(tx, caller.cid, account.password, password, self._clock.now()):
                raise RoschatError("The password was changed elsewhere at this moment.", "bad-login-psw")
            await self._devices.end_others(tx, caller.cid, caller.device, "the password was changed")
        audit.info("password changed: %s from %s", account.login, caller.address, extra={"cid": caller.cid})

    async def set_active(self, command: SetAccountActive, caller: Caller) -> None:
        """Deactivate or reactivate a contact. Raises NotFound."""
        if command.active and self._bus.asked(MayHaveAccount):
            await self._bus.ask(MayHaveAccount(command.cid))
        # The mark comes first: from then on nobody signs in, so nothing can slip in behind the ending of devices.
        await self._bus.call(SetContactActive(command.cid, command.active), caller)
        if not command.active:
            await self._devices.end_all(command.cid, "the contact was deactivated")
        audit.info("account %s", "activated" if command.active else "deactivated", extra={"cid": command.cid})

    def limits(self) -> Limits:
        """What clients may send."""
        return Limits(self._max_file_size())

    async def view(self, cid: ContactId) -> AccountView:
        """Who may sign in as this contact. Raises NotFound."""
        async with self._db.reading() as tx:
            account = await store.account_of(tx, cid)
        if account is None:
            raise NotFound(f"Contact {cid} has no account.")
        return AccountView(cid, account.login, account.active)

    async def user_info(self, caller: Caller) -> UserInfo:
        """See the command."""
        async with self._db.reading() as tx:
            account = await store.account_of(tx, caller.cid)
        settings = self._settings.value
        return UserInfo(
            cid=caller.cid,
            login=account.login if account else "",
            phone_params=PhoneParams(type="none"),
            ext_params=ExtParams(http_server=settings.http_server, stun_server=settings.stun_server),
            max_file_size=self._max_file_size(),
        )


async def record(tx: Transaction, caller: Caller, action: str, cid: ContactId, before: object, after: object) -> None:
    """Of a change from the console; the command line and other modules leave their line in the log."""
    if caller.role is not Role.SYSTEM:
        await write_down(tx, caller, action, str(cid), before, after)


def _reason(name: str, value: str) -> str:
    if not value.strip():
        return "empty"
    if name == "login":
        return "too-long" if len(value) > LOGIN_LENGTH else "bad-value"
    if len(value) < PASSWORD_SHORTEST:
        return "too-short"
    return "too-long" if len(value) > PASSWORD_LONGEST else "bad-value"
