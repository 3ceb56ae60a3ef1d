"""The built client as files: what is cached how long, which copy is sent, which paths are pages."""

from pathlib import Path, PurePosixPath

from roschat.kernel.errors import NotFound
from roschat.kernel.http import Request, Response, file_response
from roschat.kernel.settings import Live
from roschat.modules.web_client.ports import Ports, host_of
from roschat.modules.web_client.settings import Settings

FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Said here, not asked of the machine: what a system calls a type differs, and nosniff makes a wrong one fatal."""

PREBUILT = {"br": ".br", "gzip": ".gz"}

MISSING = """<!doctype html>
<html lang="ru"><meta charset="utf-8"><title>РОСЧАТ</title>
<h1>Веб-клиент не собран</h1>
<p>Сервер работает, но файлов веб-клиента нет. Запустите <code>./scripts/run</code>: он соберёт их, если установлен
Node 20 или новее; или соберите сами: <code>npm --prefix roschat/web ci &amp;&amp;
npm --prefix roschat/web run build</code>.</p>
<h1 lang="en">The web client is not built</h1>
<p lang="en">The server runs, but the files of the web client are missing. Start <code>./scripts/run</code>, which
builds them when Node 20 or later is there; or build them yourself: <code>npm --prefix roschat/web ci &amp;&amp;
npm --prefix roschat/web run build</code>.</p>
</html>
"""


class ClientSite:
    """Serves the folder `dist`."""

    def __init__(self, dist: Path, settings: Live[Settings], ports: Ports) -> None:
        self._dist = dist
        self._settings = settings
        self._ports = ports

    @property
    def built(self) -> bool:
        """Whether there is a client to serve."""
        return (self._dist / "index.html").is_file()

    async def serve(self, request: Request) -> Response:
        """A file, or the page for a path that a browser navigates to. Raises NotFound."""
        path = request.params.get("rest", "")
        if path in ("", "index.html"):
            return self._page(request)
        file = (self._dist / path).resolve()
        if file.is_relative_to(self._dist.resolve()) and file.is_file():
            return self._file(request, file, FOR_EVER if path.startswith("assets/") else ASK_FIRST)
        if not PurePosixPath(path).suffix and "text/html" in request.headers.get("accept", ""):
            return self._page(request)
        raise NotFound(f"There is nothing at {request.path!r}.")

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

    def _page(self, request: Request) -> Response:
        headers = {
            "content-security-policy": self.policy(request),
            "permissions-policy": "camera=(self), microphone=(self), geolocation=(self)",
        }
        if not self.built:
            about = {"content-type": TYPES[".html"], "cache-control": "no-store", "retry-after": "60"}
            return Response(503, MISSING.encode(), headers | about)
        response = self._file(request, self._dist / "index.html", ASK_FIRST)
        response.headers.update(headers)
        return response

    def _file(self, request: Request, file: Path, caching: str) -> Response:
        headers = {
            "content-type": TYPES.get(file.suffix.lower(), "application/octet-stream"),
            "cache-control": caching,
            "vary": "accept-encoding",
        }
        for coding, suffix in PREBUILT.items():
            packed = file.with_name(file.name + suffix)
            if _takes(request, coding) and packed.is_file():
                return file_response(request, packed, headers | {"content-encoding": coding})
        return file_response(request, file, headers)


def _takes(request: Request, coding: str) -> bool:
    """Whether the client accepts a content coding (RFC 9110 section 12.5.3); `q=0` says no."""
    for part in request.headers.get("accept-encoding", "").split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() == coding:
            return weight.replace(" ", "").removeprefix("q=").rstrip("0.") != "" or not weight
    return False
