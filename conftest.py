"""One event loop for the whole test run: Twisted's reactor over uvloop, running before the first test.

The reactor can be installed once in a process, so pytest-asyncio must run on the reactor's own loop and on no other:
the policy below hands that loop out at the first request, which is the one of the session's runner.
"""

import asyncio
import sys
from pathlib import Path

import uvloop
from twisted.internet import asyncioreactor

# Test files are imported by path; the packages `roschat` and `tests` are found here.
sys.path.insert(0, str(Path(__file__).parent))

_loop = uvloop.new_event_loop()
asyncioreactor.install(_loop)  # type: ignore[no-untyped-call]


class _ReactorLoopFirst(asyncio.DefaultEventLoopPolicy):
    """Gives the reactor's loop to the first who asks, fresh loops to later ones (threads with `asyncio.run`)."""

    _given = False

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        if self._given:
            return uvloop.new_event_loop()
        self._given = True
        return _loop


asyncio.set_event_loop_policy(_ReactorLoopFirst())

pytest_plugins = ["tests.harness.plugin"]
