"""Builds the log viewer and connects it to the bus and the console's listener."""

from typing import cast

from roschat.kernel import log_file
from roschat.kernel.service import Context, Health
from roschat.kernel.settings import Settings
from roschat.modules.ms.logs.api import DOWNLOAD, GetLogLevels, ListLog, SetLogLevel
from roschat.modules.ms.logs.service import LogViewer
from roschat.wire.rest import PREFIX


class LogsFeature:
    """The running feature."""

    async def stop(self) -> None:
        """It holds nothing."""

    async def health(self) -> Health:
        """Files are looked at when somebody asks."""
        return Health()


async def start(context: Context) -> LogsFeature:
    """Build and serve."""
    live = await context.settings.section("logs", log_file.Settings)
    viewer = LogViewer(
        context.data / "logs", context.db, context.bus, context.clock, cast(Settings, context.settings), live
    )
    context.bus.serve(ListLog, viewer.page)
    context.bus.serve(GetLogLevels, viewer.levels)
    context.bus.serve(SetLogLevel, viewer.set_level)
    context.routes("console").add("GET", PREFIX + DOWNLOAD.path, viewer.download)
    return LogsFeature()
