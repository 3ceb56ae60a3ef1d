"""How search compares texts: without case, without the difference of е and ё, words apart by single characters.

`folded` keeps every character in its place, so a place in the folded text is a place in the shown one.
"""

import unicodedata
from functools import lru_cache
from zlib import crc32

GRAM = 3
"""Characters of a run; shorter words are found at the beginning of words only."""

REMEMBERED = 0x3000
"""Characters below this are folded once and remembered; those beyond are many, and rare in what people write."""

MAX_RUNS = 50_000
COMMON = 16
"""Characters of words that come again and are worth remembering; longer ones are addresses and numbers."""


class _Folds(dict[int, str]):
    """The table of `folded`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        fold = _fold(chr(code))
        if code < REMEMBERED:
            self[code] = fold
        return fold


class _Numbers(dict[str, str]):
    """Runs as the database knows them, those met lately; a plain look-up takes a quarter less than lru_cache."""

    def __missing__(self, run: str) -> str:
        if len(self) >= MAX_RUNS:
            self.clear()
        number = self[run] = str(crc32(run.encode()) - 2**31)  # as PostgreSQL's signed integer
        return number


_folds = _Folds()
_numbers = _Numbers()


def composed(text: str) -> str:
    """The text in Unicode's composed form: file names from macOS come decomposed, «й» as two characters."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """As many characters as `text` has: letters and digits in lower case, all others as spaces.

    A table instead of a loop over the characters: for 100 Russian ones 4 µs instead of 10, for ASCII 0.6 of 26.
    """
    return text.translate(_folds)


def words(text: str) -> list[str]:
    """The folded words of a query, each once, in their order."""
    return list(dict.fromkeys(folded(composed(text)).split()))


def grams(folded_text: str) -> set[str]:
    """All runs of GRAM characters inside the words and the shorter beginnings of words, as numbers (their digits).

    A text that holds a part of a word has all numbers of `part_grams`; the reverse is checked on the text itself. The
    database takes numbers as digits, and texts repeat words and runs, so both are remembered in that form.
    """
    found: set[str] = set()
    for word in folded_text.split():
        found.update(_word_grams(word) if len(word) <= COMMON else _cut(word))
    return found


def part_grams(part: str) -> list[int]:
    """The numbers of a part that is sought: its runs, or itself as a beginning when it is shorter than a run."""
    if len(part) < GRAM:
        return [int(_numbers[f"^{part}"])]
    return sorted({int(_numbers[part[at : at + GRAM]]) for at in range(len(part) - GRAM + 1)})


@lru_cache(maxsize=20_000)
def _word_grams(word: str) -> tuple[str, ...]:
    return tuple(_cut(word))


def _cut(word: str) -> list[str]:
    numbers = _numbers
    found = [numbers[word[at : at + GRAM]] for at in range(len(word) - GRAM + 1)]
    found += [numbers[f"^{word[:length]}"] for length in range(1, GRAM)]
    return found


def _fold(c: str) -> str:
    if not c.isalnum():
        return " "
    lower = c.lower()
    if lower == "ё":
        return "е"
    return lower if len(lower) == 1 else c
