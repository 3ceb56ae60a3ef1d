"""What the columns of a table seem to hold, by their headings in Russian and English."""

import re
from collections.abc import Sequence

from roschat.modules.server.directory.api import CARD_FIELDS
from roschat.modules.server.roster.api import ImportColumn

FULL_NAME = "fullName"
TYPES = (*CARD_FIELDS, "number", "email", "login", "password", "active", "cid", "custom", "service", FULL_NAME)
"""What a column may be mapped to. fullName: surname, name and patronymic in one cell."""

_HEADINGS = {
    "surname": "фамилия surname lastname familyname",
    "name": "имя name firstname givenname",
    "patronymic": "отчество patronymic middlename secondname",
    FULL_NAME: "фио фамилияимяотчество fullname displayname сотрудник абонент работник",
    "birthday": "деньрождения датарождения деньрожд birthday birthdate dateofbirth",
    "organisation": "организация компания предприятие organisation organization company",
    "department": "подразделение отдел департамент department division unit",
    "position": "должность position title jobtitle",
    "room": "кабинет комната помещение room office",
    "workdayStart": "началорабочегодня началоработы workdaystart",
    "workdayEnd": "конецрабочегодня окончаниеработы workdayend",
    "manager": "руководитель начальник manager",
    "assistant": "помощник секретарь assistant",
    "number": "номер телефон внутреннийномер внутренний списочныйномер рабочийтелефон мобильныйтелефон мобильный"
    " number phone telephone extension workphone mobile internalnumber",
    "email": "email почта электроннаяпочта адрес адресэлектроннойпочты mail emailaddress",
    "login": "логин имяпользователя учётнаязапись login username user account",
    "password": "пароль password",
    "active": "активен активный состояние active enabled",
    "cid": "cid идентификатор id",
}
_known = {word.replace("ё", "е"): kind for kind, words in _HEADINGS.items() for word in words.split()}
_letters = re.compile(r"[^\w]|[_\d]")


def described(first: Sequence[Sequence[str]], count: int) -> tuple[list[ImportColumn], bool]:
    """The columns of a table by its first rows, and whether the first of them holds headings."""
    guesses = [_guess(cell) for cell in first[0]]
    header = sum(bool(guess) for guess in guesses) >= max(1, len([cell for cell in first[0] if cell]) // 3)
    columns = []
    met: set[str] = set()
    for index in range(count):
        heading = _cell(first[0], index) if header else ""
        guess = _guess(heading)
        if guess in met and guess not in ("number", "email"):
            guess = ""
        met.add(guess)
        samples = [value for row in first[header:] if (value := _cell(row, index))][:3]
        kind = guess or ("custom" if heading else "")
        columns.append(ImportColumn(index, heading, samples, kind, heading if kind == "custom" else ""))
    return columns, header


def _guess(heading: str) -> str:
    return _known.get(_letters.sub("", heading.casefold().replace("ё", "е")), "")


def _cell(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""
