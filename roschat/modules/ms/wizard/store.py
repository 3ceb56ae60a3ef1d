"""What was decided in the wizard."""

from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.modules.ms.wizard.api import Step, StepState


class Decided(Struct, frozen=True):
    """A row of wizard_step."""

    name: str
    state: str


async def decided(tx: Transaction) -> dict[str, StepState]:
    """The decisions, by the name of the step."""
    rows = await tx.rows("SELECT name, state FROM ms.wizard_step", kind=Decided)
    return {row.name: StepState(row.state) for row in rows}


async def decide(tx: Transaction, step: Step, state: StepState, who: str) -> None:
    """Keep a decision; `waiting` is the absence of one."""
    await tx.run("DELETE FROM ms.wizard_step WHERE name = %s", step.value)
    if state is not StepState.WAITING:
        await tx.run("INSERT INTO ms.wizard_step (name, state, who) VALUES (%s, %s, %s)", step.value, state.value, who)


async def is_closed(tx: Transaction, role: str) -> bool:
    """Whether a role has put the wizard away."""
    return await tx.value("SELECT 1 FROM ms.wizard_closed WHERE role = %s", role) is not None


async def close(tx: Transaction, role: str, who: str) -> None:
    """Put the wizard away for a role."""
    await tx.run("INSERT INTO ms.wizard_closed (role, who) VALUES (%s, %s) ON CONFLICT DO NOTHING", role, who)


async def reopen(tx: Transaction, role: str) -> None:
    """Bring it back."""
    await tx.run("DELETE FROM ms.wizard_closed WHERE role = %s", role)
