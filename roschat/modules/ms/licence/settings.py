"""Where the licence comes from: a licence server, as the console asks for it; and whose licences are believed."""

from typing import Annotated

from cryptography import x509
from msgspec import Struct

from roschat.kernel import formats
from roschat.kernel.options import option
from roschat.wire.message import Secret


class Local(Struct, frozen=True, forbid_unknown_fields=True):
    """Section `licence` of ms.toml."""

    trusted_keys: Annotated[
        list[str], option("Public keys whose licences are believed", "Открытые ключи, чьим лицензиям верить")
    ] = []


class Settings(Struct, frozen=True):
    """Section `ms.licence`: all fields are empty, or none is; raises Invalid with `fields`."""

    __title__ = ("Licence server", "Сервер лицензий")

    address: Annotated[str, option("Address of the licence server", "Адрес сервера", format="host", max_length=253)] = (
        ""
    )
    login: Annotated[str, option("Login", "Логин", max_length=100)] = ""
    port: Annotated[int, option("Port", "Порт", format="port", ge=1, le=65535)] = 8088
    password: Annotated[Secret, option("Password", "Пароль", secret=True, max_length=256)] = ""
    certificate: Annotated[
        str,
        option(
            "Certificate of the licence server, PEM",
            "Сертификат сервера лицензий, PEM",
            description="Only for a server of your own with a certificate that nobody signed.",
            description_ru="Только для собственного сервера с самоподписанным сертификатом.",
            format="lines",
            max_length=20_000,
        ),
    ] = ""

    def __post_init__(self) -> None:
        """The rule between the fields."""
        if self.address or self.login or self.password:
            formats.refuse(
                {
                    "address": formats.reason("host", self.address),
                    "login": "" if self.login else "empty",
                    "password": "" if self.password else "empty",
                    "certificate": "" if not self.certificate or _is_certificate(self.certificate) else "bad-value",
                }
            )

    @property
    def online(self) -> bool:
        """A licence server is set up."""
        return bool(self.address)


def _is_certificate(text: str) -> bool:
    try:
        x509.load_pem_x509_certificate(text.encode())
    except ValueError:
        return False
    return True
