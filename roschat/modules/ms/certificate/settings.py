"""The automatic certificate, as the console sets it up."""

from typing import Annotated

from msgspec import Struct

from roschat.kernel.options import option

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"


class Settings(Struct, frozen=True):
    """Section `acme`."""

    __title__ = ("Automatic certificate (ACME)", "Автоматический сертификат (ACME)")

    on: Annotated[
        bool,
        option(
            "Get and renew the certificate automatically (ACME)",
            "Получать и продлевать сертификат автоматически (ACME)",
            description="The authority must reach the external address on port 80 from its side.",
            description_ru="Удостоверяющий центр должен достигать внешнего адреса по порту 80.",
        ),
    ] = False
    directory: Annotated[
        str, option("Address of the authority's directory", "Адрес каталога удостоверяющего центра", format="url")
    ] = LETS_ENCRYPT
    email: Annotated[
        str, option("E-mail for the authority's letters", "Адрес для писем удостоверяющего центра", format="email")
    ] = ""
    trust: Annotated[
        str,
        option(
            "Root certificate of a private authority (PEM); empty: the system's",
            "Корневой сертификат частного центра (PEM); пусто: системные",
            format="lines",
            max_length=65536,
        ),
    ] = ""
