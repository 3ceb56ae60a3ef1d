"""reply_markup: keyboards of a message and keyboards of a conversation, both ways.

A button of a conversation's keyboard carries its own text as callbackData: pressing it writes that text, as in
Telegram.
"""

from typing import Any

from msgspec import Struct

from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.styled import ADDRESS
from roschat.wire.conversation import Button

MAX_CALLBACK = 64
MAX_IN_ROW = 8
MAX_BUTTONS = 100

Rows = list[list[Button]]


class Markup(Struct, frozen=True):
    """What a bot wants: buttons under the message, or another keyboard under the conversation (empty: none)."""

    inline: Rows = []
    chat: Rows | None = None


def parse(found: dict[str, Any] | None) -> Markup:
    """A reply_markup object. Raises Refused for what RosChat has no buttons for."""
    if not found:
        return Markup()
    if "inline_keyboard" in found:
        return Markup(_rows(found["inline_keyboard"], _inline))
    if "keyboard" in found:
        return Markup(chat=_rows(found["keyboard"], _plain))
    if found.get("remove_keyboard"):
        return Markup(chat=[])
    if found.get("force_reply"):
        return Markup()  # only a convenience of the client: nothing is to be kept
    raise Refused("object expected as reply markup")


def told(rows: Rows) -> dict[str, Any]:
    """The inline keyboard of a message as bots see it."""
    return {
        "inline_keyboard": [
            [
                {"text": button.text, "url": button.link}
                if button.link
                else {"text": button.text, "callback_data": button.callback_data}
                for button in row
            ]
            for row in rows
        ]
    }


def _rows(found: Any, make: Any) -> Rows:
    if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
        raise Refused("field of reply markup must be an array of arrays of buttons")
    rows = [[make(button) for button in row] for row in found if row]
    if any(len(row) > MAX_IN_ROW for row in rows) or sum(map(len, rows)) > MAX_BUTTONS:
        raise Refused(f"reply markup is too long: at most {MAX_IN_ROW} buttons in a row and {MAX_BUTTONS} in all")
    return rows


def _text(found: Any) -> str:
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise Refused("every button of a keyboard needs a text")
    return text


def _inline(found: Any) -> Button:
    text = _text(found)
    data = found.get("callback_data")
    if isinstance(data, str) and data:
        if len(data.encode()) > MAX_CALLBACK:
            raise Refused("BUTTON_DATA_INVALID")
        return Button(text, data)
    for holder in (found, found.get("login_url"), found.get("web_app")):
        url = holder.get("url") if isinstance(holder, dict) else None
        if isinstance(url, str) and url:
            if not ADDRESS.match(url):
                raise Refused(f"inline keyboard button URL '{url[:80]}' is invalid: Wrong HTTP URL")
            return Button(text, link=url)
    raise Refused(f"BUTTON_TYPE_INVALID: button {text[:40]!r} needs callback_data or url")


def _plain(found: Any) -> Button:
    text = found if isinstance(found, str) and found.strip() else _text(found)
    if isinstance(found, dict):
        for kind in ("request_contact", "request_location", "request_poll", "request_users", "request_chat"):
            if found.get(kind):
                raise Refused(f"BUTTON_TYPE_INVALID: {kind} of button {text[:40]!r} is not supported by this server")
    return Button(text, text)
