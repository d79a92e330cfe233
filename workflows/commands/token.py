"""`token`: prints a bearer token that the functions accept as they would one from NextAuth."""

import argparse
import asyncio

from workflows.stack import Stack


def main(arguments: argparse.Namespace) -> int:
    """Prints the token; with --admin the user becomes an administrator first."""
    stack = Stack.attach(arguments.data)
    print(asyncio.run(stack.token(arguments.user, admin=arguments.admin)))
    return 0
