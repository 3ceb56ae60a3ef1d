"""The forms of a person's name: in full, with initials, and in Latin letters for logins.

Names are compared and cut by the letters that a reader sees: a letter with its combining marks is one.
"""

import unicodedata

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u",
    "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ß": "ss",
}  # fmt: skip
"""GOST 7.79 system B without its apostrophes: the signs ъ and ь have no letter, every other one is as it is heard."""

_HYPHENS = "-‐‑‒–—"


def full_name(surname: str, name: str, patronymic: str) -> str:
    """«Иванов Иван Иванович»; parts that are empty leave no blank."""
    return " ".join(" ".join(part.split()) for part in (surname, name, patronymic) if part.strip())


def short_name(surname: str, name: str, patronymic: str) -> str:
    """«Иванов И.И.»; without name and patronymic the surname alone."""
    initials = "".join(f"{initial}." for initial in (_initial(name), _initial(patronymic)) if initial)
    return " ".join(part for part in (" ".join(surname.split()), initials) if part)


def latin_name(surname: str, name: str, patronymic: str) -> str:
    """`ivanov.i.i`: small Latin letters, digits, hyphens of double surnames, dots between the parts.

    Empty when nothing of the name can be written so.
    """
    parts = (latin(surname), _first_sound(name), _first_sound(patronymic))
    return ".".join(part for part in parts if part)


def latin(text: str) -> str:
    """A word or words in small Latin letters and digits, joined by hyphens; what has no such form is left out."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", text).lower():
        if letter.isspace() or letter in _HYPHENS:
            letters.append("-")
        elif letter in _LATIN:
            letters.append(_LATIN[letter])
        else:
            plain = unicodedata.normalize("NFKD", letter).lower()
            letters += [_LATIN.get(one, one) for one in plain if one in _LATIN or (one.isascii() and one.isalnum())]
    return "-".join(part for part in "".join(letters).split("-") if part)


def _initial(name: str) -> str:
    """The first letter with its marks, as a capital."""
    text = unicodedata.normalize("NFC", name)
    for place, letter in enumerate(text):
        if letter.isalnum():
            end = place + 1
            while end < len(text) and unicodedata.category(text[end]).startswith("M"):
                end += 1
            return text[place:end].upper()
    return ""


def _first_sound(name: str) -> str:
    """The first letter in Latin: «Юрий» → yu; a sign that has no letter of its own is passed over."""
    text = unicodedata.normalize("NFC", name)
    return next((found for found in (latin(letter) for letter in text) if found), "")
