"""Templates of mass changes: text with macros, each standing for something of the row.

    $INC(start,step)    a running number: start, start + step, … ; both are 1 when left out; 0005 keeps its width
    $CONTACT('field')   a field of the card: surname, number, email …, login, or custom:NAME
    $CID                the number of the contact
    $FIO_1 $FIO_2 $FIO_3    «Иванов Иван Иванович», «Иванов И.И.», ivanov.i.i
    $$                  the sign $ itself

A template is parsed once and filled in for every row. What cannot be parsed says which macro is wrong and where.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from roschat.kernel.errors import RoschatError
from roschat.modules.server.directory.api import CARD_FIELDS, CardField
from roschat.modules.server.roster.names import full_name, latin_name, short_name
from roschat.types import ContactId

MACROS = ("INC", "CONTACT", "CID", "FIO_1", "FIO_2", "FIO_3")
LONGEST = 1000
FIELDS = (*CARD_FIELDS, "number", "email", "login")
CUSTOM = "custom:"

_macro = re.compile(r"INC|CONTACT|CID|FIO_[123]")
_word = re.compile(r"[^\W\d]\w*")
_step = re.compile(r"\(\s*(?:(-?\d{1,15})\s*)?(?:,\s*(-?\d{1,15})?\s*)?\)", re.ASCII)
_field = re.compile(r"\(\s*(?:'([^'\n]*)'|\"([^\"\n]*)\"|«([^»\n]*)»|[‘’]([^‘’\n]*)[‘’])\s*\)")


class BadTemplate(RoschatError):
    """A template cannot be parsed. `position` counts characters from 1."""

    code = "bad-template"

    def __init__(self, text: str, macro: str, position: int) -> None:
        super().__init__(text)
        self.macro = macro
        self.position = position


@dataclass(frozen=True, slots=True)
class Row:
    """What a template may speak of: the row's place (from 0) and the contact as it is at this moment."""

    place: int
    cid: ContactId
    fields: Sequence[CardField] = ()
    login: str = ""

    def value(self, kind: str, name: str = "") -> str:
        """The first value of a field of the card, or the login; empty when there is none."""
        if kind == "login":
            return self.login
        folded = name.casefold()
        for field in self.fields:
            if field.type == kind and (kind != "custom" or field.name.casefold() == folded):
                return field.value
        return ""

    @property
    def names(self) -> tuple[str, str, str]:
        """Surname, name, patronymic."""
        return self.value("surname"), self.value("name"), self.value("patronymic")


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro of a template with its arguments."""

    name: str
    start: int = 1
    step: int = 1
    width: int = 0
    field: str = ""
    custom: str = ""

    def fill(self, row: Row) -> str:
        """What it stands for."""
        match self.name:
            case "INC":
                value = self.start + self.step * row.place
                return f"{value:0{self.width + (value < 0)}d}" if self.width else str(value)
            case "CONTACT":
                return row.value(self.field, self.custom)
            case "CID":
                return str(row.cid)
            case "FIO_1":
                return full_name(*row.names)
            case "FIO_2":
                return short_name(*row.names)
            case _:
                return latin_name(*row.names)


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template."""

    parts: tuple[str | Macro, ...]

    def fill(self, row: Row) -> str:
        """The text for a row."""
        return "".join(part if isinstance(part, str) else part.fill(row) for part in self.parts)

    @property
    def asks_the_card(self) -> bool:
        """Whether the result depends on the card of the row, so that other fields must be there before."""
        return any(isinstance(part, Macro) and part.name not in ("INC", "CID") for part in self.parts)

    @property
    def running(self) -> bool:
        """Whether the result differs from row to row by itself."""
        return any(isinstance(part, Macro) and part.name in ("INC", "CID") for part in self.parts)


def parse(text: str) -> Template:
    """The template in a text. Raises BadTemplate."""
    if len(text) > LONGEST:
        raise BadTemplate(f"The template has {len(text)} characters, {LONGEST} are allowed.", "", LONGEST + 1)
    parts: list[str | Macro] = []
    plain: list[str] = []
    place = 0
    while place < len(text):
        if text[place] != "$":
            plain.append(text[place])
            place += 1
        elif text.startswith("$$", place):
            plain.append("$")
            place += 2
        else:
            macro, end = _parse_macro(text, place)
            if plain:
                parts.append("".join(plain))
                plain.clear()
            parts.append(macro)
            place = end
    if plain:
        parts.append("".join(plain))
    return Template(tuple(parts))


def literal(text: str) -> str:
    """The template that stands for exactly this text."""
    return text.replace("$", "$$")


def _parse_macro(text: str, place: int) -> tuple[Macro, int]:
    found = _macro.match(text, place + 1)
    if found is None or text[found.end() : found.end() + 1].isalpha():
        word = _word.match(text, place + 1)
        if word is None:
            raise _bad(text, place, place + 1, "a sign $ that is no macro is written $$")
        known = ", ".join(f"${name}" for name in MACROS)
        raise _bad(text, place, word.end(), f"there is no such macro; the macros are {known}")
    name, end = found[0], found.end()
    if name == "INC" and text.startswith("(", end):
        return _parse_step(text, place, end)
    if name == "CONTACT":
        return _parse_field(text, place, end)
    return Macro(name), end


def _parse_step(text: str, place: int, end: int) -> tuple[Macro, int]:
    found = _step.match(text, end)
    if found is None:
        raise _bad(text, place, _closing(text, end), "it takes two whole numbers: $INC(start,step)")
    start, step = found[1] or "1", found[2] or "1"
    digits = start.removeprefix("-")
    width = len(digits) if digits.startswith("0") and len(digits) > 1 else 0
    return Macro("INC", int(start), int(step), width), found.end()


def _parse_field(text: str, place: int, end: int) -> tuple[Macro, int]:
    found = _field.match(text, end)
    if found is None:
        raise _bad(text, place, _closing(text, end), "it takes the name of a field in quotes: $CONTACT('surname')")
    field = next(group for group in found.groups() if group is not None).strip()
    if field.startswith(CUSTOM) and field.removeprefix(CUSTOM).strip():
        return Macro("CONTACT", field="custom", custom=field.removeprefix(CUSTOM).strip()), found.end()
    if field not in FIELDS:
        known = ", ".join(FIELDS)
        raise _bad(text, place, found.end(), f"a card has no field {field!r}; its fields are {known}, {CUSTOM}NAME")
    return Macro("CONTACT", field=field), found.end()


def _closing(text: str, start: int) -> int:
    """Where what looks like the arguments ends."""
    found = text.find(")", start) if text.startswith("(", start) else -1
    return found + 1 if found >= 0 else min(len(text), start + 20)


def _bad(text: str, place: int, end: int, why: str) -> BadTemplate:
    macro = text[place:end]
    return BadTemplate(f"{macro!r} at character {place + 1} of the template: {why}.", macro, place + 1)
