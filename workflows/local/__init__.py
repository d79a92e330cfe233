"""The local stack: engines, emulators, functions and gateway as one thing that starts and stops."""
