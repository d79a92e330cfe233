"""What every emulator stands on; see emulators/README.md."""
