"""The function that does nothing: what the framework, the server and the gateway cost alone."""
