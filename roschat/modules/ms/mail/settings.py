"""The connection to the organisation's mail server, as the console asks for it (manual §3.2.4)."""

from typing import Annotated, Literal

from msgspec import Struct

from roschat.kernel import formats
from roschat.kernel.options import option

METHODS = Literal["no", "SSL/TLS", "STARTTLS"]


class Settings(Struct, frozen=True, kw_only=True):
    """With `on` every field but the sender's name must be filled in; raises Invalid with `fields`."""

    __title__ = ("Mail", "Почта")

    on: Annotated[
        bool,
        option(
            "Send letters",
            "Отправлять письма",
            description="Without it nobody gets credentials, codes or notices by mail.",
            description_ru="Без этого никто не получает по почте учётные данные, коды и уведомления.",
        ),
    ] = False
    host: Annotated[str, option("Mail server", "Адрес почтового сервера", format="host", max_length=253)] = ""
    port: Annotated[int, option("Port of the mail server", "Порт почтового сервера", format="port", ge=1, le=65535)] = (
        25
    )
    security: Annotated[METHODS, option("Security", "Метод защиты соединения")] = "no"
    verify_certificate: Annotated[
        bool,
        option(
            "Check the certificate of the mail server",
            "Проверять сертификат почтового сервера",
            description="Switch it off only for a server of your own whose certificate nobody signed.",
            description_ru="Отключайте только для собственного сервера с самоподписанным сертификатом.",
        ),
    ] = True
    sign_in: Annotated[
        bool,
        option(
            "Sign in to the mail server",
            "Входить на почтовый сервер",
            description="Switch it off for a relay that takes letters of this host without a password.",
            description_ru="Отключите, если сервер принимает письма с этого узла без пароля.",
        ),
    ] = True
    username: Annotated[str, option("User name", "Имя пользователя", max_length=255)] = ""
    password: Annotated[str, option("Password", "Пароль пользователя", secret=True, max_length=255)] = ""
    sender: Annotated[str, option("Name of the sender", "Имя отправителя", max_length=100)] = ""
    address: Annotated[str, option("Mail address", "Почтовый адрес", format="email", max_length=254)] = ""
    language: Annotated[Literal["ru", "en"], option("Language of letters", "Язык писем")] = "ru"
    keep_trying: Annotated[
        int,
        option(
            "Hours after which a letter that could not be sent is given up",
            "Через сколько часов неотправленное письмо снимается с очереди",
            ge=1,
            le=120,
        ),
    ] = 24

    def __post_init__(self) -> None:
        needed = self.on
        signed = needed and self.sign_in
        formats.refuse(
            {
                "host": formats.reason("host", self.host, needed=needed),
                "address": formats.reason("email", self.address, needed=needed),
                "username": "empty" if signed and not self.username else "",
                "password": "empty" if signed and not self.password else "",
                "sender": "" if self.sender.isprintable() else "bad-value",
            }
        )
