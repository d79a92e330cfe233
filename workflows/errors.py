"""The root of what can go wrong here in a way that a person can act on."""


class StackError(RuntimeError):
    """Something the person who typed the command can change; the message says it in a sentence."""
