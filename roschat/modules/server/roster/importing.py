"""Rows of an uploaded table as drafts of a plan: which contact each row means, and what its cells say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Invalid
from roschat.kernel.formats import refuse
from roschat.modules.server.accounts.rules import login_key
from roschat.modules.server.contacts.api import ServiceType
from roschat.modules.server.directory.api import CARD_FIELDS, CardField
from roschat.modules.server.directory.rules import checked_number
from roschat.modules.server.roster.api import ImportFile, ImportRules, MassFault, MassStarted, PreviewImport
from roschat.modules.server.roster.columns import FULL_NAME, TYPES
from roschat.modules.server.roster.names import full_name
from roschat.modules.server.roster.people import SEVERAL, Person
from roschat.modules.server.roster.planning import Draft, Drafts
from roschat.modules.server.roster.plans import Plans
from roschat.modules.server.roster.recipe import prepared
from roschat.modules.server.roster.services import parameter_of
from roschat.modules.server.roster.staff import store as staff
from roschat.modules.server.roster.uploads import Uploads
from roschat.types import ContactId
from roschat.wire.message import Caller

BATCH = 500
MATCHES = ("number", "email", "login", "name", "cid")
YES = frozenset({"yes", "y", "true", "1", "+", "да", "д", "on", "x", "х", "v", "есть", "активен", "active"})
NO = frozenset({"no", "n", "false", "0", "-", "нет", "н", "off", "неактивен", "inactive"})
_date = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_apart = re.compile(r"[;,\n]")


@dataclass
class Cells:
    """What a row says, by what its columns mean."""

    single: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)

    def key(self, match: str) -> list[str]:
        """The values by which a row is looked for, in the form in which they are compared."""
        match match:
            case "number":
                return [number for value in self.several.get("number", []) if (number := _number(value))]
            case "email":
                return [value.lower() for value in self.several.get("email", [])]
            case "login":
                return [login_key(value)] if (value := self.single.get("login", "")) else []
            case "cid":
                value = self.single.get("cid", "")
                return [value] if value.isascii() and value.isdigit() and len(value) < 19 else []
        names = [self.single.get(part, "") for part in ("surname", "name", "patronymic")]
        return [name] if (name := full_name(names[0], names[1], names[2])) else []


class Importing:
    """See the module docstring."""

    def __init__(self, db: Database, uploads: Uploads, plans: Plans) -> None:
        self._db = db
        self._uploads = uploads
        self._plans = plans

    async def file(self, number: str) -> ImportFile:
        """Serve get-import-file."""
        return self._uploads.known(number)

    async def preview(self, command: PreviewImport, caller: Caller) -> MassStarted:
        """Serve preview-import."""
        file = self._uploads.known(command.file)
        check(command.rules, file)
        recipe = prepared(command.change)
        drafts = self._drafts(file, command.rules)
        return await self._plans.begin("import", file.name, command.change, recipe, caller, drafts, file.rows)

    async def _drafts(self, file: ImportFile, rules: ImportRules) -> Drafts:
        position = 0
        met: dict[ContactId, int] = {}
        async for rows in self._uploads.rows(file.id, BATCH):
            numbered = list(enumerate(rows, position + 1))
            position += len(rows)
            if rules.header and numbered[0][0] == 1:
                numbered = numbered[1:]
            if numbered:
                yield await self._batch(numbered, rules, met)

    async def _batch(
        self, rows: Sequence[tuple[int, list[str]]], rules: ImportRules, met: dict[ContactId, int]
    ) -> list[Draft]:
        cells = [read_cells(row, rules) for _, row in rows]
        async with self._db.reading() as tx:
            found = await matched(tx, cells, rules.match)
            known = await staff.people(tx, [cid for cids in found for cid in cids])
            fresh = iter(await staff.reserve(tx, sum(not cids for cids in found)))
        drafts = []
        for (position, _), one, cids in zip(rows, cells, found, strict=True):
            place = position - 1 - rules.header
            if len(cids) > 1:
                told = ", ".join(str(cid) for cid in sorted(cids)[:10])
                fault = MassFault("row", "found-twice", told, f"Several contacts fit: {told}.")
                drafts.append(Draft(position, place, Person(ContactId(0)), faults=[fault]))
            elif not cids:
                drafts.append(_unknown(Draft(position, place, Person(next(fresh))), one, rules))
            else:
                (cid,) = cids
                draft = Draft(position, place, known[cid].person, known[cid].person)
                if (earlier := met.setdefault(cid, position)) != position:
                    draft.faults.append(
                        MassFault("row", "row-twice", str(earlier), f"Row {earlier} means the same contact {cid}.")
                    )
                drafts.append(_known(draft, one, rules))
        return drafts


def check(rules: ImportRules, file: ImportFile) -> None:
    """Raises Invalid for rules that do not fit the table."""
    wrong: dict[str, str] = {}
    met: set[tuple[str, str]] = set()
    for place, column in enumerate(rules.columns):
        at = f"rules.columns.{place}"
        key = (column.type, column.name.casefold())
        if column.type not in TYPES:
            wrong[at] = "unknown"
        elif not 0 <= column.column < len(file.columns):
            wrong[at] = "bad-value"
        elif column.type == "custom" and not column.name.strip():
            wrong[at] = "empty"
        elif column.type == "service" and column.name not in set(ServiceType):
            wrong[at] = "unknown"
        elif key in met and column.type not in SEVERAL:
            wrong[at] = "taken"
        met.add(key)
    wrong["rules.columns"] = "" if rules.columns else "empty"
    wrong["rules.match"] = "" if set(rules.match) <= set(MATCHES) else "unknown"
    wrong["rules.unknown"] = "" if rules.unknown in ("add", "skip", "error") else "bad-value"
    wrong["rules.known"] = "" if rules.known in ("change", "skip") else "bad-value"
    wrong["rules.empty"] = "" if rules.empty in ("keep", "clear") else "bad-value"
    refuse(wrong)


def read_cells(row: Sequence[str], rules: ImportRules) -> Cells:
    """What a row says. An empty cell is in it only when empty cells clear."""
    cells = Cells()
    for column in rules.columns:
        value = row[column.column].strip() if column.column < len(row) else ""
        if not value and (rules.empty == "keep" or column.type in ("login", "password", "cid", "active", FULL_NAME)):
            continue
        if column.type in SEVERAL:
            values = [part.strip() for part in _apart.split(value) if part.strip()]
            cells.several.setdefault(column.type, []).extend(values)
        elif column.type == "custom":
            cells.custom[column.name.strip()] = value
        elif column.type == "service":
            cells.services[column.name] = value
        elif column.type == FULL_NAME:
            parts = value.split(maxsplit=2)
            cells.single |= dict(zip(("surname", "name", "patronymic"), parts, strict=False))
        else:
            cells.single[column.type] = _iso(value) if column.type == "birthday" else value
    return cells


async def matched(tx: Transaction, rows: Sequence[Cells], matches: Sequence[str]) -> list[set[ContactId]]:
    """The contacts that each row means: the first way to look that finds somebody decides."""
    found: list[set[ContactId]] = [set() for _ in rows]
    for match in matches:
        wanted = {value for row, cids in zip(rows, found, strict=True) if not cids for value in row.key(match)}
        if not wanted:
            continue
        owners = await _owners(tx, match, sorted(wanted))
        for row, cids in zip(rows, found, strict=True):
            if not cids:
                cids.update(cid for value in row.key(match) for cid in owners.get(value, ()))
    return found


async def _owners(tx: Transaction, match: str, values: Sequence[str]) -> Mapping[str, set[ContactId]]:
    match match:
        case "number":
            pairs = list((await staff.number_owners(tx, values)).items())
        case "login":
            pairs = list((await staff.login_owners(tx, values)).items())
        case "email":
            pairs = await staff.by_email(tx, values)
        case "cid":
            people = await staff.people_among(tx, [ContactId(int(value)) for value in values])
            pairs = [(value, ContactId(int(value))) for value in values if int(value) in people]
        case _:
            pairs = await staff.by_name(tx, values)
    owners: dict[str, set[ContactId]] = {}
    for value, cid in pairs:
        owners.setdefault(value, set()).add(cid)
    return owners


def _unknown(draft: Draft, cells: Cells, rules: ImportRules) -> Draft:
    if rules.unknown == "skip":
        draft.left_out = "not-found"
    elif rules.unknown == "error":
        draft.faults.append(MassFault("row", "not-found", text="No contact fits this row."))
    return _filled(draft, cells)


def _known(draft: Draft, cells: Cells, rules: ImportRules) -> Draft:
    if draft.person.kind != "person":
        draft.faults.append(MassFault("row", "not-a-person", str(draft.person.cid), "Only people are changed here."))
    if rules.known == "skip":
        draft.left_out = "exists"
        return draft
    return _filled(draft, cells)


def _filled(draft: Draft, cells: Cells) -> Draft:
    """The draft with what the row says."""
    person = draft.person
    fields = [one for one in person.fields if not _replaced(one, cells)]
    fields += [CardField(kind, value) for kind, value in cells.single.items() if kind in CARD_FIELDS and value]
    fields += [CardField(kind, value) for kind, values in cells.several.items() for value in dict.fromkeys(values)]
    fields += [CardField("custom", value, name) for name, value in cells.custom.items() if value]
    services = dict(person.services)
    for kind, value in cells.services.items():
        if not value or value.casefold() in NO:
            services.pop(kind, None)
        else:
            name = parameter_of(kind)
            params = {name: value} if name and value.casefold() not in YES - {"1"} else {}
            services[kind] = {**services.get(kind, {}), **params}
    draft.person = replace(person, fields=_in_old_order(fields, person.fields), services=services)
    draft.login = cells.single.get("login", "")
    draft.password = cells.single.get("password", "")
    if active := cells.single.get("active", ""):
        if active.casefold() in YES | NO:
            draft.person = replace(draft.person, active=active.casefold() in YES)
        else:
            draft.faults.append(MassFault("active", "bad-value", active[:100], "Write yes or no."))
    return draft


def _replaced(one: CardField, cells: Cells) -> bool:
    if one.type == "custom":
        return one.name.casefold() in {name.casefold() for name in cells.custom}
    return one.type in cells.single or one.type in cells.several


def _in_old_order(fields: Sequence[CardField], old: Sequence[CardField]) -> tuple[CardField, ...]:
    """A card that says the same stays the same: its fields are compared in their order."""
    known = {(one.type, one.name.casefold(), one.value): place for place, one in enumerate(old)}
    if len(fields) == len(old) and all((one.type, one.name.casefold(), one.value) in known for one in fields):
        return tuple(old)
    return tuple(fields)


def _number(value: str) -> str:
    try:
        return checked_number(value)
    except Invalid:
        return ""


def _iso(value: str) -> str:
    """17.05.1984 as 1984-05-17; what is no such date stays, to be refused with its text."""
    if found := _date.fullmatch(value):
        day, month, year = (int(part) for part in found.groups())
        try:
            return datetime(year, month, day).date().isoformat()  # noqa: DTZ001
        except ValueError:
            return value
    return value.split(" ")[0] if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", value) else value
