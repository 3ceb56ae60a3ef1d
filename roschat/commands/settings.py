"""Settings in the database: what there is, what it is now, changing it, and who changed it."""

import getpass
import json
from datetime import UTC, datetime
from typing import Any

import click

from roschat.commands.common import Installation, all_modules, installation, table
from roschat.kernel.errors import NotFound


@click.group()
def settings() -> None:
    """Settings of the modules, live on a running server."""


@settings.command("list")
@installation
async def settings_list(here: Installation) -> None:
    """All that can be set, with the declared defaults."""
    async with here.server(modules=all_modules()) as ask:
        sections = await ask("settings-list", {})
    rows = [
        [f"{section} {option['key']}", option["type"], _shown(option.get("default")), _meaning(option)]
        for section, options in sections.items()
        for option in options
    ]
    here.show(sections, lambda: table([["setting", "type", "default", "meaning"], *rows]))


@settings.command("get")
@click.argument("section")
@click.argument("key", required=False)
@installation
async def settings_get(here: Installation, section: str, key: str | None) -> None:
    """Values of a SECTION, or the one of KEY."""
    async with here.server(modules=all_modules()) as ask:
        values = await ask("settings-get", {"section": section})
    if key is None:
        here.show(values, lambda: table([[name, _shown(value)] for name, value in values.items()]))
    elif key in values:
        here.show(values[key], _shown(values[key]))
    else:
        raise NotFound(f"Section {section!r} has no setting {key!r}; there is {', '.join(values)}.")


@settings.command("set")
@click.argument("section")
@click.argument("key")
@click.argument("value", required=False)
@click.option("--default", is_flag=True, help="Go back to the declared value.")
@installation
async def settings_set(here: Installation, section: str, key: str, value: str | None, default: bool) -> None:
    """Change KEY of a SECTION to VALUE (JSON, or plain text)."""
    if default is (value is not None):
        raise click.UsageError("Give either a VALUE or --default.")
    payload: dict[str, Any] = {"section": section, "key": key, "who": f"command line: {getpass.getuser()}"}
    payload |= {"default": True} if value is None else {"value": _parsed(value)}
    async with here.server(modules=all_modules()) as ask:
        values = await ask("settings-set", payload)
    here.show({key: values.get(key)}, f"{section} {key} is {_shown(values.get(key))}")


@settings.command("history")
@click.argument("section")
@click.argument("key", required=False, default="")
@installation
async def settings_history(here: Installation, section: str, key: str) -> None:
    """Who changed what of a SECTION, the newest first."""
    async with here.server(modules=all_modules()) as ask:
        changes = await ask("settings-history", {"section": section, "key": key})
    rows = [
        [_time(change["time"]), change["who"], change["key"], _shown(change["before"]), _shown(change["after"])]
        for change in changes
    ]
    here.show(changes, lambda: table([["time", "who", "setting", "before", "after"], *rows]))


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _shown(value: Any) -> str:
    if value is None:
        return "(default)"
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _meaning(option: dict[str, Any]) -> str:
    text: str = option.get("title") or option.get("description", "")
    return text


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone():%Y-%m-%d %H:%M:%S}"


COMMANDS = (settings,)
