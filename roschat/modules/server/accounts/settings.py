"""What an administrator may set about signing in."""

from typing import Annotated

from msgspec import Struct

from roschat.kernel.options import option

MINUTE = 60
DAY = 86_400


class Settings(Struct, frozen=True, kw_only=True):
    """Lives and delays are in seconds."""

    __title__ = ("Accounts and sign-in", "Учётные записи и вход")

    access_token_life: Annotated[
        int, option("Life of an access token, seconds", "Срок действия токена доступа, секунд", ge=MINUTE, le=DAY)
    ] = 15 * MINUTE
    refresh_token_life: Annotated[
        int,
        option(
            "A device that was away for so many seconds signs in anew",
            "Устройство, которого не было столько секунд, входит заново",
            ge=DAY,
            le=400 * DAY,
        ),
    ] = 90 * DAY
    max_devices: Annotated[
        int,
        option(
            "Signed-in devices per person",
            "Устройств у одного человека",
            description="A further one signs out the one that was not seen for longest.",
            description_ru="Следующее отключает то, которое дольше всех не появлялось.",
            ge=1,
            le=1000,
        ),
    ] = 30
    tries_per_login: Annotated[
        int,
        option(
            "Wrong passwords for one login before the next has to wait",
            "Неверных паролей для одного логина до первой задержки",
            ge=1,
            le=1000,
        ),
    ] = 5
    tries_per_address: Annotated[
        int,
        option(
            "Wrong passwords from one address before the next has to wait",
            "Неверных паролей с одного адреса до первой задержки",
            ge=1,
            le=100_000,
        ),
    ] = 30
    first_delay: Annotated[
        int,
        option(
            "The first delay, seconds; each further failure doubles it",
            "Первая задержка, секунд; каждая следующая ошибка удваивает её",
            ge=1,
            le=3600,
        ),
    ] = 2
    longest_delay: Annotated[int, option("The longest delay, seconds", "Наибольшая задержка, секунд", ge=1, le=DAY)] = (
        5 * MINUTE
    )
    forget_tries_after: Annotated[
        int,
        option(
            "Seconds without a failure after which failures are forgotten",
            "Через сколько секунд без ошибок они забываются",
            ge=MINUTE,
            le=30 * DAY,
        ),
    ] = 60 * MINUTE
    http_server: Annotated[
        str, option("HTTP server told to clients, host:port", "HTTP-сервер для клиентов, адрес:порт", max_length=255)
    ] = ""
    stun_server: Annotated[
        str, option("STUN server told to clients, host:port", "STUN-сервер для клиентов, адрес:порт", max_length=255)
    ] = ""
