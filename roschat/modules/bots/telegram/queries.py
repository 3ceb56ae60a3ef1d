"""Ids of callback queries: who pressed, when, and a proof that we said so; nothing has to be kept to answer one."""

import hashlib
import hmac

from roschat.kernel.clock import Clock
from roschat.modules.bots.telegram.refusals import Refused
from roschat.types import ContactId

LIFE = 15 * 60
"""Seconds in which a press can be answered."""


class Queries:
    """`secret` is of the installation."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, bot: ContactId, person: ContactId) -> str:
        """The id of a press by `person` of a button of `bot`."""
        # Hundredths keep two presses apart; an id has to differ, not to be unguessable.
        body = f"{person}-{int(self._clock.now() * 100)}"
        return f"{body}-{self._proof(bot, body)}"

    def person(self, bot: ContactId, query: str) -> ContactId:
        """Who pressed. Raises Refused for an id that is too old or not of this bot."""
        body, _, proof = query.rpartition("-")
        if not query.isascii() or not hmac.compare_digest(proof, self._proof(bot, body)):
            raise _too_old()
        person, _, time = body.partition("-")
        if self._clock.now() - int(time) / 100 > LIFE:
            raise _too_old()
        return ContactId(int(person))

    def _proof(self, bot: ContactId, body: str) -> str:
        return hmac.new(self._secret, f"{bot}:{body}".encode(), hashlib.sha256).hexdigest()[:24]


def _too_old() -> Refused:
    return Refused("query is too old and response timeout expired or query ID is invalid")
