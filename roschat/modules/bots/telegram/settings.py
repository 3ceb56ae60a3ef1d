"""What an administrator decides about the Telegram-compatible endpoint."""

from typing import Annotated

from msgspec import Struct

from roschat.kernel.options import option


class Settings(Struct, frozen=True):
    """Section `bots.telegram`."""

    __title__ = ("Telegram-compatible bots", "Боты с протоколом Telegram")

    enabled: Annotated[
        bool, option("Telegram-compatible endpoint for bots", "Точка подключения ботов, совместимая с Telegram")
    ] = True
    calls_per_second: Annotated[
        int, option("Calls per second of one bot", "Вызовов в секунду от одного бота", ge=1, le=10_000)
    ] = 50
    outside_urls: Annotated[
        bool,
        option(
            "Bots may send files by address",
            "Боты могут отправлять файлы по адресу",
            description="The server fetches http(s) addresses that bots name in media fields, from the public Internet "
            "alone.",
            description_ru="Сервер скачивает файлы по адресам http(s), которые называет бот, и только из "
            "общедоступного интернета.",
        ),
    ] = False
    outside_size: Annotated[
        int, option("Largest file fetched by address, bytes", "Наибольший файл по адресу, байт", ge=1, le=52_428_800)
    ] = 20_971_520
    inside_webhooks: Annotated[
        bool,
        option(
            "Webhooks may be in the local network",
            "Вебхуки могут быть в локальной сети",
            description="Off: updates are posted to the public Internet alone.",
            description_ru="Если выключено, события отправляются только в общедоступный интернет.",
        ),
    ] = True
