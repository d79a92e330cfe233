"""Stand-ins for cloud services, spoken to through the official clients."""
