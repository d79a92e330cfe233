"""The kinds of step a release is made of, each one or two gcloud lines."""

import shlex
from dataclasses import dataclass

Argv = tuple[str, ...]
Flags = dict[str, str | float | bool | None]


@dataclass(frozen=True, slots=True)
class Run:
    """A line that may run again and again: gcloud itself makes it so."""

    argv: Argv

    def shown(self, *, first: bool) -> tuple[Argv, ...]:
        """The lines that a dry run prints."""
        return (self.argv,)


@dataclass(frozen=True, slots=True)
class Ensure:
    """A thing that gcloud can only create or update: `probe` (a describe) tells which.

    Without `update` the thing has no settings of ours to converge.
    """

    probe: Argv
    create: Argv
    update: Argv | None = None

    def shown(self, *, first: bool) -> tuple[Argv, ...]:
        """Create, then update: in a shell the first says "already exists" and harms nothing."""
        if first or self.update is None:
            return (self.create,)
        return (self.create, self.update)


@dataclass(frozen=True, slots=True)
class Deploy:
    """A service's next revision; `create` where `probe` (a list) prints no such service.

    Cloud Run refuses --no-traffic on a service's first revision, and a repeated `create` would
    move traffic, so a dry run shows only one of the two.
    """

    probe: Argv
    create: Argv
    update: Argv

    def shown(self, *, first: bool) -> tuple[Argv, ...]:
        """The line for a service that exists, or with `first` for one that does not."""
        return (self.create if first else self.update,)


Step = Run | Ensure | Deploy


def gcloud(*words: str, **flags: str | float | bool | None) -> Argv:
    """One gcloud command: `flags` become `--a-flag=value`, True `--a-flag`, None and False nothing.

    Flags follow the words, each with its value behind `=`, as gcloud's own linter reads them.
    """
    given = []
    for name, value in flags.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            given.append(flag)
        elif value is not None and value is not False:
            given.append(f"{flag}={value}")
    return ("gcloud", *words, *given)


def as_line(argv: Argv) -> str:
    """The command as one shell line."""
    return shlex.join(argv)
