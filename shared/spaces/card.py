"""The card that lies beside a built encoder: what it was made from and what it must be."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

MODEL_FILE: Final = "encoder.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
CARD_FILE: Final = "card.json"
CARD_FORMAT: Final = 1


class EncoderMissing(Exception):
    """No encoder has been built where one is looked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds no text encoder: run python -m shared.spaces.export --out {folder}"
        )


class EncoderRefused(Exception):
    """An encoder is there, but it is not what its card says, or is unsafe to load."""


@dataclass(frozen=True, slots=True)
class Card:
    """sha256 of weights, recipe (graph.py) and both files beside it; max_length in tokens."""

    source: str
    weights_sha256: str
    recipe_sha256: str
    model_sha256: str
    tokenizer_sha256: str
    max_length: int
    dimensions: int
    precision: str
    format: int = CARD_FORMAT

    def write(self, folder: Path) -> None:
        """Write the card into `folder`."""
        (folder / CARD_FILE).write_text(json.dumps(asdict(self), indent=2) + "\n")


def read_card(folder: Path) -> Card:
    """The card of a built encoder; raises EncoderMissing or EncoderRefused."""
    try:
        members: dict[str, Any] = json.loads((folder / CARD_FILE).read_text())
        if members["format"] != CARD_FORMAT:
            raise EncoderRefused(f"{folder / CARD_FILE} is of another format: export it again.")
        return Card(**members)
    except (FileNotFoundError, NotADirectoryError):
        raise EncoderMissing(folder) from None
    except (ValueError, TypeError, KeyError):
        raise EncoderRefused(f"{folder / CARD_FILE} is not a card: export it again.") from None
