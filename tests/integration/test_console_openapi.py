"""schemathesis asks the running console everything that its OpenAPI document says can be asked, well and badly formed.

Nothing may answer 5xx, nothing may answer what the document does not tell, and an answer has the form that it tells.
What would end the server under test, or go out to other machines, is left out by name.
"""

import asyncio
import re
import ssl
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.harness.server import Server

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LEFT_OUT = re.compile(r"restart|stop|restore|shut|renew-certificate|update-licence|delete-api-key")
"""Operations that end the server under test, ask other machines, or end the key that asks."""
PASSWORD = "five green horses"
EXAMPLES = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


async def test_everything_that_the_document_tells_holds(server: Server, tmp_path: Path) -> None:
    await server.ask("settings-set", {"section": "console", "key": "requests_per_minute", "value": 1_000_000})
    keys = {}
    for role in ("security", "admin", "operator"):
        new = {"name": role, "role": role, "readOnly": False}
        keys[role] = (await server.ask("add-api-key", new))["key"]
    await asyncio.to_thread(fuzz, server.url("console"), tmp_path / "server.pem", keys)


def fuzz(url: str, certificate: Path, keys: dict[str, str]) -> None:
    """Ask all operations with keys by role, of a server that has this certificate."""
    host, _, port = url.removeprefix("https://").rpartition(":")
    certificate.write_text(ssl.get_server_certificate((host, int(port))))
    session = requests.Session()
    session.trust_env = False
    session.verify = str(certificate)
    document: dict[str, Any] = session.get(f"{url}/api/v1/openapi.json").json()
    validate(document)
    schema = schemathesis.openapi.from_dict(document)
    asked, wrong = 0, []
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        raw = operation.definition.raw
        if LEFT_OUT.search(raw["operationId"]) or raw.get("x-streamed"):
            continue
        role = next((role for role in raw["x-roles"] if role in keys), "admin")
        headers = {"authorization": f"Bearer {keys[role]}"}
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                asked += ask_all(operation.as_strategy(generation_mode=mode), url, headers, session)
            except FailureGroup as failed:
                wrong += [
                    f"{raw['operationId']}: {failure} {getattr(failure, 'message', '')}"
                    for failure in failed.exceptions
                ]
            except Unsatisfiable:
                continue  # there is no wrong way to ask without fields
    assert not wrong, "\n".join(wrong)
    assert asked > 100


def ask_all(cases: Any, url: str, headers: dict[str, str], session: requests.Session) -> int:
    """Ask some cases; answers how many."""
    asked = 0

    @given(case=cases)
    @EXAMPLES
    def ask(case: Case[Any]) -> None:
        nonlocal asked
        asked += 1
        response = case.call(base_url=url, headers=headers, session=session, verify=session.verify)
        case.validate_response(response, checks=CHECKS)

    ask()
    return asked
