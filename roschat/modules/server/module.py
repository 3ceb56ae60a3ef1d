"""The messenger; each feature is a sub-folder."""

from roschat.kernel.features import FeatureModule


class Server(FeatureModule):
    """Accounts, directory, presence, conversations, messages, channels, files, search."""
