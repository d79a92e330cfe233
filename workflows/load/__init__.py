"""Load on the whole stack from outside: locust at the gateway, and an audit of what was kept."""
