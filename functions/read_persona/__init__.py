"""Shows a traveller what is known of their taste."""
