"""`python -m workflows.plan`, called by ./deploy.sh: shows or runs a release line by line."""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace

from workflows.manifest import ROOT, ManifestError, load
from workflows.plan import image
from workflows.plan.checkout import Checkout
from workflows.plan.execute import Gcloud, StepFailed, execute, resolve_digest
from workflows.plan.plan import choose, prepare, release_steps
from workflows.plan.release import PlanError, Release
from workflows.plan.steps import as_line
from workflows.wiring import Function, Job, Wiring

PROJECT = "GOOGLE_CLOUD_PROJECT"
NUMBER = "GOOGLE_CLOUD_PROJECT_NUMBER"
REGION = "GOOGLE_CLOUD_REGION"
# Stand in a dry run for what was not given, in a form that gcloud's grammar takes.
SAMPLE_PROJECT = "your-project"
SAMPLE_NUMBER = "000000000000"
SAMPLE_COMMIT = "0" * 40


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0 when the release was shown or run, 1 with a sentence on stderr when it was not."""
    arguments = _arguments(argv)
    try:
        wiring = load()
        chosen = choose(wiring, None if arguments.all else arguments.function)
        if arguments.dry_run:
            _show(chosen, wiring, _sample(arguments), first=arguments.first)
        else:
            _carry_out(chosen, wiring, _release(arguments))
    except (ManifestError, PlanError, StepFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./deploy.sh", description="Release functions and jobs.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("function", nargs="?", help="one function or job, such as generate-trip")
    what.add_argument("--all", action="store_true", help="every function and job of the manifest")
    parser.add_argument("--dry-run", action="store_true", help="print the lines, run none")
    parser.add_argument(
        "--first", action="store_true", help="with --dry-run: as if no service existed yet"
    )
    parser.add_argument("--project", default=os.environ.get(PROJECT), help=f"or {PROJECT}")
    parser.add_argument("--project-number", default=os.environ.get(NUMBER), help=f"or {NUMBER}")
    parser.add_argument(
        "--region",
        default=os.environ.get(REGION, "us-central1"),
        help=f"or {REGION}; us-central1 when neither is given",
    )
    parser.add_argument("--commit", help="where this folder is no git work tree")
    return parser.parse_args(argv)


def _release(arguments: argparse.Namespace) -> Release:
    for value, flag, variable in (
        (arguments.project, "--project", PROJECT),
        (arguments.project_number, "--project-number", NUMBER),
    ):
        if not value:
            raise PlanError(f"A release needs {flag}, or {variable} in the environment.")
    return Release(
        project=arguments.project,
        number=arguments.project_number,
        region=arguments.region,
        commit=Checkout(ROOT).released(arguments.commit),
    )


def _sample(arguments: argparse.Namespace) -> Release:
    release = Release(
        project=arguments.project or SAMPLE_PROJECT,
        number=arguments.project_number or SAMPLE_NUMBER,
        region=arguments.region,
        commit=Checkout(ROOT).shown(arguments.commit) or SAMPLE_COMMIT,
    )
    for value, sample, fact in (
        (release.project, SAMPLE_PROJECT, "project (--project)"),
        (release.number, SAMPLE_NUMBER, "project number (--project-number)"),
        (release.commit, SAMPLE_COMMIT, "commit (--commit)"),
        (release.digest, release.digest, "digest that the registry tells after the build"),
    ):
        if value == sample:
            _note(f"{sample} stands for the {fact}")
    return release


def _show(
    chosen: Sequence[Function | Job], wiring: Wiring, release: Release, *, first: bool
) -> None:
    if not first:
        _note("a service that does not exist yet is created without --no-traffic: see --first")
    _note(
        "where a create line says 'already exists', all is well; a release asks before it creates"
    )
    before = (prepare(chosen, release), *image.build(release))
    after = release_steps(chosen, wiring, release)
    lines = [line for step in before for line in step.shown(first=first)]
    lines.append(image.digest(release))
    lines += [line for step in after for line in step.shown(first=first)]
    print("\n".join(map(as_line, lines)))


def _carry_out(chosen: Sequence[Function | Job], wiring: Wiring, release: Release) -> None:
    if shutil.which("gcloud") is None:
        raise PlanError("The command gcloud is not on this machine; install the Google Cloud CLI.")
    cloud = Gcloud()
    execute((prepare(chosen, release), *image.build(release)), cloud)
    resolved = replace(release, digest=resolve_digest(release, cloud))
    execute(release_steps(chosen, wiring, resolved), cloud)


def _note(text: str) -> None:
    print(f"# {text}.", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
