"""Which applications people may use, in memory: every sign-in asks, and one by token touches no disk."""

from roschat.kernel.db import Database
from roschat.kernel.errors import Denied
from roschat.modules.server.accounts.api import ClientKind, MaySignIn
from roschat.modules.server.contacts import store
from roschat.modules.server.contacts.api import ContactServicesChanged, ServiceType
from roschat.types import ContactId

NEEDED = {
    ClientKind.COMPUTER: ServiceType.COMPUTER,
    ClientKind.WEB: ServiceType.COMPUTER,
    ClientKind.MOBILE: ServiceType.MOBILE,
}
TITLES = {ServiceType.COMPUTER: "desktop and web client", ServiceType.MOBILE: "mobile client"}


class Applications:
    """See the module docstring."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._users: dict[str, set[ContactId]] = {service.value: set() for service in TITLES}
        self._changes = 0

    async def load(self, event: object = None) -> None:
        """Read everything anew: at the start, and when changes of other processes may have been missed."""
        while True:
            before = self._changes
            async with self._db.reading() as tx:
                rows = await store.applications(tx)
            if before == self._changes:
                break
        for service, users in self._users.items():
            users.clear()
            users.update(cid for cid, services in rows if service in services)

    def changed(self, event: ContactServicesChanged) -> None:
        """Take in a change."""
        self._changes += 1
        for service, users in self._users.items():
            if service in event.services:
                users.add(event.cid)
            else:
                users.discard(event.cid)

    async def may_sign_in(self, hook: MaySignIn) -> None:
        """Raises Denied when the person does not have the service that the application needs."""
        service = NEEDED[hook.kind]
        if hook.cid not in self._users[service.value]:
            raise Denied(f"You may not use the {TITLES[service]}; ask the administrator for the service.")
