"""Whether people may register themselves."""

from typing import Annotated

import msgspec
from msgspec import Struct

from roschat.kernel import formats
from roschat.kernel.options import option


class Settings(Struct, frozen=True, kw_only=True):
    """Without mail nobody can prove an address: then an administrator has to agree in any case."""

    __title__ = ("Self-registration", "Самостоятельная регистрация")

    on: Annotated[
        bool,
        option(
            "People may register themselves",
            "Регистрация новых пользователей",
            description="Whoever reaches the server may ask for an account.",
            description_ru="Любой, кто открыл клиент, может запросить учётную запись.",
        ),
    ] = False
    approve: Annotated[
        bool,
        option(
            "An administrator agrees to every registration",
            "Каждую регистрацию подтверждает администратор",
            description="Without mail this is always so.",
            description_ru="Без почты это действует всегда.",
        ),
    ] = True
    domains: Annotated[
        list[str],
        option(
            "Mail domains that are let in",
            "Допустимые почтовые домены",
            description="Such as example.org; empty: any.",
            description_ru="Например example.org; пусто — любые.",
            max_length=100,
        ),
    ] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        bad = any(not formats.is_host(domain) for domain in self.domains)
        formats.refuse({"domains": "bad-host" if bad else ""})
