"""The fixtures of served.py for the tests of this folder."""

from roschat.transports.tests.served import key_folder, no_errors, server

__all__ = ["key_folder", "no_errors", "server"]
