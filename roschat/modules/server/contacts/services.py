"""The services of people: granting, changing and taking away, with what follows at once."""

from collections.abc import Callable, Sequence

import msgspec
import psycopg

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Invalid, NotFound, RoschatError, Unavailable
from roschat.modules.server.accounts.api import ClientKind, EndDevices, SignInRulesChanged
from roschat.modules.server.contacts import store
from roschat.modules.server.contacts.api import (
    ContactService,
    ContactServicesChanged,
    MayGrantService,
    ServiceOffer,
    ServiceServer,
    ServiceType,
    TetraServers,
    VideomostServers,
)
from roschat.modules.server.contacts.catalogue import KINDS, Checked, checked
from roschat.types import ContactId, Role
from roschat.wire.message import Caller

APPLICATIONS = {
    ServiceType.COMPUTER: (ClientKind.COMPUTER, ClientKind.WEB),
    ServiceType.MOBILE: (ClientKind.MOBILE,),
}
"""The services without which an application may not be used."""

_encode = msgspec.json.Encoder().encode

Change = Callable[[dict[ServiceType, Checked]], dict[ServiceType, Checked]]


class Services:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus

    async def offers(self) -> list[ServiceOffer]:
        """Every service, with the servers that can be chosen now."""
        servers = {ServiceType.TETRA: await self._tetra(), ServiceType.VIDEOMOST: await self._videomost()}
        offers = []
        for kind, known in KINDS.items():
            there = servers.get(kind)
            params = [
                msgspec.structs.replace(one, choices=there or []) if one.kind == "server" else one
                for one in known.params
            ]
            offers.append(ServiceOffer(kind, known.group, params, available=there is None or bool(there)))
        return offers

    async def of(self, cid: ContactId) -> list[ContactService]:
        """The services of a person, in the order of the console. Raises NotFound."""
        async with self._db.reading() as tx:
            if not await store.is_person(tx, cid):
                raise _unknown(cid)
            granted = await store.granted(tx, cid)
        return [ContactService(ServiceType(one.type), one.params) for one in _ordered(granted)]

    async def replace(self, cid: ContactId, services: Sequence[ContactService], caller: Caller) -> None:
        """See set-contact-services."""
        wanted: dict[ServiceType, Checked] = {}
        for one in services:
            if one.type in wanted:
                raise Invalid(
                    f"The service {one.type} is given twice; a contact has it once.", fields={"type": "taken"}
                )
            wanted[one.type] = await self._checked(one.type, one.params)
        await self._change(cid, lambda _: wanted, caller, "set-contact-services")

    async def add(self, cid: ContactId, service: ContactService, caller: Caller) -> None:
        """See add-contact-service."""
        good = await self._checked(service.type, service.params)

        def change(there: dict[ServiceType, Checked]) -> dict[ServiceType, Checked]:
            if service.type in there:
                text = f"Contact {cid} has the service {service.type} already; change that one."
                raise RoschatError(text, "already-exists", fields={"type": "taken"})
            return there | {service.type: good}

        await self._change(cid, change, caller, "add-contact-service")

    async def change(self, cid: ContactId, service: ContactService, caller: Caller) -> None:
        """See change-contact-service."""
        good = await self._checked(service.type, service.params)

        def change(there: dict[ServiceType, Checked]) -> dict[ServiceType, Checked]:
            if service.type not in there:
                raise _not_granted(cid, service.type)
            return there | {service.type: good}

        await self._change(cid, change, caller, "change-contact-service")

    async def remove(self, cid: ContactId, kind: ServiceType, caller: Caller) -> None:
        """See remove-contact-service."""

        def change(there: dict[ServiceType, Checked]) -> dict[ServiceType, Checked]:
            if kind not in there:
                raise _not_granted(cid, kind)
            return {one: service for one, service in there.items() if one is not kind}

        await self._change(cid, change, caller, "remove-contact-service")

    async def counts(self) -> dict[str, int]:
        """See service-counts."""
        async with self._db.reading() as tx:
            return await store.counts(tx)

    async def _change(self, cid: ContactId, change: Change, caller: Caller, action: str) -> None:
        try:
            async with self._db.transaction() as tx:
                if not await store.lock_person(tx, cid):
                    raise _unknown(cid)
                there = {ServiceType(one.type): _kept(one) for one in await store.granted(tx, cid)}
                wanted = change(there)
                if wanted == there:
                    return
                await self._grant(tx, cid, there, wanted)
                if caller.role is not Role.SYSTEM:
                    await audit.record(tx, caller, action, str(cid), _told(there, wanted), _told(wanted, there))
                tx.emit(ContactServicesChanged(cid, tuple(sorted(wanted))))
        except psycopg.errors.UniqueViolation:
            text = "One of the numbers was given to somebody else at this moment; choose another one."
            raise RoschatError(text, "number-taken", fields={"number": "taken"}) from None
        await self._end_applications(cid, there, wanted)

    async def _grant(
        self, tx: Transaction, cid: ContactId, there: dict[ServiceType, Checked], wanted: dict[ServiceType, Checked]
    ) -> None:
        if self._bus.asked(MayGrantService):
            for kind in wanted:
                if kind not in there:
                    await self._bus.ask(MayGrantService(cid, kind))
        await self._check_numbers(tx, cid, wanted)
        # What goes makes its number free for what stays.
        await store.remove_services(tx, cid, [kind for kind in there if wanted.get(kind) != there[kind]])
        for kind, one in wanted.items():
            if there.get(kind) != one:
                granted = store.Granted(kind, one.params, one.plan, one.number)
                await store.put_service(tx, cid, granted, _encode(one.params).decode())

    async def _check_numbers(self, tx: Transaction, cid: ContactId, wanted: dict[ServiceType, Checked]) -> None:
        own: dict[tuple[str, str], ServiceType] = {}
        for kind, one in wanted.items():
            if not one.number:
                continue
            place = one.plan, one.number
            if place in own:
                text = f"The number {one.number} stands at {own[place]} and at {kind}; a number belongs to one of them."
                raise RoschatError(text, "number-taken", fields={one.parameter: "taken"})
            own[place] = kind
            owner = await store.number_owner(tx, one.plan, one.number, cid)
            if owner is not None:
                text = f"The number {one.number} of the service {kind} belongs to contact {owner}; choose another one."
                raise RoschatError(text, "number-taken", fields={one.parameter: "taken"})

    async def _end_applications(
        self, cid: ContactId, there: dict[ServiceType, Checked], wanted: dict[ServiceType, Checked]
    ) -> None:
        lost = [kind for service in there if service not in wanted for kind in APPLICATIONS.get(service, ())]
        if lost:
            await self._bus.call(EndDevices(cid, kinds=lost, reason="the service was taken away"))
            # A socket that came in between the two is asked again whether it may.
            self._bus.publish(SignInRulesChanged([cid]))

    async def _checked(self, kind: ServiceType, params: dict[str, str]) -> Checked:
        good = checked(kind, params)
        if kind is ServiceType.TETRA and good.params["server"] not in {one.id for one in await self._tetra()}:
            text = f"There is no TETRA server {good.params['server'][:50]!r}; connect it under Settings, Integration."
            raise Invalid(text, fields={"server": "unknown"})
        if kind is ServiceType.VIDEOMOST and not await self._videomost():
            text = "No Videomost is connected, so the service cannot be granted; connect it first."
            raise Invalid(text, fields={"type": "unknown"})
        return good

    async def _tetra(self) -> list[ServiceServer]:
        try:
            return await self._bus.call(TetraServers())
        except Unavailable:
            return []

    async def _videomost(self) -> list[ServiceServer]:
        try:
            return await self._bus.call(VideomostServers())
        except Unavailable:
            return []


def _kept(one: store.Granted) -> Checked:
    parameter = "ssi" if one.type == ServiceType.TETRA else "number" if one.number else ""
    return Checked(ServiceType(one.type), one.params, one.plan, one.number, parameter)


def _ordered(granted: Sequence[store.Granted]) -> list[store.Granted]:
    order = {kind.value: place for place, kind in enumerate(KINDS)}
    return sorted(granted, key=lambda one: order[one.type])


def _told(some: dict[ServiceType, Checked], others: dict[ServiceType, Checked]) -> dict[str, object] | None:
    """Those that the others do not have, for the journal of changes."""
    return {kind.value: dict(one.params) for kind, one in some.items() if others.get(kind) != one} or None


def _unknown(cid: ContactId) -> NotFound:
    return NotFound(f"There is no person {cid} in the directory.")


def _not_granted(cid: ContactId, kind: ServiceType) -> NotFound:
    return NotFound(f"Contact {cid} does not have the service {kind}.")
