"""Registration: a wish, a proved address, perhaps an administrator's yes, then a card and an account.

Nothing here tells whether an address has an account: the answer is the same, the same work is done, and what is true
stands in the letter to the owner of the address.
"""

import asyncio
import hmac
import logging
import secrets
from dataclasses import dataclass

from roschat.kernel import audit, formats
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError, TooMany
from roschat.kernel.passwords import Passwords
from roschat.kernel.settings import Live
from roschat.kernel.tries import Tries
from roschat.modules.ms.mail.api import GetMailState, SendLetter
from roschat.modules.server.accounts.api import AddAccount, MayHaveAccount
from roschat.modules.server.accounts.rules import check_password, login_key
from roschat.modules.server.accounts.second_factor.factor import CodeWrong
from roschat.modules.server.directory.api import AddContact, CardField, SetContactActive
from roschat.modules.server.registration import store
from roschat.modules.server.registration.api import (
    ApproveRegistration,
    GetRegistration,
    ListRegistrations,
    RefuseRegistration,
    Register,
    RegisterReply,
    RegistrationRules,
    RegistrationView,
)
from roschat.modules.server.registration.settings import Settings
from roschat.modules.server.registration.store import Wish
from roschat.types import NOBODY, ContactId, DeviceId
from roschat.wire.message import Caller, Empty

log = logging.getLogger(__name__)

LIFE = 600.0
TRIES = 5
PAUSE = 60.0
LETTERS = 3
WINDOW = 3600.0
"""Codes: good for LIFE seconds and TRIES tries; LETTERS at most in a WINDOW, PAUSE seconds apart."""
LISTED = 1000
MAX_OPEN = 10_000
MAX_NAME = 100
DAY = 86_400.0
REFUSED = 30 * DAY
CLEARING = 3600.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often one address (of mail, of the network) may ask."""

    tries_per_login: int = 10
    tries_per_address: int = 20
    first_delay: int = 60
    longest_delay: int = 3600
    forget_tries_after: int = 3600


class Registration:
    """See the module docstring."""

    def __init__(
        self, db: Database, bus: Bus, clock: Clock, settings: Live[Settings], passwords: Passwords, key: bytes
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._passwords = passwords
        self._key = key
        self._tries = Tries(clock, Patience)
        self._making = asyncio.Lock()

    async def rules(self, _: GetRegistration, __: Caller) -> RegistrationRules:
        """Serve get-registration."""
        settings = self._settings.value
        return RegistrationRules(settings.on, settings.domains if settings.on else [])

    async def register(self, command: Register, caller: Caller) -> RegisterReply:
        """Serve register."""
        if not self._settings.value.on:
            raise Denied("People cannot register themselves here; ask your administrator for an account.")
        email = login_key(command.email)[:255]
        self._tries.begin(f"register {email}", caller.address)
        self._tries.failed(caller.address)
        if command.code:
            return await self._prove(email, command.code)
        surname, name = self._checked(command, email)
        mail = await self._mail_on()
        password = await self._passwords.hash(command.password)
        if mail:
            await self._send_code(email, surname, name, password, caller)
            return RegisterReply("code")
        await self._queue_up(email, surname, name, password, caller)
        return RegisterReply("waiting")

    async def listed(self, _: ListRegistrations, __: Caller) -> list[RegistrationView]:
        """Serve list-registrations."""
        async with self._db.reading() as tx:
            return await store.waiting(tx, LISTED)

    async def approve(self, command: ApproveRegistration, caller: Caller) -> Empty:
        """Serve approve-registration."""
        wish = await self._waiting(command.id)
        cid = await self._make(wish)
        async with self._db.transaction() as tx:
            await audit.record(tx, caller, "approve-registration", wish.email, None, {"cid": cid})
        try:
            values = {"name": f"{wish.name} {wish.surname}".strip(), "login": wish.email}
            await self._bus.call(SendLetter(wish.email, "registered", values))
        except RoschatError as error:
            log.warning("%s is not told of the registration: %s", wish.email, error.text)
        return Empty()

    async def refuse(self, command: RefuseRegistration, caller: Caller) -> Empty:
        """Serve refuse-registration."""
        wish = await self._waiting(command.id)
        async with self._db.transaction() as tx:
            await store.set_state(tx, wish.id, "refused")
            await audit.record(tx, caller, "refuse-registration", wish.email)
        return Empty()

    async def keep_clear(self) -> None:
        """Forget what is old, until cancelled."""
        while True:
            try:
                now = self._clock.now()
                async with self._db.transaction() as tx:
                    await store.clear(tx, now - DAY, now - REFUSED)
            except RoschatError as error:
                log.warning("old registrations are not cleared away: %s", error.text)
            await asyncio.sleep(CLEARING)

    def _checked(self, command: Register, email: str) -> tuple[str, str]:
        """Surname and name. Raises Invalid with `fields`."""
        surname, name = command.surname.strip(), command.name.strip()
        allowed = [domain.lower() for domain in self._settings.value.domains]
        email_reason = formats.reason("email", email)
        if not email_reason and allowed and email.rpartition("@")[2] not in allowed:
            email_reason = "bad-value"
        password_reason = ""
        try:
            check_password(command.password, email)
        except Invalid:
            password_reason = "empty" if not command.password else "bad-value"
            password_reason = "too-short" if 0 < len(command.password) < 8 else password_reason
        formats.refuse(
            {
                "email": email_reason,
                "surname": _name_reason(surname, needed=True),
                "name": _name_reason(name, needed=False),
                "password": password_reason,
            }
        )
        return surname, name

    async def _send_code(self, email: str, surname: str, name: str, password: str, caller: Caller) -> None:
        now = self._clock.now()
        code = f"{secrets.randbelow(1_000_000):06}"
        async with self._db.transaction() as tx:
            wish = await store.by_email(tx, email)
            letters, since = (wish.letters, wish.since) if wish and now - wish.since < WINDOW else (0, now)
            if wish is not None and (
                wish.state != "code" or letters >= LETTERS or (letters and now - wish.sent < PAUSE)
            ):
                return
            if wish is None and await store.open_wishes(tx) >= MAX_OPEN:
                raise TooMany("Too many people register at this moment; try again tomorrow.")
            known = await store.has_account(tx, email)
            kept = b"" if known else self._hash(email, code)
            await store.put(tx, email, surname, name, password, caller.address, "code", now, kept, letters + 1, since)
        if known:
            await self._bus.call(SendLetter(email, "known", {"login": email}, expires=int(DAY)))
        else:
            values = {"code": code, "minutes": str(int(LIFE // 60))}
            await self._bus.call(SendLetter(email, "registration", values, expires=int(LIFE)))

    async def _queue_up(self, email: str, surname: str, name: str, password: str, caller: Caller) -> None:
        """Without mail: an administrator has to know who this is."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            wish = await store.by_email(tx, email)
            if wish is not None and wish.state != "code":
                return
            if await store.open_wishes(tx) >= MAX_OPEN:
                raise TooMany("Too many people wait for an administrator; try again later.")
            if not await store.has_account(tx, email):
                await store.put(tx, email, surname, name, password, caller.address, "waiting", now, b"", 0, now)

    async def _prove(self, email: str, code: str) -> RegisterReply:
        async with self._db.transaction() as tx:
            wish = await store.by_email(tx, email)
            good = wish is not None and wish.state == "code" and wish.tries < TRIES
            good = good and wish is not None and self._clock.now() - wish.sent < LIFE
            right = wish is not None and hmac.compare_digest(wish.hash, self._hash(email, code.strip()))
            if good and not right and wish is not None:
                await store.count_try(tx, wish.id)
            proved = wish if good and right else None
            if proved is not None:
                await store.set_state(tx, proved.id, "waiting")
        if proved is None:
            raise CodeWrong("The code is wrong or too old; look at the newest letter, or ask for another one.")
        if self._settings.value.approve:
            return RegisterReply("waiting")
        cid = await self._make(proved)
        device = DeviceId(secrets.token_urlsafe(16))
        async with self._db.transaction() as tx:
            await store.trust(tx, cid, device, self._clock.now())
        return RegisterReply("done", device)

    async def _make(self, wish: Wish) -> ContactId:
        """Card and account. What cannot be finished waits for an administrator. Raises what the hooks answer."""
        async with self._making:
            if self._bus.asked(MayHaveAccount):
                await self._bus.ask(MayHaveAccount(NOBODY))
            async with self._db.reading() as tx:
                if await store.has_account(tx, wish.email):
                    raise RoschatError(f"The login {wish.email!r} belongs to somebody already.", "login-taken")
            fields = [CardField("surname", wish.surname), CardField("email", wish.email)]
            if wish.name:
                fields.insert(1, CardField("name", wish.name))
            cid = (await self._bus.call(AddContact(fields))).cid
            try:
                await self._bus.call(AddAccount(cid, wish.email, secrets.token_urlsafe(24)))
            except RoschatError:
                # Nobody shall find a card without the person behind it.
                await self._bus.call(SetContactActive(cid, False))
                raise
            async with self._db.transaction() as tx:
                await store.set_password(tx, cid, wish.password)
                await store.delete(tx, wish.id)
        log.info("contact %d registered as %s", cid, wish.email)
        return cid

    async def _waiting(self, number: int) -> Wish:
        async with self._db.reading() as tx:
            wish = await store.by_id(tx, number) if 0 < number < 2**63 else None
        if wish is None:
            raise NotFound(f"Nobody with the number {number} waits for an answer.")
        return wish

    async def _mail_on(self) -> bool:
        try:
            return (await self._bus.call(GetMailState(), timeout=2)).on
        except RoschatError:
            # Not installed or away: then an administrator decides.
            return False

    def _hash(self, email: str, code: str) -> bytes:
        return hmac.digest(self._key, f"{email}:{code}".encode(), "sha256")


def _name_reason(name: str, *, needed: bool) -> str:
    if not name:
        return "empty" if needed else ""
    if len(name) > MAX_NAME:
        return "too-long"
    return "" if name.isprintable() else "bad-value"
