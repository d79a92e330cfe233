"""The text encoder all-MiniLM-L6-v2, run by onnxruntime on one thread."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from shared.spaces.card import MODEL_FILE, TOKENIZER_FILE, Card, EncoderRefused, read_card

_BATCH: Final = 16
_PIECE: Final = 1 << 20
# No word of a text this far in is among the first 256 tokens that count.
_MAX_CHARACTERS: Final = 20_000
# How protobuf writes the key under which a tensor names a file of its own.
_EXTERNAL: Final = b"\x0a\x08location\x12"


class Encoder:
    """Turns texts into 384 dimensions; about 5 ms of one core for 32 tokens.

    It computes in the calling thread: an operation on an event loop calls it in a thread of its
    own (`asyncio.to_thread`), which onnxruntime allows from several at once.
    """

    def __init__(self, session: Any, tokenizer: Tokenizer, card: Card) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._dimensions = card.dimensions
        self.weights_sha256 = card.weights_sha256

    @classmethod
    def open(cls, folder: Path) -> "Encoder":
        """The encoder that `python -m shared.spaces.export` built in `folder` (ENCODER_DIR).

        Both files are hashed (0.04 s for 45 MB) before onnxruntime parses them: a half-copied
        file would otherwise answer with other vectors. Raises EncoderMissing or EncoderRefused.
        """
        card = read_card(folder)
        _verify(folder / TOKENIZER_FILE, card.tokenizer_sha256)
        _verify(folder / MODEL_FILE, card.model_sha256)
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), _options(), providers=["CPUExecutionProvider"]
        )
        return cls(session, tokenizer, card)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, (n, 384), in the order of the texts.

        A text counts up to its 256th token. What stands beside a text in a batch changes its
        vector by less than 1e-6.
        """
        vectors = np.empty((len(texts), self._dimensions), np.float32)
        tokens = [self._tokens(text) for text in texts]
        for batch in _batches(tokens):
            vectors[batch] = self._run([tokens[index] for index in batch])
        return vectors

    def _tokens(self, text: str) -> list[int]:
        # One text at a time: encode_batch would start a thread per core for a few sentences.
        ids: list[int] = self._tokenizer.encode(_clean(text)).ids
        return ids

    def _run(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(tokens):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        result: NDArray[np.float32] = vectors
        return result


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Everything but the layouts that depend on the processor; it takes no measurable start-up time.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    return options


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Indices of texts alike in length, so that little is spent on padding."""
    order = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
    for begin in range(0, len(order), _BATCH):
        yield order[begin : begin + _BATCH]


def _clean(text: str) -> str:
    """Cut, and with lone surrogates replaced, which no tokenizer takes."""
    return text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode()


def _verify(path: Path, sha256: str) -> None:
    """Raise EncoderRefused unless the file is the one on the card and names no other file."""
    digest, tail = hashlib.sha256(), b""
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                if _EXTERNAL in tail + piece:
                    raise EncoderRefused(f"{path.name} keeps tensors in another file.")
                tail = piece[-len(_EXTERNAL) :]
    except FileNotFoundError:
        raise EncoderRefused(f"{path.name} is missing beside its card: export it again.") from None
    if digest.hexdigest() != sha256:
        raise EncoderRefused(f"{path.name} is not the file that its card names: export it again.")
