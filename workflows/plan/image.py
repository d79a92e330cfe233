"""The lines that make the one image of all functions: built once per commit."""

from collections.abc import Iterator

from workflows.plan.release import REPOSITORY, Release
from workflows.plan.steps import Argv, Ensure, Flags, Step, gcloud

BUILD_TIMEOUT_S = 1800


def build(release: Release) -> Iterator[Step]:
    """The repository of images, and the build unless this commit already has an image."""
    where: Flags = {"project": release.project, "location": release.region}
    yield Ensure(
        probe=gcloud("artifacts", "repositories", "describe", REPOSITORY, **where),
        create=gcloud(
            "artifacts", "repositories", "create", REPOSITORY, repository_format="docker", **where
        ),
    )
    yield Ensure(
        probe=digest(release),
        create=gcloud(
            "builds",
            "submit",
            ".",
            tag=release.tagged_image,
            timeout=f"{BUILD_TIMEOUT_S}s",
            project=release.project,
        ),
    )


def digest(release: Release) -> Argv:
    """Prints the digest of the commit's image."""
    return gcloud(
        "artifacts",
        "docker",
        "images",
        "describe",
        release.tagged_image,
        format="value(image_summary.digest)",
        project=release.project,
    )
