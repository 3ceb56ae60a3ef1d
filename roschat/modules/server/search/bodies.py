"""What of a message is searched: the text that people read, and the name of its file."""

from typing import Any

import msgspec

from roschat.modules.server.search.folding import composed

_decode = msgspec.json.Decoder().decode
FILES = frozenset({"image", "video", "audio", "file"})


def texts(data_type: str, data: str) -> tuple[str, str]:
    """The readable text and the file name of a message, each perhaps empty."""
    if data_type == "text":
        return composed(data), ""
    if data_type != "data":
        return "", ""
    try:
        body = _decode(data)
    except msgspec.DecodeError:
        return "", ""
    if not isinstance(body, dict):
        return "", ""
    text = _string(body, "text") or _string(body, "question") or _string(body, "name", unless=FILES)
    return composed(text), composed(_string(body, "name")) if body.get("type") in FILES else ""


def _string(body: dict[str, Any], field: str, unless: frozenset[str] = frozenset()) -> str:
    value = body.get(field)
    return value.replace("\0", " ") if isinstance(value, str) and body.get("type") not in unless else ""
