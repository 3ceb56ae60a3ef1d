"""A contact as mass changes know it, and how two states of it differ.

Pure: what is taken elsewhere and who exists, the planner asks the database.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from roschat.modules.server.directory.api import CARD_FIELDS, CardField
from roschat.modules.server.roster.api import MassDifference
from roschat.modules.server.roster.names import full_name
from roschat.modules.server.roster.templates import Row
from roschat.types import ContactId, Revision

SINGLE = frozenset(CARD_FIELDS)
SEVERAL = ("number", "email")


class Person(Struct, frozen=True):
    """What a mass change may touch of a contact. `rev` 0: it does not exist yet."""

    cid: ContactId
    rev: Revision = Revision(0)
    fields: tuple[CardField, ...] = ()
    login: str = ""
    active: bool = True
    services: Mapping[str, Mapping[str, str]] = {}
    kind: str = "person"
    removed: bool = False
    """As undoing leaves a contact that was added: out of the directory, its number and login free for others."""

    def row(self, place: int) -> Row:
        """The person as templates see it."""
        return Row(place, self.cid, self.fields, self.login)

    def first(self, kind: str) -> str:
        """The first value of a field, or an empty text."""
        return next((field.value for field in self.fields if field.type == kind), "")

    def values(self, kind: str) -> list[str]:
        """All values of a field."""
        return [field.value for field in self.fields if field.type == kind]

    @property
    def shown(self) -> str:
        """What the person is called in lists."""
        return full_name(self.first("surname"), self.first("name"), self.first("patronymic"))

    def same(self, other: "Person") -> bool:
        """Whether nothing that a mass change touches differs, whatever the revisions are."""
        return replace(self, rev=other.rev) == other

    def released(self) -> "Person":
        """Out of the directory: the name stays for what refers to it."""
        kept = tuple(field for field in self.fields if field.type in ("surname", "name", "patronymic"))
        return replace(self, fields=kept, login="", active=False, services={}, removed=True)


def differences(before: Person, after: Person) -> Iterator[MassDifference]:
    """What differs, in the order of a card."""
    for kind, name in _kinds(before, after):
        old, new = _text(before, kind, name), _text(after, kind, name)
        if old != new:
            yield MassDifference(kind, old, new, name)
    if before.login != after.login:
        yield MassDifference("login", before.login, after.login)
    if before.active != after.active:
        yield MassDifference("active", _yes(before.active), _yes(after.active))
    for service in sorted({*before.services, *after.services}):
        was, will = before.services.get(service), after.services.get(service)
        if was != will:
            yield MassDifference("service", _granted(was), _granted(will), service)


def _kinds(before: Person, after: Person) -> list[tuple[str, str]]:
    customs = {
        field.name.casefold(): field.name
        for person in (before, after)
        for field in person.fields
        if field.type == "custom"
    }
    return [(kind, "") for kind in (*CARD_FIELDS, *SEVERAL)] + [("custom", name) for name in customs.values()]


def _text(person: Person, kind: str, name: str) -> str:
    folded = name.casefold()
    return ", ".join(
        field.value
        for field in person.fields
        if field.type == kind and (kind != "custom" or field.name.casefold() == folded)
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _granted(params: Mapping[str, str] | None) -> str:
    """A granted service: its parameters, or a plus sign when it has none."""
    if params is None:
        return ""
    return ", ".join(value for value in params.values() if value) or "+"
