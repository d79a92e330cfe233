"""The training bucket on Cloud Storage: objects as streams, and never one mixed of two writers."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import BinaryIO, Final, cast

from google.api_core.exceptions import NotFound
from google.cloud.storage import Client
from google.cloud.storage.exceptions import InvalidResponse
from google.cloud.storage.fileio import BlobReader, BlobWriter

from shared.runtime.settings import Settings

# What a stream holds in memory; uploads take multiples of 256 KiB.
CHUNK_BYTES: Final = 2 * 1024 * 1024


class WrittenMeanwhile(RuntimeError):
    """Another writer finished the object first; what we wrote is dropped."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"{uri} was written by someone else meanwhile; try again.")


class TrainingBucket:
    """The objects of TRAINING_BUCKET; every call blocks, so call it in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._name = settings["TRAINING_BUCKET"]
        # Without the emulator's address the client signs in as the job's service account.
        self._client = Client(project=settings.project)
        self._bucket = self._client.bucket(self._name)

    def close(self) -> None:
        """Close the connections to Cloud Storage."""
        self._client.close()

    def uri(self, name: str) -> str:
        """Return the `gs://` address of an object."""
        return f"gs://{self._name}/{name}"

    def name_of(self, uri: str) -> str:
        """Return the object's name; raise ValueError for an address outside the bucket."""
        start = self.uri("")
        if not uri.startswith(start):
            raise ValueError(f"{uri} does not lie in the bucket {self._name}.")
        return uri.removeprefix(start)

    @contextmanager
    def writing(self, name: str) -> Iterator[BlobWriter]:
        """Stream into an object, which appears when the block ends well and else stays as it was.

        Raises WrittenMeanwhile where someone else wrote the object since the block began.
        """
        found = self._bucket.get_blob(name)
        generation = found.generation if found else 0
        try:
            with BlobWriter(
                self._bucket.blob(name),
                chunk_size=CHUNK_BYTES,
                content_type="application/vnd.apache.parquet",
                if_generation_match=generation,
            ) as writer:
                yield writer
        except InvalidResponse as error:
            if error.response.status_code == HTTPStatus.PRECONDITION_FAILED:
                raise WrittenMeanwhile(self.uri(name)) from error
            raise

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        """Read an object piece by piece; raises NotFound."""
        with BlobReader(self._bucket.blob(name), chunk_size=CHUNK_BYTES) as reader:
            yield cast("BinaryIO", reader)

    def sha256(self, name: str) -> str:
        """Return the SHA-256 of an object's bytes as they are read back; raises NotFound."""
        digest = hashlib.sha256()
        with self.reading(name) as reader:
            while piece := reader.read(CHUNK_BYTES):
                digest.update(piece)
        return digest.hexdigest()

    def put(self, name: str, content: bytes, content_type: str) -> None:
        """Write a small object, in the place of one that is there."""
        self._bucket.blob(name).upload_from_string(content, content_type=content_type)

    def delete(self, prefix: str) -> int:
        """Delete all objects under the prefix; return how many there were."""
        found = list(self._client.list_blobs(self._bucket, prefix=prefix))
        for blob in found:
            try:
                blob.delete()
            except NotFound:
                continue  # another shard was quicker
        return len(found)
