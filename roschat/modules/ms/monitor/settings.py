"""When the monitor complains."""

from typing import Annotated

from msgspec import Struct

from roschat.kernel.options import option


class Settings(Struct, frozen=True):
    """Section `monitor`."""

    __title__ = ("Monitor", "Монитор")

    disk_free: Annotated[
        int,
        option("Warn below this share of free disk, %", "Предупреждать, если свободно диска меньше, %", ge=1, le=90),
    ] = 10
    memory_free: Annotated[
        int,
        option("Warn below this share of free memory, %", "Предупреждать, если свободно памяти меньше, %", ge=1, le=90),
    ] = 5
    loop_delay: Annotated[
        float, option("Warn when the program is late by, s", "Предупреждать при задержке программы, с", gt=0, le=60)
    ] = 1.0
    jobs_hours: Annotated[
        int, option("Show failed jobs for, hours", "Показывать неудачные задания, часов", ge=1, le=720)
    ] = 24
