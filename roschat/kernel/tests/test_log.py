import io
import json
import logging

import pytest

from roschat.kernel.log import HIDDEN, JsonLines, Readable, redact, request_id


def _line(formatter: logging.Formatter, text: str, *args: object, error: bool = False, **extra: object) -> str:
    stream = io.StringIO()
    output = logging.StreamHandler(stream)
    output.setFormatter(formatter)
    log = logging.Logger("roschat.test")
    log.addHandler(output)
    try:
        if error:
            raise ValueError("password=hunter2")
        log.info(text, *args, extra=extra)
    except ValueError:
        log.exception(text, *args, extra=extra)
    return stream.getvalue()


def test_a_line_is_one_json_object_with_the_request_and_extra_fields() -> None:
    token = request_id.set("r-17")
    try:
        text = _line(JsonLines(), "stored %d\nlines", 2, chat=5)
    finally:
        request_id.reset(token)
    assert text.count("\n") == 1
    line = json.loads(text)
    assert line["time"].endswith("Z")
    assert {**line, "time": ""} == {
        "time": "",
        "level": "info",
        "module": "roschat.test",
        "text": "stored 2\nlines",
        "request": "r-17",
        "chat": 5,
    }


def test_secrets_are_hidden_as_fields_inside_fields_in_texts_and_in_traces() -> None:
    text = _line(JsonLines(), 'login {"password": "hunter2"}', error=True, token="hunter2", data={"apiKey": "hunter2"})
    assert "hunter2" not in text
    line = json.loads(text)
    assert line["token"] == HIDDEN
    assert line["data"] == {"apiKey": HIDDEN}
    assert "ValueError" in line["trace"]


@pytest.mark.parametrize(
    "text",
    [
        "password=hunter2",
        "old_password: hunter2, more",
        "accessToken='hunter2'",
        '{"refresh_token":"hunter2"}',
        "Authorization: Bearer hunter2",
        "postgresql://roschat:hunter2@db/roschat",
        "/socket.io/?token=hunter2&EIO=4",
    ],
)
def test_values_of_secrets_are_cut_out_of_texts(text: str) -> None:
    assert "hunter2" not in redact(text)


@pytest.mark.parametrize("text", ["the token has expired", "nats://127.0.0.1:4222 is away", "passwords are checked"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


def test_the_form_for_eyes_has_fields_and_trace() -> None:
    text = _line(Readable(), "it failed", error=True, chat=5)
    assert "roschat.test: it failed chat=5\nTraceback" in text
    assert "hunter2" not in text
