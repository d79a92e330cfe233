"""The plan: the gcloud lines that a release of the wiring is made of."""
