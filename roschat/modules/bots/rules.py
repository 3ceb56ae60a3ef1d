"""What a bot may be called and what a keyboard may look like."""

import re

from roschat.kernel.errors import Invalid
from roschat.wire.conversation import Button

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,63}")
COMMAND = re.compile(r"/\w{1,64}( - \S.*)?")
MAX_TITLE = 100
MAX_TEXT = 2000
MAX_COMMANDS = 100
MAX_ROWS = 50
MAX_BUTTONS = 100
MAX_BUTTON_TEXT = 200
MAX_CALLBACK = 1024
ACTIONS = ("none", "show", "hide")


def check_name(name: str) -> str:
    """The Latin name by which start-bot and people know a bot."""
    name = name.strip()
    if not NAME.fullmatch(name):
        raise Invalid(f"The bot name {name!r} must be 2 to 64 Latin letters, digits, _ . - and begin with a letter.")
    return name


def check_title(title: str) -> str:
    """The shown name."""
    title = title.strip()
    if not 1 <= len(title) <= MAX_TITLE:
        raise Invalid(f"The title {title[:MAX_TITLE]!r} must have 1 to {MAX_TITLE} characters.")
    return title


def check_text(field: str, text: str) -> str:
    """A description or greeting."""
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise Invalid(f"The {field} has {len(text)} characters; the limit is {MAX_TEXT}.")
    return text


def check_commands(commands: list[str]) -> list[str]:
    """Lines "/command - what it does"; the description may be absent."""
    kept = [line.strip() for line in commands if line.strip()]
    if len(kept) > MAX_COMMANDS:
        raise Invalid(f"{len(kept)} commands; the limit is {MAX_COMMANDS}.")
    for line in kept:
        if not COMMAND.fullmatch(line):
            raise Invalid(f"The command {line!r} must look like '/start - what it does'.")
        if len(line) > MAX_BUTTON_TEXT:
            raise Invalid(f"The command {line[:40]!r}… has {len(line)} characters; the limit is {MAX_BUTTON_TEXT}.")
    return kept


def check_keyboard(rows: list[list[Button]]) -> list[list[Button]]:
    """A keyboard that people can see and press."""
    if len(rows) > MAX_ROWS or sum(len(row) for row in rows) > MAX_BUTTONS:
        raise Invalid(f"A keyboard has at most {MAX_ROWS} rows and {MAX_BUTTONS} buttons.")
    for button in (button for row in rows for button in row):
        if not 1 <= len(button.text) <= MAX_BUTTON_TEXT:
            raise Invalid(f"The button text {button.text[:40]!r} must have 1 to {MAX_BUTTON_TEXT} characters.")
        if len(button.callback_data) > MAX_CALLBACK:
            raise Invalid(f"callbackData of button {button.text!r} is longer than {MAX_CALLBACK} characters.")
        if button.link and not button.link.lower().startswith(("https://", "http://", "mailto:", "tel:")):
            raise Invalid(f"The link {button.link[:80]!r} of {button.text!r} must be http, https, mailto or tel.")
    return rows


def check_action(action: str) -> str:
    """What the client does with the keyboard."""
    if action not in ACTIONS:
        raise Invalid(f"The action {action!r} is not one of {', '.join(ACTIONS)}.")
    return action


def has_button(rows: list[list[Button]], callback_data: str) -> bool:
    """Whether a keyboard really has a button with this callbackData."""
    return any(button.callback_data == callback_data and not button.link for row in rows for button in row)
