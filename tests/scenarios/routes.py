"""The public routes."""

from uuid import uuid4

TRIPS = "/api/v1/trips"
SIGNALS = "/api/v1/signals"
ONBOARDING = "/api/v1/users/me/onboarding"
PERSONA = "/api/v1/users/me/persona"
SEED = "/api/v1/admin/seed-city"

TAKE_A_BODY = [("POST", TRIPS), ("POST", SIGNALS), ("PUT", ONBOARDING), ("POST", SEED)]
EVERY_ROUTE = [*TAKE_A_BODY, ("GET", f"{TRIPS}/{uuid4()}"), ("GET", PERSONA)]
