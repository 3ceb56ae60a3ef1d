"""The command line: `roschat run` is the server, the other commands are for its administrators.

The event loop is installed here and nowhere else: Twisted's reactor over uvloop. That must come before anything imports
the reactor, hence the order of this file.
"""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop
from twisted.internet import asyncioreactor

_loop = uvloop.new_event_loop()
asyncioreactor.install(_loop)  # type: ignore[no-untyped-call]

import click  # noqa: E402
from twisted.internet import reactor as _reactor  # noqa: E402

from roschat.commands import backup, common, console, licence, people, run, settings, upkeep  # noqa: E402
from roschat.kernel.errors import RoschatError  # noqa: E402

T = TypeVar("T")

reactor: Any = _reactor


def on_reactor(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end with the reactor running."""
    asyncio.set_event_loop(_loop)

    async def running() -> T:
        reactor.startRunning(installSignalHandlers=False)
        try:
            return await work
        finally:
            # Threads of the pool are not daemons and would keep the process.
            if reactor.threadpool is not None:
                reactor.threadpool.stop()

    try:
        return _loop.run_until_complete(running())
    finally:
        _loop.run_until_complete(_loop.shutdown_asyncgens())


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.pass_context
def roschat(context: click.Context) -> None:
    """RosChat: one server for the messages and calls of an organisation."""
    context.obj = on_reactor


for command in (
    *run.COMMANDS,
    *people.COMMANDS,
    *console.COMMANDS,
    *settings.COMMANDS,
    *backup.COMMANDS,
    *licence.COMMANDS,
    *upkeep.COMMANDS,
):
    roschat.add_command(command)


def main() -> None:
    """Entry point: errors that are meant for the reader are one sentence on stderr and exit code 1."""
    try:
        roschat.main(prog_name="roschat", standalone_mode=False)
    except RoschatError as error:
        common.complain(error.text)
        sys.exit(1)
    except click.Abort:
        common.complain("Stopped.")
        sys.exit(130)
    except click.ClickException as error:
        common.complain(error.format_message())
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)


if __name__ == "__main__":
    main()
