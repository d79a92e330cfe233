"""Shows an operator what could not be delivered."""
