"""What a template gives, while it is being typed."""

from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.formats import refuse
from roschat.modules.server.contacts.api import FindContacts
from roschat.modules.server.directory.api import CardField
from roschat.modules.server.roster.api import TemplateSample, TryTemplate
from roschat.modules.server.roster.people import Person
from roschat.modules.server.roster.plans import contact_filter
from roschat.modules.server.roster.staff import store as staff
from roschat.modules.server.roster.templates import BadTemplate, parse
from roschat.types import ContactId

EXAMPLE = Person(
    ContactId(1001),
    fields=(
        CardField("surname", "Иванов"),
        CardField("name", "Иван"),
        CardField("patronymic", "Иванович"),
        CardField("number", "5000"),
        CardField("email", "ivanov@example.ru"),
    ),
    login="ivanov",
)


class Samples:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus

    async def of(self, command: TryTemplate) -> TemplateSample:
        """Serve try-template: a template that is none is an answer here, no error."""
        refuse({"count": "" if 1 <= command.count <= 20 else "bad-value"})
        try:
            template = parse(command.template)
        except BadTemplate as error:
            return TemplateSample(error=error.text, macro=error.macro, position=error.position)
        people = await self._people(command)
        return TemplateSample([template.fill(person.row(place)) for place, person in enumerate(people)])

    async def _people(self, command: TryTemplate) -> list[Person]:
        if command.selection is None:
            return [EXAMPLE] * command.count
        found = await self._bus.call(FindContacts(contact_filter(command.selection), size=command.count))
        async with self._db.reading() as tx:
            return await staff.page(tx, [row.cid for row in found.contacts])
