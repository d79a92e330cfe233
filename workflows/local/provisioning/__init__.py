"""What provisioning creates in the emulators, through the official clients."""
