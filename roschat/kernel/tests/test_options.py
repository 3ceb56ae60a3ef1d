"""Declarations as docs and console see them, and sections of the local file."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta, Struct

from roschat.kernel.errors import Invalid
from roschat.kernel.options import Option, build, decode_local, option, options, plain


class Level(StrEnum):
    LOW = "low"
    HIGH = "high"


Count = Annotated[int, Meta(ge=1)]


class Limits(Struct, frozen=True):
    size: Annotated[Count, Meta(le=100, description="Largest file")] = 50
    """Not this one."""
    ratio: float = 0.5
    """Part that is used."""


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    address: str
    folder: Path = Path("var")
    key: Annotated[str, option("Key", "Ключ", secret=True, min_length=2)] = "no"
    level: Level = Level.LOW
    engine: Literal["local", "nats"] = "local"
    nobody: int | None = None
    limits: Limits = Limits()
    names: list[str] = []
    on: bool = False


def test_declared_options() -> None:
    assert options(Section) == (
        Option("address", "text", required=True),
        Option("folder", "path", default="var"),
        Option("key", "text", "Key", "Ключ", default="no", secret=True, bounds={"min_length": 2}),
        Option("level", "choice", default="low", choices=["low", "high"]),
        Option("engine", "choice", default="local", choices=["local", "nats"]),
        Option("nobody", "integer", optional=True),
        Option("limits.size", "integer", description="Largest file", default=50, bounds={"ge": 1, "le": 100}),
        Option("limits.ratio", "number", description="Part that is used.", default=0.5),
        Option("names", "list", default=[]),
        Option("on", "yes-no", default=False),
    )


def test_options_can_be_sent() -> None:
    assert b'"title_ru":"' in msgspec.json.encode(options(Section))


def test_built_from_dotted_keys() -> None:
    built = build(Section, {"address": "a", "limits.size": "7", "folder": "/srv", "on": "true"})
    assert built == Section(address="a", limits=Limits(size=7), folder=Path("/srv"), on=True)
    assert plain(built, "limits.size") == 7
    assert plain(built, "folder") == "/srv"


def test_local_section() -> None:
    assert decode_local(Section, {"address": "a", "limits": {"size": 3}}, "x.toml").limits.size == 3


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"adress": "a"}, "server.toml: unknown key 'adress'; did you mean 'address'?"),
        ({"address": "a", "limits": {"sice": 1}}, "server.toml limits: unknown key 'sice'; did you mean 'size'?"),
        ({"address": "a", "limits": {"xyz": 1}}, "server.toml limits: unknown key 'xyz'; there is size, ratio."),
        ({"address": 1}, "server.toml: Expected `str`, got `int` - at `$.address`; correct the file."),
        ({"address": "a", "limits": {"size": 101}}, "Expected `int` <= 100 - at `$.limits.size`"),
        ({}, "missing required field `address`"),
    ],
)
def test_bad_local_section(values: dict[str, Any], text: str) -> None:
    with pytest.raises(Invalid) as caught:
        decode_local(Section, values, "server.toml")
    assert text in caught.value.text
