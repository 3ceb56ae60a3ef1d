"""The vendor's side of licences: keys, issuing, looking into one, and a licence server for online licences.

Nothing here touches an installation. Whoever runs a licence authority of his own keeps the private key away from every
server and gives the public one to them (ms.toml, `[licence] trusted_keys`).
"""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from roschat.commands.common import table
from roschat.commands.licence_server import Licences, serve
from roschat.kernel.clock import Clock
from roschat.kernel.errors import Invalid
from roschat.proto import licence as files
from roschat.proto.licence import Activation, Licence, LicenceRefused

UNBOUND = (
    "Say whom it is for: --activation with the activation key of the installation, or --login of a licence server."
)


@click.group()
def licence() -> None:
    """Licences, for those who issue them."""


@licence.command()
@click.argument("file", type=click.Path(path_type=Path))
def keygen(file: Path) -> None:
    """Make a pair of keys: the private one in FILE (mode 0600), the public one is printed."""
    private = files.new_key()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Invalid(f"{file} cannot be made: {error.strerror}.") from None
    with os.fdopen(handle, "w") as kept:
        kept.write(private + "\n")
    click.echo(files.public_key(private))


@licence.command()
@click.option("--key", type=click.Path(path_type=Path), required=True, help="File with the private key.")
@click.option("--number", required=True)
@click.option("--customer", required=True)
@click.option("--activation", help="Activation key of the installation: a file, or its number XXXXX-XXXXX-XXXXX-XXXXX.")
@click.option("--login", default="", help="Login of the licence server, for an online licence.")
@click.option("--issued", default="", metavar="DATE", help="Default: today.")
@click.option("--until", default="", metavar="DATE", help="The last day; without it there is no end.")
@click.option("--people", type=int, required=True, help="People with an account.")
@click.option("--computers", type=int, default=None, help="Computer clients; default: as many as people.")
@click.option("--sip-phones", type=int, default=0)
@click.option("--e1-board", "e1_boards", multiple=True, metavar="SERIAL", help="May be given several times.")
@click.option("--sip-lines", type=int, default=0)
@click.option("--sip-conversations", type=int, default=0)
@click.option("--dispatchers", type=int, default=0)
@click.option("--option", "options", multiple=True, type=click.Choice(files.FLAGS), help="May be given several times.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write; default: standard output.")
def issue(key: Path, activation: str | None, computers: int | None, out: Path | None, **fields: Any) -> None:
    """Sign a licence."""
    options = fields.pop("options")
    asking = _activation(activation) if activation else Activation("", "", "")
    if not asking.installation and not fields["login"]:
        raise Invalid(UNBOUND)
    values: dict[str, Any] = {
        **fields,
        **dict.fromkeys(options, True),
        "e1_boards": list(fields["e1_boards"]),
        "issued": fields["issued"] or _today(),
        "installation": asking.installation,
        "computers": fields["people"] if computers is None else computers,
    }
    made = Licence(**values)
    try:
        text = files.sign(made, _text(key).strip())
    except LicenceRefused as error:
        raise Invalid(str(error)) from None
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text)
        click.echo(f"{out}: licence {made.number} for {made.customer}")


@licence.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key", "keys", multiple=True, help="Public key to check the signature with; may be given several times."
)
def inspect(file: Path, keys: tuple[str, ...]) -> None:
    """Show what a licence file or an activation key says."""
    text = _text(file)
    try:
        if "ACTIVATION KEY" in text:
            _show(files.read_activation(text))
            return
        found, signer = files.inspect(text)
        _show(found)
        if keys:
            files.read(text, keys)
            click.echo(f"The signature of the key {signer} is good.")
        else:
            click.echo(f"Signed with the key {signer}; not checked, give the public key with --key.")
    except LicenceRefused as error:
        raise Invalid(str(error)) from None


@licence.command("login")
@click.argument("name")
@click.option("--licences", "folder", type=click.Path(path_type=Path), required=True, help="Folder of the server.")
@click.option("--password", help="One is made and printed when it is absent.")
@click.pass_context
def add_login(context: click.Context, name: str, folder: Path, password: str | None) -> None:
    """Let a customer ask the licence server as NAME; the licence is the file NAME.licence in the folder."""
    secret = password or secrets.token_urlsafe(12)
    context.obj(Licences(folder).add(name, secret))
    click.echo(f"Login {name}" + ("" if password else f", password {secret}"))


@licence.command("serve")
@click.option("--licences", "folder", type=click.Path(path_type=Path), required=True, help="Folder of the licences.")
@click.option("--port", type=int, default=8088, show_default=True)
@click.option("--bind", default="0.0.0.0", show_default=True)
@click.option("--name", "names", multiple=True, help="Host name for the self-made certificate.")
@click.option("--certificate", type=click.Path(path_type=Path), help="PEM file; default: self-made in the folder.")
@click.option("--key", type=click.Path(path_type=Path), help="PEM file with the private key of the certificate.")
@click.pass_context
def serve_licences(
    context: click.Context,
    folder: Path,
    port: int,
    bind: str,
    names: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Answer the licence servers' question of installations («Обновить лицензию») over HTTPS."""
    if (certificate is None) is not (key is None):
        raise Invalid("--certificate and --key belong together: give both, or none.")
    pair = (certificate, key) if certificate is not None and key is not None else None
    context.obj(serve(folder, bind, port, list(names), pair))


def _activation(given: str) -> Activation:
    path = Path(given)
    text = given if len(given) < 30 and not path.exists() else _text(path)
    try:
        return files.read_activation(text)
    except LicenceRefused as error:
        raise Invalid(str(error)) from None


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}.") from None


def _today() -> str:
    return f"{datetime.fromtimestamp(Clock().now(), UTC):%Y-%m-%d}"


def _show(value: msgspec.Struct) -> None:
    plain = msgspec.to_builtins(value)
    click.echo(
        table([[name, ", ".join(kept) if isinstance(kept, list) else str(kept)] for name, kept in plain.items()])
    )


COMMANDS = (licence,)
