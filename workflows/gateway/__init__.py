"""The stack's front door: routes by the manifest to the functions' processes."""
