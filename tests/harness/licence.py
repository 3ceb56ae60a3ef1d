"""A licence authority for tests: its key lives as long as the run, so what it signs is worth nothing elsewhere.

program = Program(config, sections=TRUSTING)
await licensed(Server(program), people=60_000)
"""

from typing import Any

from roschat.proto import licence as files
from roschat.proto.licence import Licence
from tests.harness.server import Server

PRIVATE = files.new_key()
TRUSTING: dict[str, dict[str, Any]] = {"ms": {"licence": {"trusted_keys": [files.public_key(PRIVATE)]}}}
"""The local sections of a server that believes these licences."""


def issued(**fields: Any) -> str:
    """The text of a licence with every option but SORM."""
    values: dict[str, Any] = {
        "number": "1", "customer": "ООО «Ромашка»", "issued": "2026-09-01", "people": 10, "computers": 10,
        "alert": True, "voice_menu": True, "fax": True, "push": True, "geolocation": True,
    }  # fmt: skip
    return files.sign(Licence(**{**values, **fields}), PRIVATE)


async def licensed(server: Server, people: int) -> None:
    """Let a server have so many people, with a computer and a SIP telephone each."""
    installation = (await server.ask("get-licence"))["installation"]
    text = issued(people=people, computers=people, sip_phones=people, installation=installation)
    await server.ask("load-licence", {"text": text})
