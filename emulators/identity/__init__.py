"""The OIDC issuer: certificates for the tokens that the other emulators sign."""

from emulators.identity.server import start

__all__ = ["start"]
