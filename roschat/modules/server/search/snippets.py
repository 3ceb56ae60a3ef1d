"""The text around a match, with the stretches to highlight in UTF-16 units. Pure functions.

A word that matched as a word form is marked whole, a word that only holds a part that was sought is marked there.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from roschat.modules.server.search.api import Mark
from roschat.modules.server.search.folding import folded

LENGTH = 160
"""Characters of a snippet without its dots."""
BEFORE = 40
"""Characters that are kept before the first match."""

_word = re.compile(r"\S+")


def tokens(texts: Iterable[str]) -> list[str]:
    """The folded words of texts, each once."""
    return list(dict.fromkeys(word for text in texts for word in folded(text).split()))


def snippet(text: str, sought: Sequence[str], forms: Collection[str]) -> tuple[str, list[Mark]]:
    """A stretch of the text around the first match and its marks; `forms` are the words that matched as word forms."""
    places = list(_places(folded(text), sought, forms))
    start, end = _window(text, places[0][0] if places else 0)
    head = "…" if start > 0 else ""
    shown = head + text[start:end] + ("…" if end < len(text) else "")
    marks = []
    for first, last in places:
        if start <= first and last <= end:
            marks.append(Mark(_units(head + text[start:first]), _units(text[first:last])))
    return "".join(" " if c in "\r\n\t" else c for c in shown), marks


def _places(text: str, sought: Sequence[str], forms: Collection[str]) -> Iterable[tuple[int, int]]:
    for match in _word.finditer(text):
        word = match[0]
        if word in forms:
            yield match.span()
            continue
        found = sorted((at, at + len(part)) for part in sought if (at := word.find(part)) >= 0)
        if found:
            first, last = found[0]
            for more in found[1:]:  # parts that overlap are one mark
                last = max(last, more[1]) if more[0] <= last else last
            yield match.start() + first, match.start() + last


def _window(text: str, first: int) -> tuple[int, int]:
    if len(text) <= LENGTH:
        return 0, len(text)
    start = max(0, min(first - BEFORE, len(text) - LENGTH))
    end = start + LENGTH
    if start > 0:  # not in the middle of a word
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", first, end)
        end = space if space > first else end
    return start, end


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
