"""The first-run wizard: each role its own steps, facts before decisions, put away for a role."""

import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied
from roschat.modules.ms.settings.api import GetSettings, SettingsSection
from roschat.modules.ms.users.api import ConsoleRole, ConsoleUser, ListConsoleUsers
from roschat.modules.ms.wizard.api import Step, StepState
from roschat.modules.ms.wizard.facts import Facts
from roschat.modules.ms.wizard.service import FirstRun
from roschat.types import Role
from roschat.wire.message import Caller

GUARD = Caller(role=Role.SECURITY, name="admin", request="1")
BOSS = Caller(role=Role.ADMIN, name="boss", request="2")


def user(login: str, role: ConsoleRole, *, must_change: bool = False) -> ConsoleUser:
    return ConsoleUser(1, login, "", "", "", "", role, True, must_change, "none", 0)  # type: ignore[arg-type]


class World:
    """What the wizard asks others."""

    def __init__(self) -> None:
        self.users = [user("admin", ConsoleRole.SECURITY, must_change=True)]
        self.values: dict[str, dict[str, object]] = {"connection": {"address": ""}, "mail": {"host": "", "on": False}}

    async def list_users(self, command: ListConsoleUsers, caller: Caller) -> list[ConsoleUser]:
        return self.users

    async def settings(self, command: GetSettings, caller: Caller) -> SettingsSection:
        return SettingsSection(command.section, "", "", [], dict(self.values[command.section]))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def wizard(db: Database, world: World) -> FirstRun:
    bus = LocalBus()
    bus.serve(ListConsoleUsers, world.list_users)
    bus.serve(GetSettings, world.settings)
    return FirstRun(db, Facts(bus))


async def test_each_role_has_its_steps(wizard: FirstRun) -> None:
    guard, boss = await wizard.view(GUARD), await wizard.view(BOSS)
    assert [step.name for step in guard.steps] == [Step.PASSWORD, Step.ADMINISTRATOR]
    assert [step.name for step in boss.steps] == [Step.ADDRESS, Step.CERTIFICATE, Step.MAIL, Step.PEOPLE, Step.TEST]
    assert guard.open
    assert boss.open
    with pytest.raises(Denied, match="mail"):
        await wizard.decide(Step.MAIL, StepState.DONE, GUARD)


async def test_facts_make_steps_done(wizard: FirstRun, world: World) -> None:
    world.users = [user("admin", ConsoleRole.SECURITY), user("boss", ConsoleRole.ADMIN)]
    guard = await wizard.view(GUARD)
    assert [step.state for step in guard.steps] == [StepState.DONE, StepState.DONE]
    assert not guard.open
    world.values |= {"connection": {"address": "chat.example.org"}, "mail": {"host": "mail.example.org", "on": True}}
    # Who cannot be asked (the certificate, people) counts as not done.
    states = {step.name: step.state for step in (await wizard.view(BOSS)).steps}
    assert states[Step.ADDRESS] == states[Step.MAIL] == StepState.DONE
    assert states[Step.CERTIFICATE] == states[Step.PEOPLE] == StepState.WAITING


async def test_steps_are_skipped_taken_up_again_and_kept(wizard: FirstRun) -> None:
    for step in (Step.ADDRESS, Step.CERTIFICATE, Step.MAIL, Step.PEOPLE):
        assert (await wizard.decide(step, StepState.SKIPPED, BOSS)).open
    assert not (await wizard.decide(Step.TEST, StepState.DONE, BOSS)).open
    again = await wizard.decide(Step.MAIL, StepState.WAITING, BOSS)
    assert again.open
    assert [step.state for step in again.steps if step.name is Step.MAIL] == [StepState.WAITING]


async def test_put_away_for_a_role(wizard: FirstRun) -> None:
    await wizard.show(BOSS, wanted=False)
    await wizard.show(BOSS, wanted=False)
    assert not (await wizard.view(BOSS)).open
    assert (await wizard.view(GUARD)).open
    await wizard.show(BOSS, wanted=True)
    assert (await wizard.view(BOSS)).open
