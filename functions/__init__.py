"""What the system does: one folder, one deployable, one verb."""
