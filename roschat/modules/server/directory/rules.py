"""What may stand on a card. Pure functions: who exists and which numbers are taken, the service knows."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from roschat.kernel.errors import Invalid
from roschat.kernel.formats import is_email
from roschat.modules.server.directory.api import CARD_FIELDS, CardField, ContactView
from roschat.types import ContactId

ORDER = {kind: place for place, kind in enumerate((*CARD_FIELDS, "number", "email", "custom"))}
FIELDS = 100
VALUE_LENGTH = 1000
TEXT_LENGTH = 2000
COMMANDS = 100
NAMES = ("surname", "name", "patronymic")
WORKDAY = {"workdayStart": "09:00", "workdayEnd": "18:00"}
"""R-DIR-003."""
EARLIEST_BIRTHDAY = date(1900, 1, 1)

# Reasons of a check that does not know which field it checks.
BAD_EMAIL = {"": "bad-email"}
BAD_TIME = {"": "bad-time"}
TOO_LONG = {"": "too-long"}

_time = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_number = re.compile(r"\+?[0-9]{1,20}|[*#0-9]{1,20}", re.ASCII)
_number_filling = re.compile(r"[ ()\-.\u00a0]")
_latin_name = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", re.ASCII)
_command = re.compile(r"/\w{1,64}( - \S.*)?")


@dataclass(frozen=True)
class Card:
    """A checked card, ready to be stored."""

    fields: tuple[CardField, ...]
    title: str = ""
    description: str = ""
    commands: tuple[str, ...] = ()
    avatar: str = ""

    def first(self, kind: str) -> str:
        """The first value of a field, or an empty text."""
        return next((field.value for field in self.fields if field.type == kind), "")

    @property
    def numbers(self) -> list[str]:
        """The numbers, the main one first."""
        return [field.value for field in self.fields if field.type == "number"]

    @property
    def people(self) -> dict[ContactId, str]:
        """The contacts that the card names, with the field that does."""
        return {ContactId(int(f.value)): f.type for f in self.fields if f.type in ("manager", "assistant")}


def checked_person(fields: Iterable[CardField], description: str, avatar: str) -> Card:
    """The card of a person, its fields in their order, with the default working hours.

    Raises Invalid with all bad fields by their `places`.
    """
    good, bad = _checked_fields(fields)
    if not any(field.type == "surname" for field in good) and "surname" not in bad:
        bad["surname"] = Invalid("A person needs a surname; add the field 'surname'.", fields={"": "empty"})
    _refuse(bad)
    present = {field.type for field in good}
    good += [CardField(kind, value) for kind, value in WORKDAY.items() if kind not in present]
    hours = {field.type: field.value for field in good if field.type in WORKDAY}
    if hours["workdayStart"] == hours["workdayEnd"]:
        text = f"The working day begins and ends at {hours['workdayStart']}; its hours must differ."
        raise Invalid(text, fields={"workdayEnd": "bad-value"})
    return Card(_ordered(good), description=_text("description", description, TEXT_LENGTH), avatar=avatar)


def checked_bot(fields: Iterable[CardField], title: str, description: str, commands: list[str], avatar: str) -> Card:
    """The card of a bot: a title to show and a Latin name to sign in with. Raises Invalid."""
    good, bad = _checked_fields(fields)
    _refuse(bad)
    title = _text("title", title, VALUE_LENGTH)
    if not title:
        raise Invalid("A bot needs a title, which people see.")
    name = next((field.value for field in good if field.type == "name"), "")
    if not _latin_name.fullmatch(name):
        raise Invalid(
            f"The bot's name {name!r} must begin with a Latin letter and hold Latin letters, digits, _ . - only."
        )
    if len(commands) > COMMANDS:
        raise Invalid(f"A bot may have {COMMANDS} commands, these are {len(commands)}.")
    lines = tuple(_text("command", line, VALUE_LENGTH) for line in commands if line.strip())
    for line in lines:
        if not _command.fullmatch(line):
            raise Invalid(f"The command {line!r} must look like '/start - what it does'.")
    return Card(_ordered(good), title, _text("description", description, TEXT_LENGTH), lines, avatar)


def checked_number(value: str) -> str:
    """A number as it is dialled: spaces, hyphens, dots and brackets are for the eye only. Raises Invalid."""
    number = _number_filling.sub("", value)
    if not _number.fullmatch(number):
        raise Invalid(f"The number {value!r} must have 1 to 20 digits, with + before or with * and # among them.")
    return number


def checked_email(value: str) -> str:
    """An e-mail address. Raises Invalid."""
    if not is_email(value):
        raise Invalid(
            f"The e-mail address {value!r} must look like name@example.ru, in Latin letters.", fields=BAD_EMAIL
        )
    return value


def checked_birthday(value: str) -> str:
    """An ISO date. Raises Invalid."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day < EARLIEST_BIRTHDAY or value != day.isoformat():
        raise Invalid(f"The birthday {value!r} must be a date such as 1984-05-17, not before {EARLIEST_BIRTHDAY}.")
    return value


def checked_time(value: str) -> str:
    """A time of day as HH:MM; 9:00 becomes 09:00. Raises Invalid."""
    found = _time.fullmatch(value)
    if found is None:
        raise Invalid(f"The time {value!r} must be between 00:00 and 23:59.", fields=BAD_TIME)
    return f"{int(found[1]):02}:{found[2]}"


def checked_cid(value: str) -> str:
    """The number of a contact, as text. Raises Invalid."""
    if not (value.isascii() and value.isdigit() and int(value[:19]) > 0 and len(value) < 19):
        raise Invalid(f"{value!r} must be the number (cid) of a contact.")
    return str(int(value))


_CHECKS = {
    "birthday": checked_birthday,
    "workdayStart": checked_time,
    "workdayEnd": checked_time,
    "manager": checked_cid,
    "assistant": checked_cid,
    "number": checked_number,
    "email": checked_email,
}


def flat(view: ContactView | None) -> dict[str, object]:
    """A card as names and values, for the journal of changes."""
    if view is None:
        return {}
    values: dict[str, object] = {}
    for place, field in zip(places(view.fields), view.fields, strict=True):
        values[field.name if field.type == "custom" else place] = field.value
    more = {"title": view.title, "description": view.description, "commands": view.commands, "avatar": view.avatar}
    return values | {key: value for key, value in more.items() if value} | {"active": view.active}


def shown_name(view: ContactView) -> str:
    """The name under which a contact is shown."""
    values = {field.type: field.value for field in reversed(view.fields)}
    return view.title or " ".join(values[kind] for kind in NAMES if kind in values)


def places(fields: Iterable[CardField]) -> list[str]:
    """What each field is called in a refusal: its type, the second one of a type `number.1`, and so on."""
    met: Counter[str] = Counter()
    names = []
    for field in fields:
        names.append(f"{field.type}.{met[field.type]}" if met[field.type] else field.type)
        met[field.type] += 1
    return names


def _refuse(bad: dict[str, Invalid]) -> None:
    """Raise the first error, with the reasons of all."""
    if bad:
        fields = {place: error.fields.get("", "bad-value") for place, error in bad.items()}
        raise Invalid(next(iter(bad.values())).text, fields=fields)


def _checked_fields(fields: Iterable[CardField]) -> tuple[list[CardField], dict[str, Invalid]]:
    """The good fields that have a value, and by place what is wrong with the others."""
    given = list(fields)
    good: list[CardField] = []
    bad: dict[str, Invalid] = {}
    known: set[tuple[str, ...]] = set()
    for place, one in zip(places(given), given, strict=True):
        try:
            field = _checked_field(one)
        except Invalid as error:
            bad[place] = error
            continue
        if not field.value:
            continue
        if _identity(field) in known:
            bad[place] = Invalid(
                f"The field {_identity(field)[-1]!r} is on the card more than once; leave one.", fields={"": "taken"}
            )
        known.add(_identity(field))
        good.append(field)
    if len(good) > FIELDS:
        raise Invalid(f"A card may have {FIELDS} fields, this one has {len(good)}.")
    return good, bad


def _checked_field(field: CardField) -> CardField:
    if field.type not in ORDER:
        raise Invalid(f"There is no card field {field.type!r}; a field of your own is 'custom' with a name.")
    value = _text(field.type, field.value, VALUE_LENGTH)
    name = _text("name of the field", field.name, 100)
    if field.type == "custom" and value and not name:
        raise Invalid(f"The custom field with the value {value!r} needs a name.", fields={"": "empty"})
    check = _CHECKS.get(field.type)
    return CardField(field.type, check(value) if check and value else value, name)


def _identity(field: CardField) -> tuple[str, ...]:
    """What may be on a card once."""
    if field.type == "custom":
        return field.type, field.name.casefold()
    if field.type in ("number", "email"):
        return field.type, field.value.casefold()
    return (field.type,)


def _text(what: str, value: str, length: int) -> str:
    value = unicodedata.normalize("NFC", value.strip())
    if len(value) > length:
        raise Invalid(f"The {what} has {len(value)} characters, {length} are allowed.", fields=TOO_LONG)
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in value):
        raise Invalid(f"The {what} {value!r} has characters that cannot be shown; remove them.")
    return value


def _ordered(fields: list[CardField]) -> tuple[CardField, ...]:
    return tuple(sorted(fields, key=lambda field: ORDER[field.type]))
