"""A built front end as files: what is cached how long, which copy is sent, which paths are pages."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from roschat.kernel.errors import NotFound
from roschat.kernel.http import Request, Response, file_response

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


class Site:
    """Serves the folder `dist`. `name_ru` and `name` tell an administrator what is missing when it is not built."""

    def __init__(self, dist: Path, name: str, name_ru: str) -> None:
        self._dist = dist
        self._missing = MISSING.format(name=name, name_ru=name_ru)

    @property
    def built(self) -> bool:
        """Whether there is a page to serve."""
        return (self._dist / "index.html").is_file()

    def serve(self, request: Request, headers: Mapping[str, str]) -> Response:
        """A file, or the page for a path that a browser navigates to; the page gets `headers`. Raises NotFound."""
        path = request.params.get("rest", "")
        if path in ("", "index.html"):
            return self._page(request, headers)
        file = (self._dist / path).resolve()
        if file.is_relative_to(self._dist.resolve()) and file.is_file():
            return self._file(request, file, FOR_EVER if path.startswith("assets/") else ASK_FIRST)
        if not PurePosixPath(path).suffix and "text/html" in request.headers.get("accept", ""):
            return self._page(request, headers)
        raise NotFound(f"There is nothing at {request.path!r}.")

    def _page(self, request: Request, headers: Mapping[str, str]) -> Response:
        if not self.built:
            about = {"content-type": TYPES[".html"], "cache-control": "no-store", "retry-after": "60"}
            return Response(503, self._missing.encode(), dict(headers) | about)
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


MISSING = """<!doctype html>
<html lang="ru"><meta charset="utf-8"><title>РОСЧАТ</title>
<h1>Не собрано: {name_ru}</h1>
<p>Сервер работает, но файлов нет ({name_ru}). Запустите <code>./scripts/run</code>: он соберёт их, если установлен
Node 20 или новее; или соберите сами: <code>npm --prefix roschat/web ci &amp;&amp;
npm --prefix roschat/web run build</code>.</p>
<h1 lang="en">The {name} is not built</h1>
<p lang="en">The server runs, but the files of the {name} are missing. Start <code>./scripts/run</code>, which
builds them when Node 20 or later is there; or build them yourself: <code>npm --prefix roschat/web ci &amp;&amp;
npm --prefix roschat/web run build</code>.</p>
</html>
"""


def _takes(request: Request, coding: str) -> bool:
    """Whether the client accepts a content coding (RFC 9110 section 12.5.3); `q=0` says no."""
    for part in request.headers.get("accept-encoding", "").split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() == coding:
            return weight.replace(" ", "").removeprefix("q=").rstrip("0.") != "" or not weight
    return False
