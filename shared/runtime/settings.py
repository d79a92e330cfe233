"""What a function is told by its environment, read once and checked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


class SettingMissing(RuntimeError):
    """A variable that the function needs is not set."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Set the environment variable {name}.")


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of one function process; a name that is not set raises SettingMissing."""

    environment: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Return the variable's value; raise SettingMissing when it is absent or empty."""
        value = self.environment.get(name)
        if not value:
            raise SettingMissing(name)
        return value

    def get(self, name: str) -> str | None:
        """Return the variable's value, or None when it is absent or empty."""
        return self.environment.get(name) or None

    @property
    def project(self) -> str:
        """The Google Cloud project's id."""
        return self["GOOGLE_CLOUD_PROJECT"]

    @property
    def region(self) -> str:
        """The region of functions and queues."""
        return self["GOOGLE_CLOUD_REGION"]

    @property
    def invoker(self) -> str:
        """The e-mail that queues, subscriptions and schedules sign their calls as."""
        return self["INVOKER_SERVICE_ACCOUNT"]

    def function_url(self, function: str) -> str:
        """Return the base URL of a function, which is also its OIDC audience."""
        return self["FUNCTION_URL_TEMPLATE"].replace("{service}", function.replace("_", "-"))


def read_settings() -> Settings:
    """Return the settings of this process."""
    return Settings(os.environ)
