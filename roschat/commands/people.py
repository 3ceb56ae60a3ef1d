"""People, bots and the developers of bots."""

import json
from typing import Any

import click

from roschat.commands.common import Installation, installation, table
from roschat.demo import password
from roschat.kernel.errors import Invalid


@click.group()
def contact() -> None:
    """Cards of people in the directory."""


@contact.command("add")
@click.option("--surname", required=True)
@click.option("--name", default="")
@click.option("--patronymic", default="")
@click.option("--number", multiple=True, help="Telephone number; may be given several times.")
@click.option("--email", multiple=True)
@click.option(
    "--field", multiple=True, metavar="TYPE=VALUE", help="Any other field of the card, e.g. position=Engineer."
)
@click.option("--login", help="Lets the person sign in under this name.")
@click.option("--password", "given", help="Password of the login; one is made and printed when it is absent.")
@installation
async def contact_add(
    here: Installation,
    surname: str,
    name: str,
    patronymic: str,
    number: tuple[str, ...],
    email: tuple[str, ...],
    field: tuple[str, ...],
    login: str | None,
    given: str | None,
) -> None:
    """Add a person to the directory; prints the cid."""
    if given is not None and login is None:
        raise Invalid("--password needs --login: a password belongs to a login.")
    fields = [{"type": "surname", "value": surname}]
    fields += [{"type": kind, "value": value} for kind, value in (("name", name), ("patronymic", patronymic)) if value]
    fields += [{"type": "number", "value": value} for value in number]
    fields += [{"type": "email", "value": value} for value in email]
    for assignment in field:
        kind, sign, value = assignment.partition("=")
        if not sign:
            raise Invalid(f"--field {assignment!r} is not of the form TYPE=VALUE.")
        fields.append({"type": kind, "value": value})
    async with here.server("add-contact", "add-account") as ask:
        added: dict[str, Any] = await ask("add-contact", {"fields": fields})
        text = f"Contact {added['cid']} was added."
        if login is not None:
            secret = given or password()
            await ask("add-account", {"cid": added["cid"], "login": login, "password": secret})
            added["login"] = login
            if given is None:
                added["password"] = secret
                text += f" Login {login}, password {secret}"
    here.show(added, text)


@contact.command("list")
@click.option("--kind", default="", help="Only person, bot or system.")
@installation
async def contact_list(here: Installation, kind: str) -> None:
    """List all cards in the order of their cid."""
    contacts: list[dict[str, Any]] = []
    async with here.server("list-contacts") as ask:
        while page := await ask("list-contacts", {"after": contacts[-1]["cid"] if contacts else 0, "kind": kind}):
            contacts += page
    here.show(contacts, lambda: table([["cid", "kind", "name"], *map(_row, contacts)]))


def _row(card: dict[str, Any]) -> list[str]:
    by_type = {field["type"]: field["value"] for field in reversed(card["fields"])}
    shown = card.get("title") or " ".join(
        by_type[part] for part in ("surname", "name", "patronymic") if by_type.get(part)
    )
    return [str(card["cid"]), card.get("kind", "person"), shown + ("" if card.get("active", True) else " (inactive)")]


@click.group()
def bot() -> None:
    """Programs that take part in conversations."""


@bot.command("add")
@click.option("--name", required=True, help="Latin letters, digits and _; what the bot signs in with.")
@click.option("--title", required=True, help="What people see.")
@click.option("--description", default="")
@click.option("--greeting", default="", help="What it says when a person opens the conversation.")
@installation
async def bot_add(here: Installation, **payload: str) -> None:
    """Make a bot; prints its cid and its token."""
    async with here.server("add-bot") as ask:
        made = await ask("add-bot", payload)
    shown = {"cid": made["cid"], "token": made["token"]}
    # JSON with and without --json: the token is copied from here into a program's configuration.
    here.show(shown, json.dumps(shown))


@click.group()
def developer() -> None:
    """People who make bots in the developers' panel."""


@developer.command("add")
@click.option("--login", required=True)
@click.option("--password", "given", help="One is made and printed when it is absent.")
@click.option("--name", default="")
@installation
async def developer_add(here: Installation, login: str, given: str | None, name: str) -> None:
    """Make an account for the developers' panel, or replace its password."""
    secret = given or password()
    async with here.server("add-developer") as ask:
        added = await ask("add-developer", {"login": login, "password": secret, "name": name})
    text = f"Developer {login} may sign in at /developers."
    if given is None:
        added["password"] = secret
        text += f" Password {secret}"
    here.show({**added, "login": login}, text)


COMMANDS = (contact, bot, developer)
