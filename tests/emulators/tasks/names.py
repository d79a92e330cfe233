"""Names and figures that the tests of Cloud Tasks share."""

LOCATION = "projects/overplanned-local/locations/us-central1"
MIN_BACKOFF_S = 600
