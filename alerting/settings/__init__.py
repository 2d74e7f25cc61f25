"""What a stack may say: Pulumi config to frozen models; every config error is raised here."""

from alerting.settings.mistakes import SettingsError
from alerting.settings.settings import Settings

__all__ = ["Settings", "SettingsError"]
