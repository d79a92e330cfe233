"""Resource names that the tests of Cloud Tasks use."""

LOCATION = "projects/overplanned-local/locations/us-central1"
