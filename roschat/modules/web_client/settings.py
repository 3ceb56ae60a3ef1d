"""Where the built client lies, and what clients are told of this server."""

from pathlib import Path
from typing import Annotated

from msgspec import Struct

from roschat.kernel.options import option


class Local(Struct, frozen=True):
    """Section of web_client.toml."""

    dist: Path | None = None
    """Folder of the built client; absent: the one that belongs to the program."""


class Clients(Struct, frozen=True):
    """Section `clients`: what concerns the clients on people's machines (R-EXT-001, R-EXT-003)."""

    __title__ = ("Clients", "Клиентские приложения")

    update_server: Annotated[
        str,
        option(
            "Update server of desktop clients",
            "Сервер обновлений компьютерных клиентов",
            description="For a network without internet; empty: the vendor's server.",
            description_ru="Для сети без интернета; пусто: сервер производителя.",
            format="url",
            max_length=300,
        ),
    ] = ""
    push_without_text: Annotated[
        bool,
        option(
            "Push notifications without text",
            "Push-уведомления без текста",
            description="Normally the text is sent encrypted; without it people see only that a message came.",
            description_ru="Обычно текст передаётся зашифрованным; без него видно только, что пришло сообщение. "
            "Включать не рекомендуется.",
        ),
    ] = False


class Settings(Struct, frozen=True):
    """Edited in the console."""

    __title__ = ("Web client", "Веб-клиент")

    product_name: Annotated[str, option("Name of the product", "Название продукта", min_length=1, max_length=50)] = (
        "РОСЧАТ"
    )
    websocket_port: Annotated[
        int,
        option(
            "WebSocket port as clients reach it",
            "WebSocket-порт, доступный клиентам",
            description="0: the one that the server listens on.",
            description_ru="0: тот, который слушает сервер.",
            ge=0,
            le=65535,
        ),
    ] = 0
    https_port: Annotated[
        int,
        option(
            "HTTPS port as clients reach it",
            "HTTPS-порт, доступный клиентам",
            description="0: the one that the server listens on.",
            description_ru="0: тот, который слушает сервер.",
            ge=0,
            le=65535,
        ),
    ] = 0
