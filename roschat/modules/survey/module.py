"""Wires the survey module."""

from roschat.kernel.aio import Tasks
from roschat.kernel.service import Context, Module
from roschat.modules.survey.api import ClosePoll, CreatePoll, GetPoll, PollView, VotePoll
from roschat.modules.survey.closing import Closing
from roschat.modules.survey.polls import Polls
from roschat.wire.message import Caller, Empty


class Survey(Module):
    """Polls and the clock that closes them."""

    def __init__(self) -> None:
        self._tasks = Tasks("survey")

    async def start(self, context: Context) -> None:
        """Build and serve."""
        polls = Polls(context.db, context.bus, context.clock)

        async def create(command: CreatePoll, caller: Caller) -> PollView:
            return await polls.create(caller.cid, command)

        async def get(command: GetPoll, caller: Caller) -> PollView:
            return await polls.get(caller.cid, command.poll_id)

        async def vote(command: VotePoll, caller: Caller) -> PollView:
            return await polls.vote(caller.cid, command.poll_id, command.options)

        async def close(command: ClosePoll, caller: Caller) -> Empty:
            await polls.close(caller.cid, command.poll_id)
            return Empty()

        context.bus.serve(CreatePoll, create)
        context.bus.serve(GetPoll, get)
        context.bus.serve(VotePoll, vote)
        context.bus.serve(ClosePoll, close)
        closing = Closing(polls, context.clock)
        self._tasks.spawn(context.leases.hold("survey.closing", closing.run), "closing")

    async def stop(self) -> None:
        """End the closing loop."""
        await self._tasks.stop()
