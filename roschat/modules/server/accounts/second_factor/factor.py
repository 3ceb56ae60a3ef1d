"""The second factor of people: a code by mail when the password comes from a device that was never signed in before.

A device is known by its id, which only that installation has; it stays known when its owner signs out there, and is
forgotten when somebody else ends it. Codes are six digits, good once, for ten minutes and five tries. The second factor
is asked only after the password was right, so it tells nothing to those who do not know that.
"""

import asyncio
import hmac
import logging
import secrets
from datetime import UTC, datetime

from roschat.kernel.aio import Tasks
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, RoschatError, TooMany, Unavailable
from roschat.kernel.formats import is_email
from roschat.kernel.service import Health
from roschat.kernel.settings import Live
from roschat.modules.ms.mail.api import GetMailState, SendLetter
from roschat.modules.server.accounts.api import DevicesEnded, Login
from roschat.modules.server.accounts.second_factor import store
from roschat.modules.server.accounts.second_factor.settings import Settings
from roschat.modules.server.accounts.second_factor.store import Addressee, Kept
from roschat.types import ContactId, DeviceId
from roschat.wire.message import Caller

log = logging.getLogger(__name__)

DIGITS = 6
LIFE = 600.0
TRIES = 5
PAUSE = 60.0
"""Seconds between two letters to a person."""
LETTERS = 5
WINDOW = 3600.0
"""LETTERS codes at most in so many seconds."""
REMEMBERED = 400 * 86_400.0
"""Seconds that a device stays known without a sign-in."""
CLEARING = 6 * 3600.0
COUNTED = 300.0
"""Seconds that the count of people without an address is believed."""
MAIL_WAIT = 2.0


class CodeNeeded(RoschatError):
    """The password was right; repeat the sign-in with the code from the letter."""

    code = "need-code"


class CodeWrong(RoschatError):
    """The code is not (any more) the one that was sent."""

    code = "bad-code"


class SecondFactor:
    """See the module docstring. `key` makes a stolen table of codes worthless."""

    def __init__(
        self, db: Database, bus: Bus, clock: Clock, settings: Live[Settings], key: bytes, tasks: Tasks
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._key = key
        self._tasks = tasks
        self._mail_was_on = False
        self._uncovered = 0
        self._counted = float("-inf")

    async def check(self, cid: ContactId, login: str, command: Login) -> None:
        """May this device go on with the right password? Raises CodeNeeded, CodeWrong, TooMany, Denied, Unavailable."""
        if not self._settings.value.on or not await self._mail_on():
            return
        async with self._db.reading() as tx:
            if command.device and await store.is_trusted(tx, cid, command.device):
                return
            addressee = await store.addressee(tx, cid)
        email = address_of(addressee, login)
        if not email:
            if self._settings.value.without_address == "refuse":
                raise Denied(
                    "A new device needs a code by e-mail, and your card has no address; ask your administrator for one."
                )
            return
        if command.code:
            await self._compare(cid, command.code)
            return
        if await self._new_code(cid, email, _device_name(command)):
            log.info("a sign-in code was sent to contact %d", cid)
        raise CodeNeeded(
            f"This device is new: repeat the sign-in with the code that was sent to {masked(email)}. "
            "An old client that cannot ask for it must be updated."
        )

    async def signed_in(self, cid: ContactId, login: str, device: DeviceId, command: Login, caller: Caller) -> None:
        """A sign-in by password succeeded: the device is known from now on, and a new one is written about."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            addressee = await store.addressee(tx, cid)
            known = bool(command.device) and await store.is_trusted(tx, cid, command.device)
            await store.trust(tx, cid, device, command.device, now)
        if not known and addressee.known and self._settings.value.notice:
            email = address_of(addressee, login)
            if email:
                self._tasks.spawn(self._write(cid, login, email, addressee, command, caller, now), "notice")

    async def devices_ended(self, event: DevicesEnded) -> None:
        """Devices that somebody else ended are strangers again."""
        if not event.own and event.devices:
            async with self._db.transaction() as tx:
                await store.forget(tx, event.cid, list(event.devices))

    async def keep_clear(self) -> None:
        """Forget devices of long ago, until cancelled."""
        while True:
            await asyncio.sleep(CLEARING)
            try:
                async with self._db.transaction() as tx:
                    await store.clear(tx, self._clock.now() - REMEMBERED)
            except RoschatError as error:
                log.warning("old devices are not cleared away: %s", error.text)

    async def health(self) -> Health:
        """A notice when some people are not covered; never worse, for the mail has a health of its own."""
        settings = self._settings.value
        if not settings.on or not self._mail_was_on:
            return Health()
        if self._clock.monotonic() - self._counted > COUNTED:
            try:
                async with self._db.reading() as tx:
                    self._uncovered = await store.without_address(tx)
            except RoschatError:
                return Health()
            self._counted = self._clock.monotonic()
        if not self._uncovered:
            return Health()
        let_in = settings.without_address == "let-in"
        return Health(
            text=f"{self._uncovered} people have no e-mail address: they sign in from new devices "
            + ("by password alone." if let_in else "not at all."),
            ru=f"Нет адреса почты у {self._uncovered} чел.: с нового устройства "
            + ("они входят только по паролю." if let_in else "они не могут войти."),
            code="no-second-factor",
            fix="/directory",
        )

    async def _mail_on(self) -> bool:
        """Whether codes can be sent. When mail was there and is away now, nobody slips in meanwhile."""
        try:
            self._mail_was_on = (await self._bus.call(GetMailState(), timeout=MAIL_WAIT)).on
        except Unavailable:
            if self._mail_was_on:
                raise
        return self._mail_was_on

    async def _compare(self, cid: ContactId, given: str) -> None:
        """Use the code up, or count a try."""
        async with self._db.transaction() as tx:
            kept = await store.lock_code(tx, cid)
            fresh = kept is not None and kept.hash and self._clock.now() - kept.sent < LIFE
            open_ = kept is not None and kept.tries < TRIES
            right = kept is not None and hmac.compare_digest(kept.hash, self._hash(cid, given.strip()))
            if fresh and open_:
                if right:
                    await store.use_up(tx, cid)
                    return
                await store.count_try(tx, cid)
        if fresh and not open_:
            raise TooMany("Too many wrong codes; sign in again without a code to get another one.")
        raise CodeWrong("The code is wrong or too old; look at the newest letter, or sign in again to get another one.")

    async def _new_code(self, cid: ContactId, email: str, device: str) -> bool:
        """Send a code, unless one was sent a moment ago or too many were; the answer to the client is the same."""
        now = self._clock.now()
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        async with self._db.transaction() as tx:
            kept = await store.lock_code(tx, cid)
            letters, since = (kept.letters, kept.since) if kept and now - kept.since < WINDOW else (0, now)
            if kept is not None and (letters >= LETTERS or (letters and now - kept.sent < PAUSE)):
                return False
            await store.put_code(tx, cid, Kept(self._hash(cid, code), now, 0, letters + 1, since))
        values = {"code": code, "minutes": str(int(LIFE // 60)), "device": device}
        await self._bus.call(SendLetter(email, "code", values, expires=int(LIFE)))
        return True

    async def _write(
        self, cid: ContactId, login: str, email: str, addressee: Addressee, command: Login, caller: Caller, now: float
    ) -> None:
        time = datetime.fromtimestamp(now, UTC).astimezone().strftime("%d.%m.%Y %H:%M %Z")
        values = {
            "name": addressee.name,
            "login": login,
            "device": _device_name(command),
            "address": caller.address,
            "time": time,
        }
        try:
            if await self._mail_on():
                await self._bus.call(SendLetter(email, "new-device", values))
        except RoschatError as error:
            log.warning("contact %d is not told of a new device: %s", cid, error.text)

    def _hash(self, cid: ContactId, code: str) -> bytes:
        return hmac.digest(self._key, f"{cid}:{code}".encode(), "sha256")


def address_of(addressee: Addressee, login: str) -> str:
    """Where a person gets codes: the first e-mail of the card, else the login when it is one; empty: nowhere."""
    return next((one for one in (addressee.email, login) if is_email(one)), "")


def masked(email: str) -> str:
    """Enough of an address for its owner: a…@example.org."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _device_name(command: Login) -> str:
    given = " ".join(part for part in (command.device_name, command.client) if part)
    return "".join(c for c in given[:100] if c.isprintable()) or "?"
