"""What is asked beside the password: codes of an authenticator application (TOTP, RFC 6238) and codes by mail.

A code counts once: the step of a TOTP code is remembered, a mailed code and a recovery code are forgotten. A mailed
code is good for ten minutes and five tries, and a new one is sent at most once a minute.
"""

import hmac
import io

import pyotp
import segno

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, RoschatError, TooMany
from roschat.kernel.formats import refuse
from roschat.modules.ms.mail.api import GetMailState, SendMail
from roschat.modules.ms.users import store
from roschat.modules.ms.users.api import Factor, RecoveryCodes, TotpOffer
from roschat.modules.ms.users.refusals import second_factor
from roschat.modules.ms.users.rules import bare, code_hash, email_reason, mailed_code, recovery_codes
from roschat.modules.ms.users.store import Code, User
from roschat.wire.message import Caller

STEP = 30
"""Seconds that a TOTP code lasts; the one before and the one after are taken too, for clocks that differ."""
CODE_LIFE = 600.0
CODE_TRIES = 5
CODE_EVERY = 60.0
ISSUER = "RosChat"

LETTER = (
    "Код для входа в систему управления РосЧат: {code}\n"
    "Он действует 10 минут. Если вы не входите сейчас, смените пароль.\n\n"
    "Code to sign in to the management system of RosChat: {code}\n"
    "It is good for 10 minutes. If you are not signing in now, change your password.\n"
)
SUBJECT = "РосЧат: код для входа / sign-in code"


class Factors:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock

    async def check(self, user: User, code: str) -> None:
        """Let a user through whose password was right, or raise `second-factor`."""
        if user.factor is Factor.NONE:
            return
        if not code.strip():
            if user.factor is Factor.MAIL:
                await self._mail_again(user)
            raise second_factor("A code is needed beside the password.", user.factor, "needed")
        taken = await (self._totp(user, code) if user.factor is Factor.TOTP else self._mailed(user, code))
        if not taken and not await self._recovery(user, code):
            raise second_factor("The code is wrong, was used already, or is too old.", user.factor, "bad-value")

    async def mail_works(self) -> bool:
        """Whether codes can be sent by mail."""
        try:
            return (await self._bus.call(GetMailState())).on
        except RoschatError:
            return False

    async def offer_totp(self, user: User) -> TotpOffer:
        """A new secret for an application; it counts when `confirm_totp` saw a code of it."""
        if user.factor is Factor.TOTP:
            raise Invalid("Codes of an application are on already; switch them off first.")
        secret = pyotp.random_base32()
        async with self._db.transaction() as tx:
            await store.offer_totp(tx, user.id, secret)
        uri = pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=ISSUER)
        picture = io.BytesIO()
        segno.make(uri, error="m").save(picture, kind="svg", xmldecl=False, omitsize=True, light="#fff", border=2)
        return TotpOffer(secret, uri, picture.getvalue().decode().strip())

    async def confirm_totp(self, user: User, code: str, caller: Caller) -> RecoveryCodes:
        """Switch TOTP on. Raises Invalid with `fields.code`."""
        if user.factor is Factor.TOTP or not user.totp_secret:
            raise Invalid("There is no offered application to confirm; begin with POST /account/totp.")
        if not await self._totp(user, code):
            refuse({"code": "bad-value"})
        return await self._switch_on(user, Factor.TOTP, caller)

    async def offer_mail(self, user: User, email: str) -> None:
        """Send a code to an address that shall be the user's. Raises Invalid, TooMany, and what sending raises."""
        refuse({"email": email_reason(email, needed=True)})
        async with self._db.reading() as tx:
            last = await store.code_of(tx, user.id)
        wait = 0.0 if last is None else last.sent + CODE_EVERY - self._clock.now()
        if wait > 0:
            raise TooMany(f"A code was sent a moment ago; look into the mailbox, or try again in {int(wait) + 1} s.")
        await self._send(user, email)

    async def confirm_mail(self, user: User, code: str, caller: Caller) -> RecoveryCodes:
        """Switch codes by mail on, and keep the address. Raises Invalid with `fields.code`."""
        async with self._db.reading() as tx:
            sent = await store.code_of(tx, user.id)
        if sent is None or not await self._mailed(user, code):
            refuse({"code": "bad-value"})
            raise AssertionError
        async with self._db.transaction() as tx:
            await store.set_email(tx, user.id, sent.email)
        return await self._switch_on(user, Factor.MAIL, caller)

    async def renew(self, user: User, caller: Caller) -> RecoveryCodes:
        """New recovery codes."""
        if user.factor is Factor.NONE:
            raise Invalid("There is no second factor, so there is nothing to recover.")
        codes = recovery_codes()
        async with self._db.transaction() as tx:
            await store.set_recovery(tx, user.id, [code_hash(user.id, code) for code in codes])
            await audit.record(tx, caller, "recovery-codes-renewed", user.login)
        return RecoveryCodes(codes)

    async def drop(self, number: int, caller: Caller) -> None:
        """Ask for the password alone from now on. Raises NotFound."""
        async with self._db.transaction() as tx:
            user = await store.user(tx, number)
            if user is None:
                raise NotFound(f"There is no console user {number}.")
            await store.set_factor(tx, number, Factor.NONE, [])
            await store.drop_code(tx, number)
            before, after = {"factor": user.factor.value}, {"factor": Factor.NONE.value}
            await audit.record(tx, caller, "second-factor-off", user.login, before, after)

    async def _switch_on(self, user: User, factor: Factor, caller: Caller) -> RecoveryCodes:
        codes = recovery_codes()
        async with self._db.transaction() as tx:
            await store.set_factor(tx, user.id, factor, [code_hash(user.id, code) for code in codes])
            before, after = {"factor": user.factor.value}, {"factor": factor.value}
            await audit.record(tx, caller, "second-factor-on", user.login, before, after)
        return RecoveryCodes(codes)

    async def _totp(self, user: User, code: str) -> bool:
        totp, now = pyotp.TOTP(user.totp_secret), int(self._clock.now()) // STEP
        for step in (now - 1, now, now + 1):
            if hmac.compare_digest(totp.generate_otp(step).encode(), bare(code).encode()):
                async with self._db.transaction() as tx:
                    return await store.take_step(tx, user.id, step)
        return False

    async def _mailed(self, user: User, code: str) -> bool:
        async with self._db.transaction() as tx:
            sent = await store.try_code(tx, user.id)
        if sent is None or sent.tries >= CODE_TRIES or self._clock.now() - sent.sent > CODE_LIFE:
            return False
        if not hmac.compare_digest(sent.hash.hex(), code_hash(user.id, code)):
            return False
        async with self._db.transaction() as tx:
            await store.drop_code(tx, user.id)
        return True

    async def _recovery(self, user: User, code: str) -> bool:
        async with self._db.transaction() as tx:
            return await store.take_recovery(tx, user.id, code_hash(user.id, code))

    async def _mail_again(self, user: User) -> None:
        async with self._db.reading() as tx:
            last = await store.code_of(tx, user.id)
        if last is not None and self._clock.now() - last.sent < CODE_EVERY:
            return
        try:
            await self._send(user, user.email)
        except RoschatError as error:
            text = f"The code could not be sent: {error.text} A recovery code is taken instead."
            raise second_factor(text, user.factor, "needed") from None

    async def _send(self, user: User, email: str) -> None:
        code = mailed_code()
        kept = Code(bytes.fromhex(code_hash(user.id, code)), email, self._clock.now(), 0)
        async with self._db.transaction() as tx:
            await store.put_code(tx, user.id, kept)
        try:
            await self._bus.call(SendMail(email, SUBJECT, LETTER.format(code=code)))
        except RoschatError:
            # What was not sent does not make anybody wait for the next.
            async with self._db.transaction() as tx:
                await store.drop_code(tx, user.id)
            raise
