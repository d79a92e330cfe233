"""Calls to the language model: which model a purpose may use, what it costs, the ledger."""
