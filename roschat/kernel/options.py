"""What can be set: options declared once as fields of a msgspec Struct, read here for everything that shows them.

    class Settings(Struct, frozen=True):
        max_size: Annotated[int, option("Largest file, bytes", "Наибольший файл, байт", ge=1)] = 52_428_800
        api_key: Annotated[str, option("Key of the service", "Ключ сервиса", secret=True)] = ""

`option(...)` is a `msgspec.Meta`; a plain Meta works as well, and a docstring under a field is its description when the
Meta has none. A field that is a Struct itself holds options with dotted keys (`files.max_size`).
"""

import ast
import difflib
import inspect
import re
import textwrap
import types
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct, structs

from roschat.kernel import formats
from roschat.kernel.errors import Invalid
from roschat.kernel.formats import FORMATS
from roschat.types import Role

S = TypeVar("S", bound=Struct)

BOUNDS = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern")


class Option(Struct, frozen=True, omit_defaults=True):
    """One thing that can be set, as docs and console show it.

    `type` is text, integer, number, yes-no, list, table, path or choice (then `choices` holds the values). `bounds` are
    those of msgspec.Meta by their names. `default` is in plain JSON types; a required option has none.
    """

    key: str
    type: str
    title: str = ""
    title_ru: str = ""
    description: str = ""
    description_ru: str = ""
    default: Any = None
    required: bool = False
    optional: bool = False
    """None is allowed too."""
    secret: bool = False
    format: str = ""
    """host, ip, port, email, url, network (see kernel/formats.py), or lines for a text of many lines."""
    restarts: str = ""
    """The part of the program that must be started anew before the value counts; empty: it counts at once."""
    needed: bool = False
    """An empty value is refused when it is saved in a form, though the default may be empty."""
    bounds: dict[str, Any] = {}
    choices: list[Any] = []


def option(
    title: str,
    ru: str,
    *,
    description: str = "",
    description_ru: str = "",
    secret: bool = False,
    format: str = "",  # noqa: A002 - the word of JSON Schema
    restarts: str = "",
    needed: bool = False,
    **bounds: Any,
) -> Meta:
    """The Meta of an option: English and Russian title, bounds by the names of msgspec.Meta; the rest as in Option."""
    extra = {
        "ru": ru,
        "description_ru": description_ru,
        "secret": secret,
        "format": format,
        "restarts": restarts,
        "needed": needed,
    }
    return Meta(title=title, description=description or None, extra=extra, **bounds)


@cache
def options(kind: type[Struct]) -> tuple[Option, ...]:
    """All options of a section, nested ones with dotted keys, in the order of their declaration."""
    return tuple(_options(kind, ""))


def keys(kind: type[Struct]) -> list[str]:
    """The keys of all options of a section."""
    return [found.key for found in options(kind)]


def find(kind: type[Struct], section: str, key: str) -> Option:
    """The option of a key. Raises Invalid with the nearest key there is."""
    for found in options(kind):
        if found.key == key:
            return found
    raise Invalid(f"Section {section!r} has no setting {key!r}{did_you_mean(key, keys(kind))}")


def titles(kind: type[Struct], name: str) -> tuple[str, str]:
    """The title of a section in English and Russian: its `__title__`, else its name."""
    english, russian = getattr(kind, "__title__", (name, name))
    return english, russian


def owner(kind: type[Struct]) -> Role:
    """Who edits a section in the console: its `__owner__`, else the administrator."""
    edits: Role = getattr(kind, "__owner__", Role.ADMIN)
    return edits


def refusal(chosen: Option, value: Any) -> str:
    """Why a value typed into a form cannot be taken, as a key of `formats.REASONS`; empty when its own rules hold.

    Rules between fields are those of the whole section (`build`).
    """
    if value is None:
        return "" if chosen.optional or not (chosen.needed or chosen.required) else "empty"
    text = value.strip() if isinstance(value, str) else value
    if text == "" or text == []:
        shortest = int(chosen.bounds.get("min_length", 0))
        textual = chosen.type in ("text", "list", "path", "table")
        filled = chosen.default not in ("", [], None) and (chosen.format or chosen.type == "path")
        return "empty" if chosen.needed or chosen.required or shortest > 0 or not textual or filled else ""
    if chosen.format in FORMATS and (bad := formats.reason(chosen.format, value)):
        return bad
    if chosen.choices and value not in chosen.choices:
        return "bad-value"
    match chosen.type:
        case "integer" | "number":
            return _number_refusal(chosen, value)
        case "yes-no":
            return "" if isinstance(value, bool) or str(value).lower() in ("true", "false", "1", "0") else "bad-value"
        case "text":
            return _length_refusal(chosen, value) if isinstance(value, str) else "bad-value"
        case "list":
            return _length_refusal(chosen, value) if isinstance(value, list) else "bad-value"
        case "table":
            return "" if isinstance(value, dict) else "bad-value"
    return ""


def _number_refusal(chosen: Option, value: Any) -> str:
    try:
        number = int(str(value)) if chosen.type == "integer" else float(value)
    except (ValueError, TypeError):
        return "bad-value"
    bounds = chosen.bounds
    if number < bounds.get("ge", number) or ("gt" in bounds and number <= bounds["gt"]):
        return "too-small"
    if number > bounds.get("le", number) or ("lt" in bounds and number >= bounds["lt"]):
        return "too-large"
    return ""


def _length_refusal(chosen: Option, value: str | list[Any]) -> str:
    bounds = chosen.bounds
    if len(value) < bounds.get("min_length", 0):
        return "too-short"
    if len(value) > bounds.get("max_length", len(value)):
        return "too-long"
    if isinstance(value, str) and "pattern" in bounds and not re.search(bounds["pattern"], value):
        return "bad-value"
    return ""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: `; did you mean …?` or the list of all."""
    names = list(known)
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; there is {', '.join(names)}." if names else "; there is none."


def decode_local(kind: type[S], values: Mapping[str, Any], where: str) -> S:
    """A `Local` section of a configuration file, `where` names file and section for the reader of an error.

    Raises Invalid for an unknown key, with the nearest one, and for a value that breaks a rule.
    """
    _check_keys(kind, values, where)
    try:
        return msgspec.convert(values, kind, dec_hook=_from_text)
    except msgspec.ValidationError as error:
        raise Invalid(f"{where}: {error}; correct the file.") from None


def build(kind: type[S], values: Mapping[str, Any]) -> S:
    """A section from values by dotted keys. Raises msgspec.ValidationError."""
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *parents, last = key.split(".")
        place = tree
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return msgspec.convert(tree, kind, strict=False, dec_hook=_from_text)


def plain(section: Struct, key: str) -> Any:
    """The value of a dotted key in plain JSON types."""
    value: Any = section
    for part in key.split("."):
        value = getattr(value, part)
    return _plain(value)


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, enc_hook=str)


def _options(kind: type[Struct], prefix: str) -> Iterable[Option]:
    hints = get_type_hints(kind, include_extras=True)
    notes = _field_notes(kind)
    for field in structs.fields(kind):
        bare, metas = _unwrapped(hints[field.name])
        if isinstance(bare, type) and issubclass(bare, Struct):
            yield from _options(bare, f"{prefix}{field.name}.")
            continue
        name, choices, optional = _type_name(bare)
        extra: dict[str, Any] = {}
        for meta in metas:
            extra.update(meta.extra or {})
        yield Option(
            key=prefix + field.name,
            type=name,
            title=_first(metas, "title"),
            title_ru=extra.get("ru", ""),
            description=_first(metas, "description") or notes.get(field.name, ""),
            description_ru=extra.get("description_ru", ""),
            default=_default(field),
            required=field.required,
            optional=optional,
            secret=bool(extra.get("secret")),
            format=extra.get("format", ""),
            restarts=extra.get("restarts", ""),
            needed=bool(extra.get("needed")),
            bounds={b: value for meta in metas for b in BOUNDS if (value := getattr(meta, b)) is not None},
            choices=choices,
        )


def _unwrapped(hint: Any) -> tuple[Any, list[Meta]]:
    if get_origin(hint) is not Annotated:
        return hint, []
    inner, *notes = get_args(hint)
    bare, metas = _unwrapped(inner)
    return bare, metas + [note for note in notes if isinstance(note, Meta)]


def _type_name(bare: Any) -> tuple[str, list[Any], bool]:
    """The name for readers, the choices, whether None is allowed."""
    origin, args = get_origin(bare), get_args(bare)
    if origin in (Union, types.UnionType):
        inner = [arg for arg in args if arg is not types.NoneType]
        name, choices, _ = _type_name(_unwrapped(inner[0])[0]) if len(inner) == 1 else ("text", [], False)
        return name, choices, types.NoneType in args
    if origin is Literal:
        return "choice", list(args), False
    kind = origin or bare
    if isinstance(kind, type):
        if issubclass(kind, Enum):
            return "choice", [member.value for member in kind], False
        for base, name in _NAMES:
            if issubclass(kind, base):
                return name, [], False
    return "text", [], False


_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "yes-no"),
    (int, "integer"),
    (float, "number"),
    (Path, "path"),
    (Mapping, "table"),
    (list, "list"),
    (tuple, "list"),
    (set, "list"),
    (frozenset, "list"),
)


def _first(metas: Iterable[Meta], what: str) -> str:
    return next((text for meta in metas if (text := getattr(meta, what))), "")


def _default(field: structs.FieldInfo) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return _plain(field.default)
    if field.default_factory is not msgspec.NODEFAULT:
        return _plain(field.default_factory())
    return None


def _field_notes(kind: type[Struct]) -> dict[str, str]:
    """Docstrings under fields; Python does not keep them, the source does."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except (OSError, TypeError):
        return {}
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    notes = {}
    for field, note in pairwise(body):
        match field, note:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                notes[name] = inspect.cleandoc(text)
    return notes


def _check_keys(kind: type[Struct], values: Mapping[str, Any], where: str) -> None:
    hints = get_type_hints(kind, include_extras=True)
    for key, value in values.items():
        if key not in hints:
            raise Invalid(f"{where}: unknown key {key!r}{did_you_mean(key, hints)}")
        bare, _ = _unwrapped(hints[key])
        if isinstance(bare, type) and issubclass(bare, Struct) and isinstance(value, Mapping):
            _check_keys(bare, value, f"{where} {key}")


def _from_text(kind: type, value: Any) -> Any:
    if issubclass(kind, Path) and isinstance(value, str):
        return kind(value)
    raise NotImplementedError(kind)
