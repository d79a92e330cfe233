"""The functions on this machine: one Functions Framework process each, started when called."""
