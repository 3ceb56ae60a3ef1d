"""Which services there are and what each asks. Pure: who has which number, the database knows.

A number belongs to a *plan*: RosChat's own SIP numbers are one, those of each TETRA server, of the PBX MX-1000 and of
each kind of DX-500 set are others. In one plan nobody has a number twice, and no two people have the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from roschat.kernel.errors import Invalid
from roschat.modules.server.contacts.api import ServiceParameter, ServiceType

ROSCHAT, PBX = "roschat", "pbx"
MX_1000 = "mx-1000"

_number = re.compile(r"\+?[0-9]{1,20}|[*#0-9]{1,20}", re.ASCII)
_ssi = re.compile(r"[0-9]{1,8}", re.ASCII)
_filling = re.compile(r"[ ()\-.\u00a0]")
LARGEST_SSI = 16_777_215
"""24 bits (ETSI EN 300 392-1)."""


@dataclass(frozen=True)
class Kind:
    """A service: its group in the console, its parameters, the plan of its number."""

    group: str
    params: tuple[ServiceParameter, ...] = ()
    plan: str = ""


_NUMBER = (ServiceParameter("number"),)

KINDS: Mapping[ServiceType, Kind] = {
    ServiceType.COMPUTER: Kind(ROSCHAT),
    ServiceType.MOBILE: Kind(ROSCHAT),
    ServiceType.SIP: Kind(ROSCHAT, _NUMBER, "sip"),
    ServiceType.RADIO: Kind(ROSCHAT),
    ServiceType.TETRA: Kind(ROSCHAT, (ServiceParameter("server", "server"), ServiceParameter("ssi", "ssi")), "tetra"),
    ServiceType.VIDEOMOST: Kind(ROSCHAT),
    ServiceType.PBX_SIP: Kind(PBX, _NUMBER, MX_1000),
    ServiceType.PBX_ANALOG: Kind(PBX, _NUMBER, MX_1000),
    ServiceType.PBX_DECT: Kind(PBX, _NUMBER, MX_1000),
    ServiceType.PBX_ISDN_TDM: Kind(PBX, _NUMBER, MX_1000),
    ServiceType.PBX_FXS: Kind(PBX, _NUMBER, MX_1000),
    ServiceType.PBX_ISDN: Kind(PBX, _NUMBER, MX_1000),
    ServiceType.DX500_SIP: Kind(PBX, _NUMBER, "dx-500 sip"),
    ServiceType.DX500_CTA: Kind(PBX, _NUMBER, "dx-500 cta"),
    ServiceType.DX500_ATA: Kind(PBX, _NUMBER, "dx-500 ata"),
}
"""In the order of the console."""


@dataclass(frozen=True)
class Checked:
    """A service with good parameters. `number` is empty when it has none."""

    type: ServiceType
    params: dict[str, str]
    plan: str
    number: str
    parameter: str
    """The parameter that the number stands in."""


def checked(kind: ServiceType, params: Mapping[str, str]) -> Checked:
    """Check the parameters of a service. Raises Invalid with the bad ones in `fields`."""
    known = KINDS[kind]
    names = {one.name for one in known.params}
    for name in params:
        if name not in names:
            told = ", ".join(sorted(names)) or "none"
            raise Invalid(f"The service {kind} has no parameter {name[:50]!r}; its parameters: {told}.")
    good: dict[str, str] = {}
    bad: dict[str, str] = {}
    for one in known.params:
        value = params.get(one.name, "").strip()
        if one.kind in ("number", "ssi"):
            value = _filling.sub("", value)
        if not value:
            if one.needed:
                bad[one.name] = "empty"
        elif not _fits(one.kind, value):
            bad[one.name] = "bad-value"
        else:
            good[one.name] = value
    if bad:
        told = "; ".join(f"{name} {params.get(name, '')[:50]!r}" for name in bad)
        raise Invalid(f"The service {kind} needs a number of digits in: {told}.", fields=bad)
    parameter = "ssi" if kind is ServiceType.TETRA else "number" if known.params else ""
    plan = f"{known.plan} {good['server']}" if kind is ServiceType.TETRA else known.plan
    return Checked(kind, good, plan, good.get(parameter, ""), parameter)


def _fits(kind: str, value: str) -> bool:
    if kind == "number":
        return _number.fullmatch(value) is not None
    if kind == "ssi":
        return _ssi.fullmatch(value) is not None and 0 < int(value) <= LARGEST_SSI
    return len(value) <= 200 and value.isprintable()
