"""The running features of people, for the tests of this folder."""

from roschat.modules.server.accounts.tests.office import office

__all__ = ["office"]
