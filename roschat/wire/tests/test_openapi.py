"""The OpenAPI document: valid, whole, and true to the declarations."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from roschat.kernel.http import STATUS
from roschat.wire import describe, openapi, rest


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document of all modules."""
    describe.import_declarations()
    ways = [way for way in rest.ways() if way.declaration.type.__module__.startswith("roschat.modules.")]
    return openapi.document(ways, rest.streams(), STATUS, "1.0.0")


def test_it_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_every_way_is_in_it_once(document: dict[str, Any]) -> None:
    told = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(told) == len(set(told))
    assert {"sign-in-to-console", "list-audit", "get-job", "add-api-key"} <= set(told)


def test_an_operation_tells_all(document: dict[str, Any]) -> None:
    change = document["paths"]["/api/v1/users/{id}"]["put"]
    assert change["x-roles"] == ["security"]
    assert change["parameters"][0]["name"] == "id"
    body = change["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["role", "surname"]
    assert "id" not in body["properties"]
    assert body["additionalProperties"] is False
    assert body["properties"]["password"]["writeOnly"] is True
    assert {"200", "400", "401", "403", "404", "413", "429", "503"} <= set(change["responses"])
    listed = document["paths"]["/api/v1/audit"]["get"]
    assert {one["name"] for one in listed["parameters"]} == {
        "who", "action", "text", "since", "until", "before", "count"
    }  # fmt: skip
    assert all(one["in"] == "query" and not one["required"] for one in listed["parameters"])


def test_signing_in_needs_nobody_and_answers_the_session(document: dict[str, Any]) -> None:
    enter = document["paths"]["/api/v1/session"]["post"]
    assert enter["security"] == []
    answer = enter["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/SessionView"}
    fields = document["components"]["schemas"]["SessionView"]["properties"]
    assert fields["name"]["description"].startswith("Surname")


def test_every_tag_and_reference_is_there(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"]}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(reference := value.get("$ref"), str):
                place: Any = document
                for part in reference.removeprefix("#/").split("/"):
                    place = place[part]
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)
    for path in document["paths"].values():
        for operation in path.values():
            assert set(operation["tags"]) <= tags
