"""How search compares texts: without case, without the difference of е and ё, words apart by single characters.

`folded` keeps every character in its place, so a place in the folded text is a place in the shown one.
"""

import unicodedata
from functools import lru_cache
from zlib import crc32

GRAM = 3
"""Characters of a run; shorter words are found at the beginning of words only."""

_SAME = str.maketrans("ё", "е")


def composed(text: str) -> str:
    """The text in Unicode's composed form: file names from macOS come decomposed, «й» as two characters."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """As many characters as `text` has: letters and digits in lower case, all others as spaces."""
    return "".join(_fold(c) for c in text).translate(_SAME)


def words(text: str) -> list[str]:
    """The folded words of a query, each once, in their order."""
    return list(dict.fromkeys(folded(composed(text)).split()))


def grams(folded_text: str) -> list[int]:
    """All runs of GRAM characters inside the words and the shorter beginnings of words, as numbers.

    A text that holds a part of a word has all numbers of `part_grams`; the reverse is checked on the text itself.
    """
    return sorted({number for word in set(folded_text.split()) for number in _word_grams(word)})


def part_grams(part: str) -> list[int]:
    """The numbers of a part that is sought: its runs, or itself as a beginning when it is shorter than a run."""
    if len(part) < GRAM:
        return [_number(f"^{part}")]
    return sorted({_number(part[at : at + GRAM]) for at in range(len(part) - GRAM + 1)})


@lru_cache(maxsize=20_000)
def _word_grams(word: str) -> tuple[int, ...]:
    runs = [word[at : at + GRAM] for at in range(len(word) - GRAM + 1)]
    return tuple(_number(run) for run in [*runs, *(f"^{word[:length]}" for length in range(1, GRAM))])


def _number(run: str) -> int:
    return crc32(run.encode()) - 2**31  # as PostgreSQL's signed integer


def _fold(c: str) -> str:
    if not c.isalnum():
        return " "
    lower = c.lower()
    return lower if len(lower) == 1 else c
