"""Builds the certificate's feature and connects it to the bus and to the listeners."""

from roschat.kernel.aio import Tasks
from roschat.kernel.bus import Bus
from roschat.kernel.http import Request, Response
from roschat.kernel.service import Context, Health, State
from roschat.modules.ms.certificate.api import (
    EXPORT,
    AcmeChallenge,
    AcmeView,
    CertificateCheck,
    CertificateView,
    CheckCertificate,
    GetAcme,
    GetCertificate,
    InstallCertificate,
    RemoveCertificate,
    RunAcme,
)
from roschat.modules.ms.certificate.renewal import Challenges, Renewal
from roschat.modules.ms.certificate.service import CertificateOfServer
from roschat.modules.ms.certificate.settings import Settings
from roschat.modules.ms.users.api import AuthenticateConsole
from roschat.transports.connection import SECTION, Connection
from roschat.wire.message import Caller
from roschat.wire.rest import COOKIE, PREFIX


class CertificateFeature:
    """The running feature: one method per command."""

    def __init__(self, certificate: CertificateOfServer, renewal: Renewal, tasks: Tasks, bus: Bus) -> None:
        self._certificate = certificate
        self._renewal = renewal
        self._tasks = tasks
        self._bus = bus

    async def view(self, command: GetCertificate, caller: Caller) -> CertificateView:
        """Serve get-certificate."""
        return await self._certificate.view()

    async def check(self, command: CheckCertificate, caller: Caller) -> CertificateCheck:
        """Serve check-certificate."""
        return self._certificate.check(command)

    async def install(self, command: InstallCertificate, caller: Caller) -> CertificateView:
        """Serve install-certificate."""
        return await self._certificate.install(command, caller)

    async def remove(self, command: RemoveCertificate, caller: Caller) -> CertificateView:
        """Serve remove-certificate."""
        return await self._certificate.remove(caller)

    async def acme(self, command: GetAcme, caller: Caller) -> AcmeView:
        """Serve get-acme."""
        return self._renewal.view()

    async def run_acme(self, command: RunAcme, caller: Caller) -> AcmeView:
        """Serve run-acme."""
        return self._renewal.run_now()

    async def export(self, request: Request) -> Response:
        """Serve GET /certificate/export."""
        await self._bus.call(
            AuthenticateConsole(
                cookie=request.cookies.get(COOKIE, ""),
                authorization=request.headers.get("authorization", ""),
                address=request.address,
                access=list(EXPORT.access),
                tag=EXPORT.tag,
            )
        )
        name = 'attachment; filename="certificate.pem"'
        return Response(200, await self._certificate.pem(), {"content-type": EXPORT.gives, "content-disposition": name})

    async def stop(self) -> None:
        """Get no certificate any more."""
        await self._tasks.stop()
        await self._renewal.stop()

    async def health(self) -> Health:
        """Degraded when the automatic certificate failed."""
        view = self._renewal.view()
        return Health(State.DEGRADED, f"ACME: {view.text}") if view.state == "failed" else Health()


async def start(context: Context) -> CertificateFeature:
    """Build, serve, hear challenges, and renew while the lease is ours."""
    connection = await context.settings.section(SECTION, Connection)
    settings = await context.settings.section("acme", Settings)
    certificate = CertificateOfServer(context.db, context.bus, context.clock, context.data / "certificates", connection)
    renewal = Renewal(context.bus, context.clock, certificate, settings, connection, context.data / context.name)
    tasks = Tasks("certificate")
    feature = CertificateFeature(certificate, renewal, tasks, context.bus)
    challenges = Challenges()
    context.bus.subscribe(AcmeChallenge, challenges.learn)
    context.routes("http").add("GET", "/.well-known/acme-challenge/{token}", challenges.answer)
    context.routes("console").add("GET", PREFIX + EXPORT.path, feature.export)
    context.bus.serve(GetCertificate, feature.view)
    context.bus.serve(CheckCertificate, feature.check)
    context.bus.serve(InstallCertificate, feature.install)
    context.bus.serve(RemoveCertificate, feature.remove)
    context.bus.serve(GetAcme, feature.acme)
    context.bus.serve(RunAcme, feature.run_acme)
    tasks.spawn(context.leases.hold("acme", renewal.keep), "acme")
    return feature
