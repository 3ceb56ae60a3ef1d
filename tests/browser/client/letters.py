"""What the administrator sets for these tests, and the codes in the letters of a real mail server."""

import re
from typing import Any

from tests.harness.mail import PostOffice
from tests.harness.server import Server


async def configure(server: Server, section: str, values: dict[str, Any]) -> None:
    """Change settings as the administrator does; `on` last, when everything else is there."""
    for key, value in sorted(values.items(), key=lambda pair: pair[0] == "on"):
        await server.ask("settings-set", {"section": section, "key": key, "value": value, "who": "test"})


async def code_of(office: PostOffice, to: str) -> str:
    """The code in the next letter to somebody."""
    found = re.search(r"\b\d{6}\b", (await office.letter(to))["Subject"])
    assert found, "there is no code in the subject"
    return found[0]


def another(code: str) -> str:
    """A code that is wrong for sure."""
    return f"{(int(code) + 1) % 1_000_000:06}"
