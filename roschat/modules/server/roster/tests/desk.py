"""An operator's desk for tests: makes plans, waits for them, looks at their rows."""

import asyncio
from dataclasses import dataclass
from typing import Any

from roschat.kernel.jobs import Jobs, JobView
from roschat.modules.server.accounts.tests.office import Office
from roschat.modules.server.roster.api import (
    ApplyMassPlan,
    GetMassPlan,
    ListMassRows,
    MassPlanView,
    MassRow,
    MassStarted,
    PreviewMassChange,
    UndoMassPlan,
)
from roschat.types import Role
from roschat.wire.message import Caller, Command

OPERATOR = Caller(Role.OPERATOR, name="olga", address="192.0.2.9")


@dataclass
class Desk:
    """See the module docstring."""

    office: Office

    async def preview(self, **command: Any) -> MassPlanView:
        """A plan that is ready, or has failed."""
        return await self.plan(PreviewMassChange(**command))

    async def plan(self, command: Command[MassStarted]) -> MassPlanView:
        """The plan of a command when its job has ended."""
        started = await self.office.call(command, OPERATOR)
        await self.ended(started.job)
        return await self.view(started.plan)

    async def apply(self, plan: MassPlanView, **how: Any) -> MassPlanView:
        """The plan after it was applied."""
        return await self.plan(ApplyMassPlan(plan.id, **how))

    async def undo(self, plan: MassPlanView) -> MassPlanView:
        """The plan after it was taken back."""
        return await self.plan(UndoMassPlan(plan.id))

    async def view(self, plan: int) -> MassPlanView:
        """A plan now."""
        return await self.office.call(GetMassPlan(plan), OPERATOR)

    async def rows(self, plan: MassPlanView, only: str = "", size: int = 200) -> list[MassRow]:
        """Rows of a plan."""
        return (await self.office.call(ListMassRows(plan.id, only, size=size), OPERATOR)).rows

    async def ended(self, job: int) -> JobView:
        """A job that does not run any more."""
        jobs = Jobs(self.office.db, self.office.clock, "test")
        async with asyncio.timeout(60):
            while (view := await jobs.view(job)).state == "running":
                continue
        return view
