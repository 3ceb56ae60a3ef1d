"""What a poll may say. Pure functions; each raises with the rule."""

from collections.abc import Sequence

from roschat.kernel.errors import Invalid, TooLarge
from roschat.types import Seconds

MAX_QUESTION = 300
MAX_OPTION = 200
MIN_OPTIONS = 2
MAX_OPTIONS = 20
MAX_KEY = 64
LONGEST = 366 * 86_400
"""Seconds that a poll may be open when it has a closing time."""


def checked_question(question: str) -> str:
    """1 to MAX_QUESTION characters without spaces around them."""
    return _checked("question", question, MAX_QUESTION)


def checked_options(options: Sequence[str]) -> list[str]:
    """MIN_OPTIONS to MAX_OPTIONS different texts."""
    if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
        raise Invalid(f"The poll has {len(options)} options; give {MIN_OPTIONS} to {MAX_OPTIONS}.")
    kept = [_checked("option", option, MAX_OPTION) for option in options]
    for option in kept:
        if kept.count(option) > 1:
            raise Invalid(f"The option {option[:40]!r} is there twice; options must differ.")
    return kept


def checked_closing(closes: Seconds, now: Seconds) -> Seconds:
    """0, or a time ahead."""
    if closes and not now < closes <= now + LONGEST:
        raise Invalid(f"The closing time {closes} must be after now ({now}) and within a year.")
    return closes


def checked_key(key: str) -> str:
    """At most MAX_KEY characters."""
    if len(key) > MAX_KEY or "\0" in key:
        raise Invalid(f"The key has {len(key)} characters; use at most {MAX_KEY}, none of them zero.")
    return key


def checked_answer(answer: Sequence[int], count: int, several: bool) -> list[int]:
    """Indexes of options, each once, in their order; none takes an answer back."""
    kept = sorted(set(answer))
    if kept and not 0 <= kept[0] <= kept[-1] < count:
        raise Invalid(f"There is no option {kept[0] if kept[0] < 0 else kept[-1]}; options are 0 to {count - 1}.")
    if len(kept) > 1 and not several:
        raise Invalid(f"{len(kept)} answers were given, the poll takes one.")
    return kept


def _checked(what: str, text: str, limit: int) -> str:
    kept = text.strip()
    if not kept or "\0" in kept:
        raise Invalid(f"The {what} is empty or holds a zero character; write a text.")
    if len(kept) > limit:
        raise TooLarge(f"The {what} has {len(kept)} characters, the limit is {limit}; shorten it.")
    return kept
