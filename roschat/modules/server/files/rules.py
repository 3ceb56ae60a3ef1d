"""Pure rules of files: names that are safe to show and to save, types by content, answers' headers."""

import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

import filetype  # type: ignore[import-untyped]

MAX_NAME = 255
"""Bytes of a title in UTF-8: what common file systems take."""
SNIFF = 8192
"""Bytes from the start of a file that its type is told from."""

INLINE = frozenset(
    {
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/avif",
        "audio/mpeg", "audio/ogg", "audio/wav", "audio/x-wav", "audio/mp4", "audio/m4a", "audio/aac", "audio/flac",
        "audio/x-flac", "audio/webm", "video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/x-matroska",
    }
)  # fmt: skip
"""Types that a browser may show in place; none of them can run a script."""

_RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def safe_name(raw: str) -> str:
    """A file name without path, control and invisible characters, at most MAX_NAME bytes, never empty.

    Bidirectional overrides go (`exe.fdp` shown as `pdf.exe`), so do characters and device names that Windows refuses.
    """
    name = unicodedata.normalize("NFC", raw.encode("utf-8", "ignore").decode())
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if c.isspace() else c for c in name if c.isspace() or unicodedata.category(c)[0] != "C")
    name = " ".join(name.translate(_RESERVED).split()).lstrip(".").rstrip(". ")
    if name.partition(".")[0].strip().lower() in _DEVICES:
        name = f"_{name}"
    return _shortened(name) or "file"


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = dot + extension
    if not stem or len(tail.encode()) > 32:
        stem, tail = name, ""
    return stem.encode()[: MAX_NAME - len(tail.encode())].decode("utf-8", "ignore").rstrip(". ") + tail


def sniffed_type(head: bytes) -> str:
    """The content type told from the first SNIFF bytes; the name and what the sender says do not count."""
    known = filetype.guess_mime(head)
    if known:
        return str(known)
    return "text/plain" if head and _is_text(head) else "application/octet-stream"


def _is_text(head: bytes) -> bool:
    # A multi-byte character may be cut at the end.
    for cut in range(4) if len(head) >= SNIFF else (0,):
        try:
            text = head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return not any(ord(c) < 32 and c not in "\t\n\r\f\x1b" for c in text)
    return False


def disposition(title: str, content_type: str) -> str:
    """The Content-Disposition of a download (RFC 6266): shown in place only for types in INLINE."""
    kind = "inline" if content_type in INLINE else "attachment"
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in title)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(title, safe='')}"


def names_tag(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names this entity tag."""
    return any(part.strip() == "*" or part.strip().removeprefix("W/") == tag for part in header.split(","))


def audience(cids: Iterable[int]) -> list[int]:
    """Contacts as an array for the database, each once, in a fixed order."""
    return sorted(set(cids))
