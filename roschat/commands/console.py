"""Users of the console, for the administrator who locked himself out of it."""

from typing import Any

import click

from roschat.commands.common import Installation, installation, table
from roschat.demo import password

ROLES = ("security", "admin", "operator")


@click.group("console-user")
def console_user() -> None:
    """People who sign in to the console."""


@console_user.command("add")
@click.option("--login", required=True, help="Latin letters, digits and . _ - @.")
@click.option("--role", type=click.Choice(ROLES), default="admin", show_default=True)
@click.option("--surname", required=True)
@click.option("--name", default="")
@click.option("--patronymic", default="")
@click.option("--email", default="")
@click.option("--password", "given", help="One is made and printed when it is absent.")
@installation
async def add(here: Installation, given: str | None, **fields: str) -> None:
    """Add a user; a password that was made must be changed at the first sign-in."""
    secret = given or password()
    payload = {**fields, "password": secret, "mustChangePassword": given is None}
    async with here.server("add-console-user") as ask:
        added: dict[str, Any] = await ask("add-console-user", payload)
    _tell(here, {**added, "login": fields["login"]}, f"Console user {fields['login']} was added.", given, secret)


@console_user.command("list")
@installation
async def listed(here: Installation) -> None:
    """List all users with their roles and open sessions."""
    async with here.server("list-console-users") as ask:
        users: list[dict[str, Any]] = await ask("list-console-users", {})
    here.show(users, lambda: table([["login", "role", "name", "factor", "sessions", ""], *map(_row, users)]))


@console_user.command("reset-password")
@click.argument("login")
@click.option("--password", "given", help="One is made and printed when it is absent.")
@installation
async def reset_password(here: Installation, login: str, given: str | None) -> None:
    """Let a user in: another password, no second factor, active; open sessions end."""
    secret = given or password()
    payload = {"login": login, "password": secret, "mustChangePassword": given is None}
    async with here.server("reset-console-password") as ask:
        await ask("reset-console-password", payload)
    _tell(here, {"login": login}, f"The password of {login} was set.", given, secret)


def _row(user: dict[str, Any]) -> list[str]:
    name = " ".join(user[part] for part in ("surname", "name", "patronymic") if user[part])
    state = "" if user["active"] else "deactivated"
    return [user["login"], user["role"], name, user["factor"], str(user["sessions"]), state]


def _tell(here: Installation, result: dict[str, Any], text: str, given: str | None, secret: str) -> None:
    if given is None:
        result["password"] = secret
        text += f" Password {secret}"
    here.show(result, text)


COMMANDS = (console_user,)
