"""The built console on its listener, and what its pages may load."""

from pathlib import Path

from roschat.kernel.errors import NotFound
from roschat.kernel.http import Request, Response
from roschat.kernel.site import Site

API = "api/"
"""What begins so is the API's, never a page."""

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        # The component library sets its theme as style elements and attributes.
        "style-src 'self' 'unsafe-inline'",
        # Maps are drawn from data that come with the program; no picture is of another server.
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class ConsoleSite:
    """Serves the folder `dist`; a deep link is answered with the page, which finds its way itself."""

    def __init__(self, dist: Path) -> None:
        self._site = Site(dist, "console", "система управления")

    @property
    def built(self) -> bool:
        """Whether there is a console to serve."""
        return self._site.built

    async def serve(self, request: Request) -> Response:
        """A file, or the page. Raises NotFound."""
        if request.params.get("rest", "").startswith(API):
            raise NotFound(f"The API has nothing at {request.path!r}.")
        return self._site.serve(request, HEADERS)
