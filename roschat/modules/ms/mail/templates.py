"""What the server writes to people, in both languages.

Values are put in as they are: letters are plain text, so nothing in them can become markup.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from roschat.kernel.errors import Invalid


@dataclass(frozen=True)
class Template:
    """Subject and text with `{names}` of values."""

    subject: str
    text: str


TEMPLATES: Mapping[str, Mapping[str, Template]] = {
    "credentials": {
        "ru": Template(
            "РОСЧАТ: данные для входа",
            "Здравствуйте, {name}!\n\nДля вас создана учётная запись РОСЧАТ.\n\n"
            "Адрес сервера: {server}\nИмя пользователя: {login}\nПароль: {password}\n\n"
            "Смените пароль после первого входа и никому его не сообщайте.\n",
        ),
        "en": Template(
            "RosChat: how to sign in",
            "Hello {name},\n\nan account of RosChat was made for you.\n\n"
            "Server: {server}\nUser name: {login}\nPassword: {password}\n\n"
            "Change the password after you have signed in, and tell it to nobody.\n",
        ),
    },
    "code": {
        "ru": Template(
            "РОСЧАТ: код подтверждения {code}",
            "Код для входа в РОСЧАТ с нового устройства: {code}\n\n"
            "Код действует {minutes} мин. Устройство: {device}.\n\n"
            "Если вы не входили, смените пароль: кто-то его знает. Никому не сообщайте этот код.\n",
        ),
        "en": Template(
            "RosChat: your code is {code}",
            "Your code to sign in to RosChat on a new device: {code}\n\n"
            "It is good for {minutes} min. Device: {device}.\n\n"
            "If it was not you, change your password: somebody knows it. Tell this code to nobody.\n",
        ),
    },
    "console-code": {
        "ru": Template(
            "РОСЧАТ: код для входа в систему управления {code}",
            "Код для входа в систему управления РОСЧАТ: {code}\n\nКод действует {minutes} мин.\n\n"
            "Если вы не входили, смените пароль. Никому не сообщайте этот код.\n",
        ),
        "en": Template(
            "RosChat: your code for the management system is {code}",
            "Your code to sign in to the management system of RosChat: {code}\n\nIt is good for {minutes} min.\n\n"
            "If it was not you, change your password. Tell this code to nobody.\n",
        ),
    },
    "new-device": {
        "ru": Template(
            "РОСЧАТ: вход с нового устройства",
            "Здравствуйте, {name}!\n\nВ вашу учётную запись {login} вошли с нового устройства.\n\n"
            "Устройство: {device}\nАдрес: {address}\nВремя: {time}\n\n"
            "Если это были не вы, завершите этот сеанс в разделе «Ещё» › «Сеансы» и смените пароль.\n",
        ),
        "en": Template(
            "RosChat: sign-in from a new device",
            "Hello {name},\n\nsomebody signed in to your account {login} on a new device.\n\n"
            "Device: {device}\nAddress: {address}\nTime: {time}\n\n"
            "If it was not you, end that session under More › Sessions and change your password.\n",
        ),
    },
    "registration": {
        "ru": Template(
            "РОСЧАТ: код регистрации {code}",
            "Код для регистрации в РОСЧАТ: {code}\n\nКод действует {minutes} мин.\n\n"
            "Если вы не регистрировались, ничего не делайте.\n",
        ),
        "en": Template(
            "RosChat: your registration code is {code}",
            "Your code to register with RosChat: {code}\n\nIt is good for {minutes} min.\n\n"
            "If you did not register, there is nothing to do.\n",
        ),
    },
    "known": {
        "ru": Template(
            "РОСЧАТ: у вас уже есть учётная запись",
            "Кто-то хотел зарегистрироваться в РОСЧАТ с вашим адресом, но у вас уже есть учётная запись {login}.\n\n"
            "Если это были вы, просто войдите. Если нет, ничего не делайте.\n",
        ),
        "en": Template(
            "RosChat: you have an account already",
            "Somebody wanted to register with RosChat with your address, but you have an account already: {login}.\n\n"
            "If it was you, just sign in. If it was not, there is nothing to do.\n",
        ),
    },
    "registered": {
        "ru": Template(
            "РОСЧАТ: регистрация одобрена",
            "Здравствуйте, {name}!\n\nВаша регистрация в РОСЧАТ одобрена. Имя пользователя: {login}\n",
        ),
        "en": Template(
            "RosChat: your registration was approved",
            "Hello {name},\n\nyour registration with RosChat was approved. User name: {login}\n",
        ),
    },
    "support": {
        "ru": Template("РОСЧАТ: обращение в поддержку от {name}", "{name} ({login}) пишет:\n\n{text}\n"),
        "en": Template("RosChat: {name} asks for support", "{name} ({login}) writes:\n\n{text}\n"),
    },
    "test": {
        "ru": Template(
            "РОСЧАТ: проверочное письмо", "Это проверочное письмо. Настройки почты сервера РОСЧАТ корректны.\n"
        ),
        "en": Template("RosChat: test letter", "This is a test letter. The mail settings of the server are right.\n"),
    },
}


def filled(kind: str, language: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text of a letter. Raises Invalid for an unknown kind and a missing value.

    Line breaks in a value that stands in the subject become blanks: it comes from people.
    """
    if kind not in TEMPLATES:
        raise Invalid(f"There is no letter {kind!r}; there is {', '.join(TEMPLATES)}.")
    template = TEMPLATES[kind].get(language) or TEMPLATES[kind]["ru"]
    plain = {
        name: " ".join("".join(c if c.isprintable() else " " for c in text).split()) for name, text in values.items()
    }
    try:
        return template.subject.format_map(plain)[:200], template.text.format_map(values)
    except KeyError as error:
        raise Invalid(f"A letter {kind!r} needs the value {error}.") from None
