"""The first-run wizard: the steps that make a new installation work, each done by who may do it.

The security administrator changes the first password and makes the first administrator, who does the rest.
"""

from enum import StrEnum

from roschat.wire.declare import ADMIN, SECURITY, command
from roschat.wire.message import Command, Empty, Message
from roschat.wire.rest import rest


class Step(StrEnum):
    """The steps, in their order."""

    PASSWORD = "password"  # noqa: S105 - the step that changes it
    ADMINISTRATOR = "administrator"
    ADDRESS = "address"
    CERTIFICATE = "certificate"
    MAIL = "mail"
    PEOPLE = "people"
    TEST = "test"


class StepState(StrEnum):
    """Whether a step still waits."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"


class WizardStep(Message, frozen=True):
    """A step of the caller's role."""

    name: Step
    state: StepState


class Wizard(Message, frozen=True, omit_defaults=False):
    """The steps of the caller's role; `open` says that they are to be shown after the sign-in."""

    open: bool
    steps: list[WizardStep]


@rest("GET", "/wizard", tag="wizard")
@command("get-wizard", access=SECURITY | ADMIN)
class GetWizard(Command[Wizard], frozen=True):
    """How far the installation is."""


@rest("PUT", "/wizard/steps/{step}", tag="wizard")
@command("put-wizard-step", access=SECURITY | ADMIN)
class PutWizardStep(Command[Wizard], frozen=True):
    """Say that a step of one's role is done, skipped, or waits again."""

    step: Step
    state: StepState


@rest("PUT", "/wizard", tag="wizard")
@command("put-wizard", access=SECURITY | ADMIN)
class PutWizard(Command[Empty], frozen=True):
    """Put the wizard away for the own role, or bring it back."""

    open: bool
