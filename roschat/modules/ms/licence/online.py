"""The licence server as its customer sees it: one HTTPS request, login and password in, a licence file out."""

import msgspec
from msgspec import Struct

from roschat.kernel.errors import RoschatError
from roschat.kernel.http_client import HttpClient, PeerFailed
from roschat.modules.ms.licence.settings import Settings

PATH = "/licence"
TIMEOUT = 8.0
"""Seconds: somebody may be waiting at the console."""
LIMIT = 131_072


class LicenceServerFailed(RoschatError):
    """The licence server is away, slow, or answers what no licence server answers."""

    code = "licence-server"


class Sent(Struct, frozen=True):
    """What we send."""

    login: str
    password: str
    installation: str
    program: str
    people: int
    """That use it now."""


class Got(Struct, frozen=True):
    """What a licence server answers: the licence, or an error with its sentence."""

    licence: str = ""
    error: str = ""
    text: str = ""


async def fetch(client: HttpClient, settings: Settings, installation: str, program: str, people: int) -> str:
    """The text of the licence. Raises LicenceServerFailed, `bad-login-psw`, `not-configured`."""
    if not settings.online:
        raise RoschatError(
            "No licence server is set up: fill in its address, port, login and password first.", "not-configured"
        )
    where = f"{settings.address}:{settings.port}"
    body = msgspec.json.encode(Sent(settings.login, settings.password, installation, program, people))
    try:
        answer = await client.request(
            "POST",
            f"https://{where}{PATH}",
            headers={"content-type": "application/json", "accept": "application/json"},
            body=body,
            timeout=TIMEOUT,
            limit=LIMIT,
            trust=settings.certificate.encode(),
        )
    except PeerFailed as error:
        raise LicenceServerFailed(f"The licence server {where} cannot be asked: {error.text}") from None
    try:
        got = msgspec.json.decode(answer.body, type=Got)
    except msgspec.MsgspecError:
        got = Got()
    if answer.status == 200 and got.licence:
        return got.licence
    if answer.status == 401:
        raise RoschatError(f"The licence server {where} does not know this login and password.", "bad-login-psw")
    if got.text and answer.status in (403, 404, 429):
        raise LicenceServerFailed(f"The licence server {where} says: {got.text[:300]}")
    raise LicenceServerFailed(
        f"{where} does not answer like a licence server (HTTP {answer.status}); look at the address and the port."
    )
