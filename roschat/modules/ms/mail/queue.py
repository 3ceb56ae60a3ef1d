"""The queue of letters: what was put into it is sent, whatever happens to this program or to the mail server.

One process of the installation sends (it holds a lease). Letters that are due go in one visit. Trouble with the server
puts all of them off, each time twice as long; a letter that the server does not take for now waits by itself, and one
it will never take is given up. At least once: a crash between the server's answer and our note sends a letter twice,
with the same Message-ID.
"""

import asyncio
import logging

from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, RoschatError
from roschat.kernel.settings import Live
from roschat.modules.ms.mail import store
from roschat.modules.ms.mail.api import MailQueued
from roschat.modules.ms.mail.letter import check, written
from roschat.modules.ms.mail.postman import STEP, WHOLE, LetterRefused, ServerTrouble, Visit, visit
from roschat.modules.ms.mail.settings import Settings

log = logging.getLogger(__name__)

FIRST_WAIT = 15.0
LONGEST_WAIT = 1800.0
"""Seconds between tries: doubled from the first to the longest."""
LOOK = 20.0
"""Seconds after which the clock and the table are looked at again in any case."""
PORTION = 50
KEPT = 7 * 86_400
"""Seconds that ended letters are remembered, without their text."""
CLEARING = 3600.0


class MailOff(RoschatError):
    """No mail server is configured."""

    code = "mail-off"


class Queue:
    """See the module docstring. `step` and `whole` are the postman's patience in seconds."""

    def __init__(
        self, db: Database, clock: Clock, settings: Live[Settings], step: float = STEP, whole: float = WHOLE
    ) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings
        self._step = step
        self._whole = whole
        self._changed = asyncio.Event()
        self._failures = 0
        self._cleared = float("-inf")
        self.trouble = ""
        """Why the last visit to the server failed; empty when it did not."""
        self._hurry = False
        settings.on_change(self._new_settings)

    async def put(self, to: str, subject: str, text: str, kind: str = "", expires: int = 0) -> None:
        """Queue a letter. Raises Invalid with `fields`, MailOff."""
        check(to, subject, text)
        settings = self._settings.value
        if not settings.on:
            raise MailOff("Mail is switched off; configure the mail server in the settings «Mail».")
        now = self._clock.now()
        life = min(expires, settings.keep_trying * 3600) if expires > 0 else settings.keep_trying * 3600
        async with self._db.transaction() as tx:
            await store.add(tx, kind, to, subject, text, now, now + life)
            tx.emit(MailQueued())

    def look(self, _: MailQueued | None = None) -> None:
        """There is something new."""
        self._changed.set()

    def recovered(self) -> None:
        """Somebody talked to the server with success: what waits is tried now."""
        if self.trouble:
            self._new_settings(self._settings.value)

    def _new_settings(self, _: Settings) -> None:
        self._failures, self.trouble = 0, ""
        self._hurry = True
        self._changed.set()

    async def sending(self) -> None:
        """Send what is due until cancelled."""
        while True:
            self._changed.clear()
            pause = LOOK
            try:
                pause = await self.send_due()
            except RoschatError as error:
                log.warning("letters wait: %s", error.text)
            try:
                async with asyncio.timeout(pause):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def send_due(self) -> float:
        """Send what is due now; answers in how many seconds to look again. Raises Unavailable."""
        await self._clear()
        while self._settings.value.on and await self._portion():
            pass
        async with self._db.reading() as tx:
            soonest = await store.next_time(tx)
        return LOOK if soonest is None else min(LOOK, max(soonest - self._clock.now(), 0.05))

    async def _portion(self) -> bool:
        """One visit; whether there may be more to send at once."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            if self._hurry:
                await store.hurry(tx, now)
                self._hurry = False
            if gone := await store.expire(tx, now):
                log.warning("%d letters were given up: they could not be sent in time", gone)
            letters = await store.due(tx, now, PORTION)
        if not letters:
            return False
        settings = self._settings.value
        waiting = [letter.id for letter in letters]
        try:
            async with visit(settings, self._step, self._whole) as there:
                for letter in letters:
                    await self._one(there, settings, letter)
                    waiting.remove(letter.id)
        except ServerTrouble as error:
            if self._settings.value is not settings:
                return True
            self._failures += 1
            self.trouble = error.text
            wait = min(FIRST_WAIT * 2 ** min(self._failures - 1, 20), LONGEST_WAIT)
            log.warning("mail: %s; %d letters wait, the next try is in %g s", error.text, len(waiting), wait)
            async with self._db.transaction() as tx:
                await store.put_off(tx, waiting, self._clock.now() + wait, error.text)
            return True
        self._failures, self.trouble = 0, ""
        return True

    async def _one(self, there: Visit, settings: Settings, letter: store.Due) -> None:
        """Hand a letter over and note what became of it. Raises ServerTrouble."""
        state, error, wait = "sent", "", 0.0
        try:
            text = written(settings, letter.id, letter.created, letter.address, letter.subject, letter.body)
            await there.hand_over(letter.address, text, self._whole)
        except LetterRefused as refusal:
            error = refusal.text
            if refusal.final:
                state = "failed"
            else:
                wait = min(FIRST_WAIT * 4 * 2 ** min(letter.tries, 20), LONGEST_WAIT)
        except Invalid as refusal:
            state, error = "failed", refusal.text
        async with self._db.transaction() as tx:
            if wait:
                await store.put_off(tx, [letter.id], self._clock.now() + wait, error)
            else:
                await store.end(tx, letter.id, state, error, self._clock.now())
        if error:
            log.warning("letter %d: %s", letter.id, error)

    async def _clear(self) -> None:
        if self._clock.monotonic() - self._cleared < CLEARING:
            return
        async with self._db.transaction() as tx:
            await store.forget(tx, self._clock.now() - KEPT)
        self._cleared = self._clock.monotonic()
