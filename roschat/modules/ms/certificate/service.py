"""The certificate of the server in the hands of the administrator."""

from pathlib import Path

from cryptography import x509

from roschat.kernel import audit, certificates
from roschat.kernel.bus import Bus
from roschat.kernel.certificates import CertificateFailed
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound
from roschat.kernel.settings import Live
from roschat.modules.ms.certificate import reading, rules
from roschat.modules.ms.certificate.api import (
    CertificateCheck,
    CertificateFacts,
    CertificateRemark,
    CertificateView,
    CheckCertificate,
    InstallCertificate,
)
from roschat.modules.ms.certificate.reading import Offered
from roschat.modules.ms.certificate.rules import DAY
from roschat.transports.connection import Connection
from roschat.wire.message import Caller
from roschat.wire.process import CertificateChanged, GetListening

BY_ACME = "acme"
"""A file beside an installed pair that ACME got."""


class CertificateOfServer:
    """See the module docstring. `folder` is that of certificates in the data folder."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, folder: Path, connection: Live[Connection]) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._folder = folder
        self._connection = connection

    async def view(self) -> CertificateView:
        """What clients are shown. Raises NotFound when the server speaks no TLS."""
        listening = await self._bus.call(GetListening())
        if not listening.certificate_file:
            raise NotFound("No listener of the server speaks TLS; a proxy before it has the certificate.")
        chain = self._chain(Path(listening.certificate_file))
        own, now = chain[0], self._clock.now()
        return CertificateView(
            chain=[rules.facts(one) for one in chain],
            source=self._source(self_made=listening.self_made, configured=listening.certificate_fixed),
            days_left=int((own.not_valid_after_utc.timestamp() - now) // DAY),
            file=Path(listening.certificate_file).name,
            remarks=rules.remarks(own, None, chain[1:], self._connection.value.address, now),
            trouble=listening.certificate_trouble,
        )

    async def pem(self) -> bytes:
        """The chain as it is shown to clients. Raises NotFound."""
        listening = await self._bus.call(GetListening())
        if not listening.certificate_file:
            raise NotFound("No listener of the server speaks TLS.")
        return reading.pem_chain(self._chain(Path(listening.certificate_file)))

    def check(self, command: CheckCertificate | InstallCertificate) -> CertificateCheck:
        """What an offered pair is. Raises Invalid with `fields`."""
        facts, remarks = self._looked_at(_read(command))
        return CertificateCheck(facts, remarks, good=not any(remark.refusal for remark in remarks))

    async def install(self, command: InstallCertificate, caller: Caller) -> CertificateView:
        """Install a pair. Raises Invalid with `fields` or the first refusal, CertificateFailed."""
        offered = _read(command)
        _, remarks = self._looked_at(offered)
        refused = [remark for remark in remarks if remark.refusal]
        if refused:
            field = "key" if refused[0].code == "key-mismatch" else "certificate"
            raise Invalid(" ".join(remark.text for remark in refused), fields={field: "bad-value"})
        return await self.put(offered, caller, "certificate-install")

    async def put(self, offered: Offered, caller: Caller, action: str, *, acme: bool = False) -> CertificateView:
        """Install what was checked."""
        await self._changeable()
        before = await self.view()
        chain = rules.ordered(offered.own, offered.others)
        certificates.bring(self._folder, reading.pem_chain(chain), reading.pem_key(offered.key))
        if acme:
            (self._folder / certificates.BROUGHT / BY_ACME).touch()
        return await self._changed(before, caller, action)

    async def remove(self, caller: Caller) -> CertificateView:
        """Back to the self-made pair. Raises Invalid when none is installed."""
        await self._changeable()
        if not certificates.has_brought(self._folder):
            raise Invalid("No certificate is installed; the self-made one is in use already.")
        before = await self.view()
        certificates.take_back(self._folder)
        return await self._changed(before, caller, "certificate-remove")

    def installed_by_acme(self) -> x509.Certificate | None:
        """The certificate that ACME got, when it is the installed one."""
        if not (self._folder / certificates.BROUGHT / BY_ACME).exists():
            return None
        chain, _ = certificates.pair_in(self._folder / certificates.BROUGHT)
        return self._chain(chain)[0]

    async def _changed(self, before: CertificateView, caller: Caller, action: str) -> CertificateView:
        self._bus.publish(CertificateChanged())
        after = await self.view()
        async with self._db.transaction() as tx:
            await audit.record(tx, caller, action, after.chain[0].subject, before.chain[0], after.chain[0])
        return after

    async def _changeable(self) -> None:
        if (await self._bus.call(GetListening())).certificate_fixed:
            raise Invalid(
                "roschat.toml names the files of the certificate: replace these files, the server sees it by itself; "
                "or remove `certificate` and `key` there to manage it here."
            )

    def _looked_at(self, offered: Offered) -> tuple[list[CertificateFacts], list[CertificateRemark]]:
        now = self._clock.now()
        found = rules.remarks(offered.own, offered.key, offered.others, self._connection.value.address, now)
        return [rules.facts(one) for one in rules.ordered(offered.own, offered.others)], found

    def _source(self, *, self_made: bool, configured: bool) -> str:
        if configured:
            return "configured"
        if self_made:
            return "self-made"
        return "acme" if (self._folder / certificates.BROUGHT / BY_ACME).exists() else "installed"

    def _chain(self, file: Path) -> list[x509.Certificate]:
        try:
            return x509.load_pem_x509_certificates(file.read_bytes())
        except (OSError, ValueError):
            raise CertificateFailed(f"{file.name} cannot be read; install the certificate anew.") from None


def _read(command: CheckCertificate | InstallCertificate) -> Offered:
    return reading.read(command.certificate, command.key, command.chain, command.passphrase)
