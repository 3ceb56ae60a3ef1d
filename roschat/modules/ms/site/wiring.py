"""Puts the built console on its listener."""

from pathlib import Path

import roschat
from roschat.kernel.service import Context, Health, State
from roschat.modules.ms.site.site import ConsoleSite

DIST = Path(roschat.__file__).parent / "web" / "console" / "dist"


class SiteFeature:
    """The running site."""

    def __init__(self, site: ConsoleSite) -> None:
        self._site = site

    async def stop(self) -> None:
        """Routes go with their listener."""

    async def health(self) -> Health:
        """Degraded while there is no console to serve."""
        if self._site.built:
            return Health()
        return Health(
            State.DEGRADED,
            "The console is not built; run `npm --prefix roschat/web run build`.",
            "Система управления не собрана; выполните `npm --prefix roschat/web run build`.",
            code="console-not-built",
        )


async def start(context: Context) -> SiteFeature:
    """Serve. The API's own routes are more exact than the one of all paths, so they go first."""
    site = ConsoleSite(DIST)
    context.routes("console").add("GET", "/{rest:path}", site.serve)
    return SiteFeature(site)
