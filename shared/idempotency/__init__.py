"""One request, one effect: claims on an Idempotency-Key and the stored answer."""
