"""Makes the personas of travellers anew whose answers say more than their persona knows."""
