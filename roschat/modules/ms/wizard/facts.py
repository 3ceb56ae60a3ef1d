"""What of the wizard is done already, whoever did it and wherever: asked of those who know."""

import logging
from collections.abc import Awaitable, Callable

from roschat.kernel.bus import Bus
from roschat.kernel.errors import RoschatError
from roschat.modules.ms.settings.api import GetSettings
from roschat.modules.ms.users.api import ConsoleRole, ListConsoleUsers
from roschat.modules.ms.wizard.api import Step
from roschat.modules.server.contacts.api import FindContacts
from roschat.wire.process import GetListening

log = logging.getLogger(__name__)


class Facts:
    """Answers whether a step has nothing left to do; what cannot be asked now counts as not done."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._asked: dict[Step, Callable[[], Awaitable[bool]]] = {
            Step.PASSWORD: self._password,
            Step.ADMINISTRATOR: self._administrator,
            Step.ADDRESS: self._address,
            Step.CERTIFICATE: self._certificate,
            Step.MAIL: self._mail,
            Step.PEOPLE: self._people,
        }

    async def done(self, step: Step) -> bool:
        """Whether the facts say that a step is done."""
        if step not in self._asked:
            return False
        try:
            return await self._asked[step]()
        except RoschatError as error:
            log.info("the wizard cannot tell whether %s is done: %s", step.value, error)
            return False

    async def _password(self) -> bool:
        users = await self._bus.call(ListConsoleUsers())
        return not any(user.must_change_password for user in users if user.role is ConsoleRole.SECURITY)

    async def _administrator(self) -> bool:
        users = await self._bus.call(ListConsoleUsers())
        return any(user.active and user.role is ConsoleRole.ADMIN for user in users)

    async def _address(self) -> bool:
        section = await self._bus.call(GetSettings("connection"))
        return bool(section.values["address"])

    async def _certificate(self) -> bool:
        listening = await self._bus.call(GetListening())
        return not listening.self_made

    async def _mail(self) -> bool:
        section = await self._bus.call(GetSettings("mail"))
        return bool(section.values["host"]) and bool(section.values["on"])

    async def _people(self) -> bool:
        found = await self._bus.call(FindContacts(size=1))
        return found.total > 0
