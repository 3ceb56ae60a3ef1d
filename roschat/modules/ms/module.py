"""The management system; each feature is a sub-folder."""

from roschat.kernel.features import FeatureModule


class Ms(FeatureModule):
    """Console users, gateway, settings, monitor, journal, mail, licence."""
