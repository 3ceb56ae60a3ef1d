"""Where the built client lies, and what clients are told of this server."""

from pathlib import Path
from typing import Annotated

from msgspec import Struct

from roschat.kernel.options import option


class Local(Struct, frozen=True):
    """Section of web_client.toml."""

    dist: Path | None = None
    """Folder of the built client; absent: the one that belongs to the program."""


class Settings(Struct, frozen=True):
    """Edited in the console."""

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
