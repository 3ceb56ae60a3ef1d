"""Finding contacts: checks what is asked, remembers how many match.

Counting is what costs: a page of 20 is read along an index, but all 50,000 lines are looked at to say how many there
are. So a total is kept until somebody changes a contact, and no longer than KEPT in case the change was made by a
process whose word is still on its way.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, Unavailable
from roschat.modules.server.contacts import store
from roschat.modules.server.contacts.api import (
    LARGEST_PAGE,
    SORTS,
    VALUE_TYPES,
    ContactFilter,
    ContactPage,
    ContactRow,
    FieldFilter,
    FindContacts,
    ListContactValues,
    RoleMembers,
    ValueCount,
)
from roschat.types import ContactId

KEPT = 15.0
"""Seconds."""
REMEMBERED = 500
TEXT = 200
WORDS = 12
FIELDS = 30
CIDS = 100_000
SMALL = 100
"""Rows of a page that is remembered too: what the first page shows is asked again and again."""
VALUE = 300
VALUES = 500
PAGES = 10_000_000
LOOKED_UP = 1000
"""Values that are looked up in an index; of more every line is compared."""

STATES = ("active", "inactive", "all")
ACCOUNTS = ("any", "with", "without", "blocked")
FILTERED = (
    "surname", "name", "patronymic", "birthday", "organisation", "department", "position", "room", "workdayStart",
    "workdayEnd", "manager", "assistant", "number", "email", "custom", "login",
)  # fmt: skip

T = TypeVar("T")

_key = msgspec.json.Encoder().encode


class Remembered:
    """Answers of the database that are good until something changes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changes = 0
        self._known: dict[bytes, tuple[float, object]] = {}

    def forget(self, event: object = None) -> None:
        """Something changed."""
        self._changes += 1
        self._known.clear()

    async def get(self, key: bytes, ask: Callable[[], Awaitable[T]]) -> T:
        """What is known under a key, or else the answer of `ask`."""
        now = self._clock.monotonic()
        known = self._known.get(key)
        if known is not None and now - known[0] < KEPT:
            return cast(T, known[1])
        before = self._changes
        answer = await ask()
        # A change that was committed while the database counted may not be in the answer.
        if before == self._changes:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = now, answer
        return answer


class Finder:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._remembered = Remembered(clock)

    def changed(self, event: object = None) -> None:
        """A card, an account or services changed."""
        self._remembered.forget()

    async def find(self, command: FindContacts) -> ContactPage:
        """See the command. Raises Invalid."""
        if command.sort not in SORTS:
            raise Invalid(f"Contacts cannot be sorted by {command.sort[:50]!r}; use {', '.join(SORTS)}.")
        size = command.size or LARGEST_PAGE
        if not 1 <= size <= LARGEST_PAGE or not 1 <= command.page <= PAGES:
            raise Invalid(
                f"Page {command.page} of {size} cannot be shown; pages count from 1 and hold 1 to {LARGEST_PAGE}."
            )
        wanted = await self._condition(command.filter)

        async def count() -> int:
            async with self._db.reading() as tx:
                return await store.total(tx, wanted)

        # Who has a role changes without a word to this feature.
        total = await (count() if command.filter.role else self._remembered.get(_key(command.filter), count))
        offset = (command.page - 1) * size
        if offset >= total:
            return ContactPage([], total)

        async def ask() -> list[ContactRow]:
            async with self._db.reading() as tx:
                return await store.page(tx, wanted, command.sort, command.descending, offset, size)

        rows = await (self._remembered.get(b"page" + _key(command), ask) if size <= SMALL else ask())
        return ContactPage(rows, total)

    async def ids(self, wanted: ContactFilter) -> list[ContactId]:
        """See contact-ids. Raises Invalid."""
        condition = await self._condition(wanted)
        async with self._db.reading() as tx:
            return await store.ids(tx, condition)

    async def values(self, command: ListContactValues) -> list[ValueCount]:
        """See the command. Raises Invalid."""
        if command.type not in VALUE_TYPES:
            raise Invalid(f"Values of {command.type[:50]!r} are not listed; use {', '.join(VALUE_TYPES)}.")
        if len(command.text) > TEXT or not 1 <= command.count <= VALUES:
            raise Invalid(f"Ask for 1 to {VALUES} values with a text of up to {TEXT} characters.")

        async def ask() -> list[ValueCount]:
            async with self._db.reading() as tx:
                return await store.values(tx, command.type, command.text, command.count)

        return await self._remembered.get(b"values" + _key(command), ask)

    async def _condition(self, wanted: ContactFilter) -> store.Condition:
        _check(wanted)
        role: list[ContactId] | None = None
        if wanted.role:
            try:
                role = await self._bus.call(RoleMembers(wanted.role))
            except Unavailable:
                raise Invalid("The role model does not run, so nobody can be found by a role.") from None
        known = {one: found for one in wanted.fields if (found := await self._known(one)) is not None}
        return store.condition(wanted, role, known)

    async def _known(self, one: FieldFilter) -> list[str] | None:
        """The values that a filter finds among those that there are; None when it has to be looked up line by line."""
        sought = " ".join(one.value.split()).lower().replace("ё", "е")
        if one.type not in store.INDEXED or one.exact or not sought:
            return None

        async def ask() -> list[str]:
            async with self._db.reading() as tx:
                return await store.keys(tx, one.type)

        found = [key for key in await self._remembered.get(f"keys {one.type}".encode(), ask) if sought in key]
        return found if len(found) <= LOOKED_UP else None


def _check(wanted: ContactFilter) -> None:
    if len(wanted.text) > TEXT or len(wanted.text.split()) > WORDS:
        raise Invalid(f"The text {wanted.text[:50]!r}… is too long; search for {WORDS} words, {TEXT} characters.")
    if wanted.state not in STATES:
        raise Invalid(f"There is no state {wanted.state[:50]!r}; use {', '.join(STATES)}.")
    if wanted.account not in ACCOUNTS:
        raise Invalid(f"An account cannot be {wanted.account[:50]!r}; use {', '.join(ACCOUNTS)}.")
    if len(wanted.fields) > FIELDS or len(wanted.cids) > CIDS:
        raise Invalid(f"A filter has up to {FIELDS} fields and {CIDS} contacts.")
    for one in wanted.fields:
        if one.type not in FILTERED:
            raise Invalid(f"There is no field {one.type[:50]!r} to filter by; use {', '.join(FILTERED)}.")
        if one.type == "custom" and not one.name.strip():
            raise Invalid("A filter by a custom field needs the name of the field.")
        if len(one.value) > VALUE or len(one.name) > VALUE:
            raise Invalid(f"The value {one.value[:50]!r}… is too long; {VALUE} characters are compared.")
    if any("\0" in text for text in (wanted.text, *(f.value + f.name for f in wanted.fields))):
        raise Invalid("A text to search for cannot hold the character NUL.")
