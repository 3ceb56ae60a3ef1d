"""The licence of this installation: what is installed, what it is worth now, and how another one comes in."""

import logging
import secrets

import msgspec

from roschat.kernel import audit
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound, RoschatError
from roschat.kernel.http_client import HttpClient
from roschat.kernel.service import Health
from roschat.kernel.settings import Live
from roschat.modules.ms.licence import online, rules, store
from roschat.modules.ms.licence.api import (
    ActivationKey,
    LicenceChanged,
    LicenceProblem,
    LicenceState,
    LicenceUse,
    LicenceView,
)
from roschat.modules.ms.licence.rules import Standing
from roschat.modules.ms.licence.settings import Settings
from roschat.modules.ms.licence.store import Kept
from roschat.modules.ms.licence.usage import Usage
from roschat.proto import licence as files
from roschat.proto.licence import Activation, Licence, LicenceRefused
from roschat.types import Seconds
from roschat.wire.message import SYSTEM, Caller

log = logging.getLogger(__name__)

HOUR = 3600.0
DAILY = 24 * HOUR
JITTER = 2 * HOUR
"""So that all installations of a vendor do not ask at once."""
AGAIN = HOUR
"""After a try that failed."""


class NoLicence(RoschatError):
    """A text that does not become the licence of this installation; nothing has changed."""

    code = "licence-refused"


class Licences:
    """See the module docstring. `trusted` are public keys; `secret` makes the number of the installation."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        settings: Live[Settings],
        client: HttpClient,
        trusted: list[str],
        secret: bytes,
        program: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings
        self._client = client
        self._trusted = trusted
        self._program = program
        self.installation = files.installation_number(secret)
        self._kept = Kept()
        self._installed: Licence | None = None
        self._refused: LicenceProblem | None = None
        self._told = ""
        self._jitter = secrets.randbelow(int(JITTER))
        self.usage: Usage

    async def load(self) -> None:
        """Read what is installed; at the start and when another process changed it."""
        async with self._db.reading() as tx:
            self._kept = await store.kept(tx)
        self._installed, self._refused = None, None
        if self._kept.text:
            try:
                self._installed = files.read(self._kept.text, self._trusted)
                self._check_ours(self._installed)
            except LicenceRefused as error:
                self._refused = LicenceProblem("unknown", text=str(error))
            except NoLicence as error:
                self._refused = LicenceProblem("foreign", text=error.text)

    def standing(self) -> Standing:
        """What holds at this moment."""
        now, back = rules.judged_time(self._clock.now(), self._kept.seen)
        found = rules.judge(self._installed, self._refused, now, self._kept.contacted)
        if back and self._installed is not None and (self._installed.until or self._installed.login):
            return msgspec.structs.replace(found, problems=[*found.problems, LicenceProblem("clock")])
        return found

    def licence(self) -> Licence:
        """The limits and options that hold."""
        return self.standing().licence

    def state(self) -> LicenceState:
        """For other modules."""
        found = self.standing()
        return LicenceState(found.state, rules.limits(found.licence), rules.flags(found.licence))

    async def view(self) -> LicenceView:
        """For the page."""
        found, kept = self.standing(), self._kept
        used = await self.usage.counts()
        problems = [*found.problems, *rules.over(found.licence, used)]
        if kept.trouble and self._settings.value.online:
            problems.append(LicenceProblem("trouble", text=kept.trouble))
        held = self._installed or found.licence
        bound = "installation" if held.installation else "login" if held.login else "nothing"
        return LicenceView(
            state=found.state,
            number=held.number,
            customer=held.customer,
            issued=held.issued,
            until=held.until,
            limits=rules.limits(found.licence),
            used=LicenceUse(**used),
            flags=rules.flags(found.licence),
            e1_boards=held.e1_boards,
            installation=self.installation,
            bound=bound,
            online=self._settings.value.online,
            contacted=Seconds(int(kept.contacted)) if held.login else Seconds(0),
            tried=Seconds(int(kept.tried)),
            problems=problems,
        )

    async def activation(self) -> ActivationKey:
        """The request for a licence."""
        used = await self.usage.counts()
        day = rules.day_of(self._clock.now())
        asking = Activation(self.installation, self._program, day, used.get("people", 0))
        return ActivationKey(self.installation, files.activation_key(asking))

    async def install(self, text: str, caller: Caller) -> None:
        """Take a licence file. Raises NoLicence; nothing has changed then."""
        try:
            fresh = files.read(text, self._trusted)
        except LicenceRefused as error:
            raise NoLicence(str(error)) from None
        self._check_ours(fresh)
        now = self._clock.now()
        if fresh.until and now >= rules.last_moment(fresh.until) + rules.GRACE * rules.DAY:
            raise NoLicence(f"The licence has ended on {fresh.until}; ask the vendor for another one.")
        async with self._db.transaction() as tx:
            before = await store.kept(tx, lock=True)
            if before.text != text:
                # A file that was issued after the clock ran ahead proves what the time is.
                issued = rules.last_moment(fresh.issued) - rules.DAY
                seen = max(now, issued) if issued > self._issued(before.text) else max(now, before.seen)
                await store.install(tx, text, caller.name or caller.role.value, now, seen)
                await audit.record(
                    tx, caller, "licence-install", fresh.number, self._shown(before.text), self._shown(text)
                )
            else:
                await store.contacted(tx, now)
            tx.emit(LicenceChanged("installed"))
        await self.load()

    async def remove(self, caller: Caller) -> None:
        """Go back to the community licence. Raises NotFound."""
        async with self._db.transaction() as tx:
            before = await store.kept(tx, lock=True)
            if not before.text:
                raise NotFound("No licence is installed: the community licence holds.")
            await store.install(tx, "", caller.name or caller.role.value, self._clock.now(), before.seen)
            await audit.record(tx, caller, "licence-remove", "", self._shown(before.text))
            tx.emit(LicenceChanged("community"))
        await self.load()

    async def update(self, caller: Caller = SYSTEM) -> None:
        """Ask the licence server. Raises what went wrong, which is also kept for the page."""
        used = await self.usage.counts()
        try:
            text = await online.fetch(
                self._client, self._settings.value, self.installation, self._program, used.get("people", 0)
            )
            await self.install(text, caller)
        except RoschatError as error:
            if error.code != "not-configured":
                async with self._db.transaction() as tx:
                    await store.failed(tx, self._clock.now(), error.text)
                await self.load()
            raise
        async with self._db.transaction() as tx:
            await store.contacted(tx, self._clock.now())
        await self.load()

    async def look(self) -> float:
        """What has to be done from time to time; answers the seconds until the next look, an hour at most."""
        async with self._db.transaction() as tx:
            await store.saw(tx, self._clock.now())
        await self.load()
        wait = HOUR
        if self._settings.value.online:
            due = self._kept.tried + (AGAIN if self._kept.trouble else DAILY - JITTER / 2 + self._jitter)
            if self._clock.now() >= due:
                try:
                    await self.update()
                except RoschatError as error:
                    log.warning("%s", rules.told(LicenceProblem("trouble", text=error.text)))
            else:
                wait = min(wait, due - self._clock.now())
        found = self.standing()
        told = " ".join(rules.told(problem) for problem in found.problems)
        if told != self._told:
            self._told = told
            async with self._db.transaction() as tx:
                tx.emit(LicenceChanged(found.state))
            if told:
                log.warning("%s", told)
        return max(1.0, wait)

    async def health(self) -> Health:
        """Degraded as long as there is something to do about the licence."""
        problems = [*self.standing().problems, *rules.over(self.licence(), await self.usage.counts())]
        return rules.health(problems)

    def _check_ours(self, fresh: Licence) -> None:
        """Raises NoLicence for a licence of somebody else."""
        if not fresh.installation and not fresh.login:
            raise NoLicence("The licence is bound neither to an installation nor to a login; ask for another one.")
        if fresh.installation and fresh.installation != self.installation:
            raise NoLicence(
                f"The licence is for the installation {fresh.installation}, this one is {self.installation}: send the "
                "activation key of this server to the vendor."
            )
        login = self._settings.value.login
        if fresh.login and fresh.login != login:
            raise NoLicence(
                f"The licence belongs to the login {fresh.login!r} of the licence server, "
                f"{'and the settings say ' + repr(login) if login else 'which is not set up here'}."
            )

    def _issued(self, text: str) -> float:
        if not text:
            return 0.0
        try:
            return rules.last_moment(files.inspect(text)[0].issued) - rules.DAY
        except LicenceRefused:
            return 0.0

    def _shown(self, text: str) -> dict[str, object] | None:
        """A licence for the audit."""
        if not text:
            return None
        try:
            plain: dict[str, object] = msgspec.to_builtins(files.inspect(text)[0])
        except LicenceRefused:
            return None
        return plain
