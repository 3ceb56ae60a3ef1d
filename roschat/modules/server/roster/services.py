"""Services of a contact as mass changes grant them, by the same rules as the contact's own page."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from roschat.kernel.errors import Invalid
from roschat.modules.server.contacts.api import ServiceOffer, ServiceType
from roschat.modules.server.contacts.catalogue import KINDS, Checked, checked
from roschat.modules.server.roster.api import MassFault
from roschat.modules.server.roster.people import Person
from roschat.modules.server.roster.staff.store import GrantedService


class ServiceRules:
    """What services ask, with the servers that are connected now."""

    def __init__(self, offers: Sequence[ServiceOffer]) -> None:
        self._offers = {str(offer.type): offer for offer in offers}

    def checked(self, person: Person, before: Person) -> tuple[Person, list[MassFault]]:
        """The person with the parameters as they are kept, and what is wrong with services that are not as before."""
        faults: list[MassFault] = []
        good: dict[str, Mapping[str, str]] = {}
        for kind, params in person.services.items():
            good[kind] = params
            if before.services.get(kind) == params:
                continue
            try:
                good[kind] = checked(ServiceType(kind), params).params
            except Invalid as error:
                faults.append(MassFault("service", "bad-value", ", ".join(params.values()), error.text, kind))
                continue
            if fault := self._missing(kind, good[kind]):
                faults.append(fault)
        person = replace(person, services=good)
        numbers = self.numbers(person) if not faults else []
        for plan, number in {key for key in numbers if numbers.count(key) > 1}:
            text = f"The number {number} stands at two services of one kind ({plan})."
            faults.append(MassFault("service", "number-twice", number, text))
        return person, faults

    def _missing(self, kind: str, params: Mapping[str, str]) -> MassFault | None:
        offer = self._offers.get(kind)
        if offer is None or not offer.available:
            text = f"The service {kind} cannot be granted: what it needs is not connected."
            return MassFault("service", "unavailable", kind, text, kind)
        for one in offer.params:
            server = params.get(one.name, "")
            if one.kind == "server" and server not in {choice.id for choice in one.choices}:
                return MassFault("service", "bad-value", server, f"There is no server {server[:50]!r}.", kind)
        return None

    @staticmethod
    def granted(person: Person) -> list[GrantedService]:
        """The services of a person as they are kept."""
        found = ((kind, _placed(kind, params)) for kind, params in person.services.items())
        return [GrantedService(person.cid, kind, one.params, one.plan, one.number) for kind, one in found]

    @staticmethod
    def numbers(person: Person) -> list[tuple[str, str]]:
        """Numbers of services that nobody else may have: plan and number. Those that break a rule are no numbers."""
        found = []
        for kind, params in person.services.items():
            try:
                one = _placed(kind, params)
            except Invalid:
                continue
            if one.number:
                found.append((one.plan, one.number))
        return found


def parameter_of(kind: str) -> str:
    """The parameter that a bare number in a table stands for; empty when the service has none."""
    params = KINDS[ServiceType(kind)].params
    return next((one.name for one in params if one.kind in ("number", "ssi")), "")


def _placed(kind: str, params: Mapping[str, str]) -> Checked:
    return checked(ServiceType(kind), params)
