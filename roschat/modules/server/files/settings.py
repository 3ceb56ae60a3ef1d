"""What an administrator decides about files: per host where they are kept, for all hosts what is allowed."""

from typing import Annotated, Any

from msgspec import Struct

from roschat.kernel.options import option


class Local(Struct, frozen=True, forbid_unknown_fields=True):
    """Section `files` of the server's file settings: which store driver, and what that driver wants to know.

    `driver` is a folder of `files/drivers`; several hosts need one that they share, such as `s3`.
    """

    driver: Annotated[str, option("Driver of the file store", "Драйвер хранилища файлов")] = "local"
    options: Annotated[dict[str, Any], option("Options of the driver", "Параметры драйвера")] = {}


class Settings(Struct, frozen=True):
    """Limits of files."""

    __title__ = ("Files", "Файлы")

    max_size: Annotated[int, option("Largest file, bytes", "Наибольший файл, байт", ge=1, le=10_737_418_240)] = (
        52_428_800
    )
    quota: Annotated[
        int,
        option(
            "Bytes that one person may keep, 0 = no limit", "Сколько байт хранит один человек, 0 = сколько угодно", ge=0
        ),
    ] = 0
    bot_addresses: Annotated[
        bool,
        option(
            "Bots are known by their address",
            "Узнавать ботов по адресу",
            description="A request without a token from the address of a connected bot counts as that bot's. "
            "The public bot SDKs upload files this way.",
            description_ru="Запрос без токена с адреса подключённого бота считается запросом этого бота. "
            "Так загружают файлы публичные SDK ботов.",
        ),
    ] = True
