"""The built client on https, and what its pages may load."""

from pathlib import Path

from roschat.kernel.http import Request, Response
from roschat.kernel.settings import Live
from roschat.kernel.site import Site
from roschat.modules.web_client.ports import Ports, host_of
from roschat.modules.web_client.settings import Settings


class ClientSite:
    """Serves the folder `dist`."""

    def __init__(self, dist: Path, settings: Live[Settings], ports: Ports) -> None:
        self._site = Site(dist, "web client", "веб-клиент")
        self._settings = settings
        self._ports = ports

    @property
    def built(self) -> bool:
        """Whether there is a client to serve."""
        return self._site.built

    async def serve(self, request: Request) -> Response:
        """A file, or the page for a path that a browser navigates to. Raises NotFound."""
        return self._site.serve(
            request,
            {
                "content-security-policy": self.policy(request),
                "permissions-policy": "camera=(self), microphone=(self), geolocation=(self)",
            },
        )

    def policy(self, request: Request) -> str:
        """The Content-Security-Policy of the page: nothing but this server, and its socket on the other port."""
        settings = self._settings.value
        sockets = ""
        if host := host_of(request.host):
            own = {self._ports.websocket(settings, request), self._ports.https(settings, request)}
            sockets = "".join(f" wss://{host}:{port} https://{host}:{port}" for port in sorted(own))
        return "; ".join(
            (
                "default-src 'self'",
                "script-src 'self'",
                # The component library sets its theme as style elements and attributes.
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "media-src 'self' blob:",
                "font-src 'self' data:",
                "worker-src 'self' blob:",
                f"connect-src 'self'{sockets}",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )
