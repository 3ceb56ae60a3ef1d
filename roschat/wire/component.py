"""The components of a running program, as processes tell of them and as somebody wants them restarted.

A component is a module that a process runs. Processes are asked by an event, so that this works in one process and
between several: `ProcessAsked` → a `ProcessTold` of each; `ComponentWanted` and `RestartWanted` → a `WishTaken` of each
process that is concerned, before it begins.
"""

from roschat.wire.declare import event
from roschat.wire.message import Event, Message


class ComponentState(Message, frozen=True):
    """A component of one process. `since` is Unix time in seconds."""

    name: str
    title: str
    """For people, in English; empty: the name."""
    title_ru: str
    summary: str
    state: str
    """ok, degraded, failed, stopped, starting, stopping"""
    text: str = ""
    text_ru: str = ""
    since: float = 0.0
    who: str = ""
    """Who stopped it, or restarted it last."""
    actions: list[str] = []
    """restart, stop, start: what can be done with it now."""


class PartState(Message, frozen=True):
    """One thing that is not well, or worth knowing, about a part of a process."""

    part: str
    code: str
    state: str
    """ok for a notice, degraded, failed"""
    text: str
    text_ru: str = ""
    fix: str = ""
    required: bool = True


@event("process-asked")
class ProcessAsked(Event, frozen=True):
    """Every process shall tell how it is."""

    number: str


@event("process-told")
class ProcessTold(Event, frozen=True):
    """How a process is."""

    number: str
    process: str
    """Its name on the bus; empty when there is only one."""
    name: str
    """Its name for people; empty for the only one of an installation."""
    state: str
    parts: dict[str, str]
    """ok, degraded or failed by name of the part."""
    problems: list[PartState]
    components: list[ComponentState]
    figures: dict[str, float] = {}
    """What it measures of itself; see kernel/figures.py."""


@event("component-wanted")
class ComponentWanted(Event, frozen=True):
    """A component shall be restarted, stopped or started wherever it runs (in one process, when that is named)."""

    number: str
    name: str
    action: str
    who: str
    process: str = ""


@event("restart-wanted")
class RestartWanted(Event, frozen=True):
    """Every process shall end in order and begin again with the same command line."""

    number: str
    who: str


@event("wish-taken")
class WishTaken(Event, frozen=True):
    """A process does what was wanted, or says why not."""

    number: str
    process: str = ""
    error: str = ""
    text: str = ""


@event("component-changed")
class ComponentChanged(Event, frozen=True):
    """A component of a process is in another state now."""

    process: str
    name: str
    state: str
    text: str = ""
    who: str = ""
