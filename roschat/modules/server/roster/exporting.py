"""The directory as a table: any selection, chosen columns, batch by batch."""

from collections.abc import AsyncIterator, Sequence

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid
from roschat.kernel.formats import refuse
from roschat.modules.server.contacts.api import ContactIds
from roschat.modules.server.directory.api import CARD_FIELDS
from roschat.modules.server.roster.api import ExportOrder
from roschat.modules.server.roster.people import SEVERAL, Person
from roschat.modules.server.roster.plans import contact_filter
from roschat.modules.server.roster.staff import store as staff
from roschat.modules.server.roster.tables import TYPES, Batches, as_csv, as_xlsx
from roschat.modules.server.roster.templates import CUSTOM
from roschat.types import ContactId
from roschat.wire.message import Caller

BATCH = 500
ASKING = 120.0
COLUMNS = (*CARD_FIELDS, *SEVERAL, "login", "services", "active", "cid")
HEADINGS = {
    "surname": ("Фамилия", "Surname"),
    "name": ("Имя", "Name"),
    "patronymic": ("Отчество", "Patronymic"),
    "birthday": ("День рождения", "Birthday"),
    "organisation": ("Организация", "Organisation"),
    "department": ("Подразделение", "Department"),
    "position": ("Должность", "Position"),
    "room": ("Кабинет", "Room"),
    "workdayStart": ("Начало рабочего дня", "Workday start"),
    "workdayEnd": ("Конец рабочего дня", "Workday end"),
    "manager": ("Руководитель", "Manager"),
    "assistant": ("Помощник", "Assistant"),
    "number": ("Номер", "Number"),
    "email": ("Электронная почта", "E-mail"),
    "login": ("Логин", "Login"),
    "password": ("Пароль", "Password"),
    "services": ("Сервисы", "Services"),
    "active": ("Активен", "Active"),
    "cid": ("CID", "CID"),
}


class Exporting:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus

    async def table(self, order: ExportOrder, caller: Caller) -> tuple[str, AsyncIterator[bytes]]:
        """The content type and the table. Raises Invalid."""
        columns = order.columns or list(COLUMNS)
        unknown = [one for one in columns if one not in COLUMNS and not one.startswith(CUSTOM)]
        refuse(
            {
                "columns": "unknown" if unknown else "too-large" if len(columns) > 200 else "",
                "format": "" if order.format in TYPES else "bad-value",
                "delimiter": "" if order.delimiter in (";", ",", "\t") else "bad-value",
                "encoding": "" if order.encoding in ("utf-8", "windows-1251") else "bad-value",
                "language": "" if order.language in ("ru", "en") else "bad-value",
            }
        )
        cids: list[ContactId] = await self._bus.call(ContactIds(contact_filter(order.selection)), timeout=ASKING)
        async with self._db.transaction() as tx:
            await audit.record(tx, caller, "export-contacts", f"{len(cids)} contacts, {order.format}", None, order)
        headings = [_heading(column, order.language) for column in columns]
        return table(order.format, headings, self._rows(cids, columns, order.language), order.delimiter, order.encoding)

    async def _rows(self, cids: Sequence[ContactId], columns: Sequence[str], language: str) -> Batches:
        for start in range(0, len(cids), BATCH):
            async with self._db.reading() as tx:
                people = await staff.page(tx, cids[start : start + BATCH])
            yield [[_cell(person, column, language) for column in columns] for person in people]


def table(
    kind: str, headings: Sequence[str], batches: Batches, delimiter: str = ";", encoding: str = "utf-8"
) -> tuple[str, AsyncIterator[bytes]]:
    """Content type and bytes of a table. Raises Invalid for an unknown format."""
    if kind == "csv":
        return TYPES["csv"].format(encoding), as_csv(headings, batches, delimiter, encoding)
    if kind == "xlsx":
        return TYPES["xlsx"], as_xlsx(headings, batches)
    raise Invalid(f"There is no format {kind[:20]!r}; there are csv and xlsx.", fields={"format": "bad-value"})


def heading(column: str, language: str) -> str:
    """The heading of a column, which the import recognises again."""
    return HEADINGS[column][language == "en"]


def _heading(column: str, language: str) -> str:
    return heading(column, language) if column in HEADINGS else column.removeprefix(CUSTOM)


def _cell(person: Person, column: str, language: str) -> str:
    match column:
        case "cid":
            return str(person.cid)
        case "login":
            return person.login
        case "active":
            return {"ru": ("нет", "да"), "en": ("no", "yes")}[language][person.active]
        case "services":
            return ", ".join(sorted(person.services))
        case "number" | "email":
            return ", ".join(person.values(column))
    if column.startswith(CUSTOM):
        return person.row(0).value("custom", column.removeprefix(CUSTOM))
    return person.first(column)
