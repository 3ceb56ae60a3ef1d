"""Builds mail and connects it to the bus."""

from roschat.kernel.aio import Tasks
from roschat.kernel.service import Context, Health, State
from roschat.kernel.settings import Live
from roschat.modules.ms.mail.api import (
    CancelLetter,
    GetMailState,
    ListLetters,
    MailQueued,
    RetryLetter,
    SendLetter,
    SendMail,
    TestMail,
)
from roschat.modules.ms.mail.queue import Queue
from roschat.modules.ms.mail.service import Mail
from roschat.modules.ms.mail.settings import Settings


class MailFeature:
    """The running feature."""

    def __init__(self, settings: Live[Settings], queue: Queue, tasks: Tasks) -> None:
        self._settings = settings
        self._queue = queue
        self._tasks = tasks

    async def stop(self) -> None:
        """What is not sent yet waits in the database."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """Letters that cannot be sent are somebody's missing password."""
        if self._settings.value.on and self._queue.trouble:
            return Health(State.DEGRADED, f"Letters cannot be sent: {self._queue.trouble}")
        return Health()


async def start(context: Context) -> MailFeature:
    """Build, serve, subscribe, send."""
    settings = await context.settings.section("mail", Settings)
    queue = Queue(context.db, context.clock, settings)
    mail = Mail(context.db, context.clock, settings, queue)
    tasks = Tasks("mail")
    bus = context.bus
    bus.serve(SendMail, mail.send)
    bus.serve(SendLetter, mail.send_letter)
    bus.serve(GetMailState, mail.state)
    bus.serve(ListLetters, mail.letters)
    bus.serve(RetryLetter, mail.retry)
    bus.serve(CancelLetter, mail.cancel)
    bus.serve(TestMail, mail.test)
    bus.subscribe(MailQueued, queue.look)
    tasks.spawn(context.leases.hold("ms.mail", queue.sending), "sending letters")
    return MailFeature(settings, queue, tasks)
