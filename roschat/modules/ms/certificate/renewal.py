"""The automatic certificate: got when it is switched on, renewed a month before its end, tried again after failures.

One process of the installation does it (a lease); every process with the HTTP port answers the challenges, which travel
as events. A certificate that the administrator installed by hand is never replaced while it is good.
"""

import asyncio
import logging
from pathlib import Path

import msgspec

from roschat.kernel.aio import Tasks
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.errors import Invalid, NotFound, RoschatError
from roschat.kernel.formats import is_host, is_ipv4
from roschat.kernel.http import Request, Response, text_response
from roschat.kernel.settings import Live
from roschat.modules.ms.certificate import reading, rules
from roschat.modules.ms.certificate.api import AcmeChallenge, AcmeView, CertificateRemark
from roschat.modules.ms.certificate.authority import AcmeFailed, Authority
from roschat.modules.ms.certificate.rules import DAY
from roschat.modules.ms.certificate.service import CertificateOfServer
from roschat.modules.ms.certificate.settings import Settings
from roschat.transports.connection import Connection
from roschat.wire.message import SYSTEM

log = logging.getLogger(__name__)

LOOK_EVERY = 3600.0
"""Seconds between looks whether it is time."""
AGAIN = (3600, 4 * 3600, DAY)
"""Seconds before the next try after one, two, and more failures: authorities count failed tries."""
CHALLENGES = 50


class Challenges:
    """What this process answers under /.well-known/acme-challenge/."""

    def __init__(self) -> None:
        self._answers: dict[str, str] = {}

    def learn(self, event: AcmeChallenge) -> None:
        """Answer from now on, or no longer."""
        if event.answer:
            self._answers[event.token] = event.answer
            while len(self._answers) > CHALLENGES:
                del self._answers[next(iter(self._answers))]
        else:
            self._answers.pop(event.token, None)

    async def answer(self, request: Request) -> Response:
        """GET /.well-known/acme-challenge/{token}."""
        answer = self._answers.get(request.params["token"])
        if answer is None:
            raise NotFound("There is no such challenge.")
        return text_response(answer)


class Renewal:
    """See the module docstring. `folder` is the module's own, for the key of the account."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        certificate: CertificateOfServer,
        settings: Live[Settings],
        connection: Live[Connection],
        folder: Path,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._certificate = certificate
        self._settings = settings
        self._connection = connection
        self._folder = folder
        self._tasks = Tasks("acme")
        self._view = AcmeView(on=False, state="off")
        self._failures = 0
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        settings.on_change(lambda _: self._wake.set())

    def view(self) -> AcmeView:
        """How it stands."""
        on = self._settings.value.on
        state = self._view.state if on and self._view.state != "off" else "waiting" if on else "off"
        return msgspec.structs.replace(self._view, on=on, state=state)

    def run_now(self) -> AcmeView:
        """Begin a try. Raises Invalid when it is off or there is no name to get a certificate for."""
        if not self._settings.value.on:
            raise Invalid("The automatic certificate is off; switch it on first.", fields={"on": "empty"})
        self._host()
        if not self._turn.locked():
            self._view = AcmeView(on=True, state="getting", last_try=self._clock.seconds())
            self._tasks.spawn(self.attempt(), "now")
        return self.view()

    async def keep(self) -> None:
        """Renew in time; runs while the lease is ours."""
        while True:
            if self._due():
                await self.attempt()
            self._wake.clear()
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def attempt(self) -> None:
        """One try; what comes of it is in the view."""
        async with self._turn:
            now = self._clock.seconds()
            self._view = AcmeView(on=True, state="getting", last_try=now)
            try:
                await self._get(self._host())
            except RoschatError as error:
                wait = AGAIN[min(self._failures, len(AGAIN) - 1)]
                self._failures += 1
                self._view = AcmeView(on=True, state="failed", last_try=now, next_try=now + wait, text=error.text)
                log.warning("no certificate by ACME: %s", error.text)
            else:
                self._failures = 0
                self._view = AcmeView(on=True, state="good", last_try=now)
                log.info("a certificate came by ACME")

    async def stop(self) -> None:
        """End a try that is under way."""
        await self._tasks.stop()

    def _due(self) -> bool:
        if not self._settings.value.on or self._clock.seconds() < self._view.next_try:
            return False
        known = self._certificate.installed_by_acme()
        if known is None:
            return True
        named = rules.covers(known, self._connection.value.address)
        return not named or known.not_valid_after_utc.timestamp() - self._clock.now() < rules.SOON

    def _host(self) -> str:
        host = self._connection.value.address
        if not host or is_ipv4(host) or not is_host(host):
            raise Invalid(
                f"The external address {host!r} is no domain name; authorities certify names: set it under "
                "«Подключение»."
            )
        return host

    async def _get(self, host: str) -> None:
        settings = self._settings.value
        trust = self._folder / "acme-trust.pem" if settings.trust.strip() else None
        if trust is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            trust.write_text(settings.trust)
        authority = await asyncio.to_thread(
            Authority, settings.directory, settings.email, self._folder / "acme-account.pem", trust
        )
        tokens: list[str] = []
        try:
            order = await asyncio.to_thread(authority.order, host)
            for token, answer in order.answers.items():
                tokens.append(token)
                self._bus.publish(AcmeChallenge(token, answer))
            chain = await asyncio.to_thread(authority.finish, order)
        finally:
            for token in tokens:
                self._bus.publish(AcmeChallenge(token))
            authority.close()
        offered = reading.read(chain.decode(), order.key.decode(), "", "")
        refused = [one.text for one in self._refusals(offered)]
        if refused:
            raise AcmeFailed(f"The authority sent a certificate that cannot be used: {' '.join(refused)}")
        await self._certificate.put(offered, SYSTEM, "certificate-acme", acme=True)

    def _refusals(self, offered: reading.Offered) -> list[CertificateRemark]:
        now = self._clock.now()
        found = rules.remarks(offered.own, offered.key, offered.others, self._connection.value.address, now)
        return [remark for remark in found if remark.refusal]
