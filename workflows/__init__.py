"""How the system is wired: the manifest, and its readers that run, deploy and describe it."""
