"""Cloud Storage's JSON API, as google-cloud-storage speaks to STORAGE_EMULATOR_HOST."""

from emulators.storage.server import start

__all__ = ["start"]
