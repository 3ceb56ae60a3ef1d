"""The commands of mail: letters in, the state of the queue out, and the test of the settings."""

from roschat.kernel import audit, formats
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound
from roschat.kernel.settings import Live
from roschat.modules.ms.mail import store
from roschat.modules.ms.mail.api import (
    CancelLetter,
    GetMailState,
    Letters,
    ListLetters,
    MailState,
    MailTest,
    RetryLetter,
    SendLetter,
    SendMail,
    TestMail,
)
from roschat.modules.ms.mail.letter import written
from roschat.modules.ms.mail.postman import MailTrouble, visit
from roschat.modules.ms.mail.queue import KEPT, Queue
from roschat.modules.ms.mail.settings import Settings
from roschat.modules.ms.mail.templates import filled
from roschat.types import Seconds
from roschat.wire.message import Caller, Empty

TEST_STEP = 4.0
TEST_WHOLE = 7.0
"""Seconds: who presses «Проверить» gets the answer within the time of his request."""
MAX_PAGE = 200
STATES = ("", "waiting", "sent", "failed", "cancelled")


class Mail:
    """See the module docstring."""

    def __init__(self, db: Database, clock: Clock, settings: Live[Settings], queue: Queue) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings
        self._queue = queue

    async def send(self, command: SendMail, _: Caller) -> Empty:
        """Serve send-mail."""
        await self._queue.put(command.to, command.subject, command.text, expires=command.expires)
        return Empty()

    async def send_letter(self, command: SendLetter, _: Caller) -> Empty:
        """Serve send-letter."""
        subject, text = filled(command.kind, command.language or self._settings.value.language, command.values)
        await self._queue.put(command.to, subject, text, command.kind, command.expires)
        return Empty()

    async def state(self, _: GetMailState, __: Caller) -> MailState:
        """Serve get-mail-state."""
        async with self._db.reading() as tx:
            counts = await store.counts(tx, self._clock.now() - KEPT)
        return MailState(
            self._settings.value.on,
            counts.waiting,
            counts.failed,
            counts.sent,
            Seconds(counts.oldest),
            self._queue.trouble,
        )

    async def letters(self, command: ListLetters, _: Caller) -> Letters:
        """Serve list-letters."""
        if command.state not in STATES:
            raise Invalid(
                f"There is no state {command.state[:40]!r}; there is {', '.join(STATES[1:])}.",
                fields={"state": "bad-value"},
            )
        formats.refuse(
            {
                "page": "bad-value" if not 1 <= command.page <= 1_000_000 else "",
                "size": "bad-value" if not 1 <= command.size <= MAX_PAGE else "",
            }
        )
        async with self._db.reading() as tx:
            page = await store.letters(tx, command.state, (command.page - 1) * command.size, command.size)
            return Letters(page, await store.total(tx, command.state))

    async def retry(self, command: RetryLetter, caller: Caller) -> Empty:
        """Serve retry-letter."""
        async with self._db.transaction() as tx:
            if not _is_number(command.id) or not await store.retry(tx, command.id, self._clock.now()):
                raise NotFound(f"No letter {command.id} waits to be sent.")
            await audit.record(tx, caller, "mail-retry", str(command.id))
        self._queue.look()
        return Empty()

    async def cancel(self, command: CancelLetter, caller: Caller) -> Empty:
        """Serve cancel-letter."""
        async with self._db.transaction() as tx:
            if not _is_number(command.id) or not await store.end(tx, command.id, "cancelled", "", self._clock.now()):
                raise NotFound(f"No letter {command.id} waits to be sent.")
            await audit.record(tx, caller, "mail-cancel", str(command.id))
        return Empty()

    async def test(self, command: TestMail, caller: Caller) -> MailTest:
        """Serve test-mail. Nothing is queued: the answer is that of the server."""
        formats.refuse({"to": formats.reason("email", command.to, needed=False)})
        settings = self._settings.value
        if not settings.on:
            return MailTest(ok=False, cause="off", text="Mail is switched off; configure the mail server first.")
        steps: list[str] = []
        try:
            async with visit(settings, TEST_STEP, TEST_WHOLE) as there:
                steps = there.steps
                if command.to:
                    subject, text = filled("test", command.language, {})
                    letter = written(settings, 0, self._clock.now(), command.to, subject, text)
                    await there.hand_over(command.to, letter, TEST_WHOLE)
                else:
                    await there.try_sender()
            result = MailTest(ok=True, steps=steps)
            self._queue.recovered()
        except MailTrouble as trouble:
            result = MailTest(ok=False, cause=trouble.cause, text=trouble.text, steps=steps)
        if command.to:
            async with self._db.transaction() as tx:
                await audit.record(tx, caller, "mail-test", command.to, None, {"ok": result.ok, "cause": result.cause})
        return result


def _is_number(number: int) -> bool:
    """Whether PostgreSQL's bigint holds it."""
    return 0 < number < 2**63
