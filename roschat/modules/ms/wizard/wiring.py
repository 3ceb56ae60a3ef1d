"""Serves the first-run wizard."""

from roschat.kernel.service import Context, Health
from roschat.modules.ms.settings.wiring import SettingsFeature
from roschat.modules.ms.users.wiring import UsersFeature
from roschat.modules.ms.wizard.api import GetWizard, PutWizard, PutWizardStep, Wizard
from roschat.modules.ms.wizard.facts import Facts
from roschat.modules.ms.wizard.service import FirstRun
from roschat.wire.message import Caller, Empty


class WizardFeature:
    """The running feature: one method per command."""

    def __init__(self, wizard: FirstRun) -> None:
        self._wizard = wizard

    async def get(self, command: GetWizard, caller: Caller) -> Wizard:
        """Serve get-wizard."""
        return await self._wizard.view(caller)

    async def step(self, command: PutWizardStep, caller: Caller) -> Wizard:
        """Serve put-wizard-step."""
        return await self._wizard.decide(command.step, command.state, caller)

    async def put(self, command: PutWizard, caller: Caller) -> Empty:
        """Serve put-wizard."""
        await self._wizard.show(caller, wanted=command.open)
        return Empty()

    async def stop(self) -> None:
        """Nothing to let go of."""

    async def health(self) -> Health:
        """It has no state of its own."""
        return Health()


async def start(context: Context, users: UsersFeature, settings: SettingsFeature) -> WizardFeature:
    """Serve, after those who are asked."""
    feature = WizardFeature(FirstRun(context.db, Facts(context.bus)))
    context.bus.serve(GetWizard, feature.get)
    context.bus.serve(PutWizardStep, feature.step)
    context.bus.serve(PutWizard, feature.put)
    return feature
