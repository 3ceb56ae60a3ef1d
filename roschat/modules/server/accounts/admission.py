"""Sessions that were let in and may not be any more: asked again when the rules of applications change.

Only the sockets are closed. The tokens of the device live, so it comes back by itself when the rules allow it again.
"""

import logging

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Denied, RoschatError
from roschat.modules.server.accounts.api import MaySignIn, SignInRulesChanged
from roschat.modules.server.accounts.rules import client_kind
from roschat.types import Role, SessionId
from roschat.wire.message import Caller
from roschat.wire.session import SessionClosed, SessionOpened, SessionsEnded

log = logging.getLogger(__name__)


class Admission:
    """The live sessions of people."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._sessions: dict[SessionId, Caller] = {}

    def start(self) -> None:
        """Follow sessions and changes of the rules."""
        self._bus.subscribe(SessionOpened, self._opened)
        self._bus.subscribe(SessionClosed, self._closed)
        self._bus.subscribe(SignInRulesChanged, self._changed)

    def _opened(self, event: SessionOpened) -> None:
        if event.caller.role is Role.PERSON:
            self._sessions[event.caller.session] = event.caller

    def _closed(self, event: SessionClosed) -> None:
        self._sessions.pop(event.caller.session, None)

    async def _changed(self, event: SignInRulesChanged) -> None:
        if not self._bus.asked(MaySignIn):
            return
        affected = frozenset(event.cids)
        for caller in list(self._sessions.values()):
            if affected and caller.cid not in affected:
                continue
            try:
                await self._bus.ask(MaySignIn(caller.cid, client_kind(caller.client)))
            except Denied as error:
                self._bus.publish(SessionsEnded(caller.cid, caller.device, error.text))
            except RoschatError as error:
                log.warning("whether a session of contact %d may stay is not known: %s", caller.cid, error.text)
