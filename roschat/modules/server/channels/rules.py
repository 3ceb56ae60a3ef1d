"""What texts of channels may be. Pure functions; each raises Invalid or TooLarge with the rule."""

from roschat.kernel.errors import Invalid, TooLarge
from roschat.modules.server.channels.api import PublicationFile

MAX_NAME = 100
MAX_DESCRIPTION = 1000
MAX_TITLE = 200
MAX_TEXT = 20_000
MAX_COMMENT = 4_000
MAX_FILES = 20
MAX_KEY = 64
PAGE = 200
"""Most publications or comments in one answer."""
FILE_TYPES = frozenset({"image", "video", "audio", "file"})


def checked(what: str, text: str, limit: int, *, needed: bool = False) -> str:
    """The text without spaces around it, not longer than `limit` characters."""
    kept = text.strip()
    if "\0" in kept:
        raise Invalid(f"The {what} holds a zero character; take it out.")
    if needed and not kept:
        raise Invalid(f"The {what} is empty; write one.")
    if len(kept) > limit:
        raise TooLarge(f"The {what} has {len(kept)} characters, the limit is {limit}; shorten it.")
    return kept


def checked_files(files: list[PublicationFile]) -> None:
    """At most MAX_FILES, each once, of known types."""
    if len(files) > MAX_FILES:
        raise TooLarge(f"The publication has {len(files)} files, the limit is {MAX_FILES}; take some out.")
    if len({file.file for file in files}) < len(files):
        raise Invalid("The publication has a file twice; attach it once.")
    for file in files:
        if file.type not in FILE_TYPES:
            raise Invalid(f"The file type {file.type[:40]!r} is not known; use one of {', '.join(sorted(FILE_TYPES))}.")


def checked_count(count: int) -> int:
    """A size of a page: 1 to PAGE."""
    return max(1, min(count, PAGE))
