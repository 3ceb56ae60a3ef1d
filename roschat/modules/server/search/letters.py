"""The same word in other letters: Latin for Russian, and what comes out when the keyboard is in the other layout.

People are looked for by foreign keyboards and badges, so both sides are brought to one rough Latin spelling in which
Sergey, Sergei and Сергей are the same.
"""

import re

_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e",
        "ю": "iu", "я": "ia",
    }
)  # fmt: skip
_SAME = (
    ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("ph", "f"), ("x", "ks"), ("w", "v"), ("tz", "ts"), ("j", "i"),
    ("y", "i"), ("q", "k"), ("ck", "k"), ("yo", "e"), ("io", "e"),
)  # fmt: skip
_twice = re.compile(r"(.)\1+")

_KEYS_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_KEYS_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_OTHER_LAYOUT = str.maketrans(_KEYS_LATIN + _KEYS_RUSSIAN, _KEYS_RUSSIAN + _KEYS_LATIN)


def latin(folded: str) -> str:
    """A folded text in the rough Latin spelling; digits and spaces stay."""
    text = folded.translate(_LATIN)
    for spelling, same in _SAME:
        text = text.replace(spelling, same)
    return _twice.sub(lambda run: run[0] if run[1] in " 0123456789" else run[1], text)


def other_layout(text: str) -> str:
    """What the same keys give in the other keyboard layout."""
    return text.lower().translate(_OTHER_LAYOUT)
