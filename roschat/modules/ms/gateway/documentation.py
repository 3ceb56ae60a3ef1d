"""The documentation of the API: the OpenAPI document and a page to read and try it, both without signing in.

The page is three files of ours in `docs/`; it asks the document and builds itself from it.
"""

import hashlib
from functools import cached_property
from pathlib import Path

import msgspec

from roschat.kernel.http import STATUS, Handler, Request, Response, Routes, file_response
from roschat.kernel.migrate import program_version
from roschat.wire import openapi, rest

FILES = Path(__file__).parent / "docs"
PAGE = "/api/docs"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Documentation:
    """See the module docstring."""

    def add_to(self, routes: Routes) -> None:
        """Serve on a listener."""
        routes.add("GET", f"{rest.PREFIX}/openapi.json", self.document)
        for path in (PAGE, f"{PAGE}/"):
            routes.add("GET", path, self._file("index.html"))
        for name in ("docs.css", "docs.js"):
            routes.add("GET", f"{PAGE}/{name}", self._file(name))

    async def document(self, request: Request) -> Response:
        """The OpenAPI document."""
        content, tag = self._made
        headers = {"content-type": "application/json", "cache-control": "no-cache", "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(304, b"", headers)
        return Response(200, content, headers)

    def _file(self, name: str) -> Handler:
        async def answer(request: Request) -> Response:
            headers = {"cache-control": "no-cache", "content-security-policy": POLICY}
            return file_response(request, FILES / name, headers)

        return answer

    @cached_property
    def _made(self) -> tuple[bytes, str]:
        """Written when it is asked for first: by then every declaration is known."""
        content = msgspec.json.encode(openapi.document(rest.ways(), rest.streams(), STATUS, program_version()))
        return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
