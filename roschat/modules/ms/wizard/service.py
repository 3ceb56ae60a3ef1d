"""The wizard of a role: facts first, then what was decided."""

from roschat.kernel import audit
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied
from roschat.modules.ms.wizard import store
from roschat.modules.ms.wizard.api import Step, StepState, Wizard, WizardStep
from roschat.modules.ms.wizard.facts import Facts
from roschat.types import Role
from roschat.wire.message import Caller

STEPS = {
    Role.SECURITY: (Step.PASSWORD, Step.ADMINISTRATOR),
    Role.ADMIN: (Step.ADDRESS, Step.CERTIFICATE, Step.MAIL, Step.PEOPLE, Step.TEST),
}
"""Who does what: an account may do the steps of its role alone."""


class FirstRun:
    """See the module docstring."""

    def __init__(self, db: Database, facts: Facts) -> None:
        self._db = db
        self._facts = facts

    async def view(self, caller: Caller) -> Wizard:
        """The steps of the caller's role."""
        async with self._db.reading() as tx:
            decided = await store.decided(tx)
            closed = await store.is_closed(tx, caller.role.value)
        steps = [WizardStep(step, await self._state(step, decided)) for step in steps_of(caller.role)]
        waiting = any(step.state is StepState.WAITING for step in steps)
        return Wizard(waiting and not closed, steps)

    async def decide(self, step: Step, state: StepState, caller: Caller) -> Wizard:
        """Keep a decision. Raises Denied for a step of another role."""
        if step not in steps_of(caller.role):
            raise Denied(f"The step {step.value} of the wizard is not one of the role {caller.role.value}.")
        async with self._db.transaction() as tx:
            before = (await store.decided(tx)).get(step, StepState.WAITING)
            await store.decide(tx, step, state, caller.name)
            await audit.record(tx, caller, "put-wizard-step", step.value, before.value, state.value)
        return await self.view(caller)

    async def show(self, caller: Caller, *, wanted: bool) -> None:
        """Put the wizard away for the caller's role, or bring it back."""
        role = caller.role.value
        async with self._db.transaction() as tx:
            if wanted:
                await store.reopen(tx, role)
            else:
                await store.close(tx, role, caller.name)
            await audit.record(tx, caller, "put-wizard", role, None, {"open": wanted})

    async def _state(self, step: Step, decided: dict[str, StepState]) -> StepState:
        if await self._facts.done(step):
            return StepState.DONE
        return decided.get(step.value, StepState.WAITING)


def steps_of(role: Role) -> tuple[Step, ...]:
    """The steps of a role; the command line sees all."""
    if role is Role.SYSTEM:
        return tuple(Step)
    return STEPS.get(role, ())
