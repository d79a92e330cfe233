"""Builds the text encoder for serving: `python -m shared.spaces.export --out DIR [--weights W]`."""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from shared.spaces.card import (
    CARD_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    Card,
    EncoderMissing,
    EncoderRefused,
    read_card,
)
from shared.spaces.weights import (
    Source,
    WeightsMissing,
    WeightsRefused,
    locate,
    read_safetensors,
    sha256_of,
    verified,
)

MAX_LENGTH: Final = 256
# An encoder made by other code than today's is built again.
_RECIPE: Final = Path(__file__).with_name("graph.py")


def export(source: Source, folder: Path) -> bool:
    """Build the encoder of `source` in `folder`; False where it already stands there.

    The folder appears whole or not at all. Raises WeightsMissing or WeightsRefused.
    """
    weights_sha256 = verified(source)
    tokenizer = _tokenizer(source.folder / "tokenizer.json")
    if _stands(folder, weights_sha256, tokenizer):
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _build(source, weights_sha256, tokenizer, building)
        building.chmod(0o755)
        _swap(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True


def _stands(folder: Path, weights_sha256: str, tokenizer: str) -> bool:
    try:
        card = read_card(folder)
        return (
            (card.weights_sha256, card.recipe_sha256) == (weights_sha256, sha256_of(_RECIPE))
            and card.model_sha256 == sha256_of(folder / MODEL_FILE)
            and (folder / TOKENIZER_FILE).read_text() == tokenizer
        )
    except (EncoderMissing, EncoderRefused, OSError):
        return False


def _build(source: Source, weights_sha256: str, tokenizer: str, folder: Path) -> None:
    # numpy and onnx are needed only to build: an export that is up to date starts without them.
    from shared.spaces.graph import Shape, build

    config = json.loads((source.folder / "config.json").read_text())
    try:
        shape = Shape.of_config(config)
        weights = read_safetensors(source.folder / "model.safetensors")
        model = build(weights, shape, MAX_LENGTH)
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsRefused(f"{source.name} is not a BERT of this shape: {error!r}.") from error
    (folder / MODEL_FILE).write_bytes(model.SerializeToString(deterministic=True))
    (folder / TOKENIZER_FILE).write_text(tokenizer)
    Card(
        source=source.name,
        weights_sha256=weights_sha256,
        recipe_sha256=sha256_of(_RECIPE),
        model_sha256=sha256_of(folder / MODEL_FILE),
        tokenizer_sha256=sha256_of(folder / TOKENIZER_FILE),
        max_length=MAX_LENGTH,
        dimensions=shape.width,
        precision="float16",
    ).write(folder)


def _tokenizer(path: Path) -> str:
    """The tokenizer cut at MAX_LENGTH and unpadded; the published file pads everything to 128."""
    tokenizer = json.loads(path.read_text())
    tokenizer["truncation"] = {
        "direction": "Right",
        "max_length": MAX_LENGTH,
        "strategy": "LongestFirst",
        "stride": 0,
    }
    tokenizer["padding"] = None
    return json.dumps(tokenizer, ensure_ascii=False)


def _swap(built: Path, folder: Path) -> None:
    """Put `built` in the place of `folder`."""
    if folder.exists():
        stale = built.with_name(f"{built.name}-stale")
        folder.rename(stale)
        shutil.rmtree(stale, ignore_errors=True)
    built.rename(folder)


def main(arguments: list[str]) -> int:
    """Build, say what was built and how long it took; 1 and a sentence where it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m shared.spaces.export", description=__doc__)
    default = os.environ.get("ENCODER_DIR")
    parser.add_argument("--out", type=Path, default=default, required=default is None)
    parser.add_argument("--weights", help="a folder or a hub name; default: the bundled package")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        source = locate(asked.weights)
        built = export(source, Path(asked.out))
    except (WeightsMissing, WeightsRefused) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # make compares times: it must not find the card older than the code again.
    (Path(asked.out) / CARD_FILE).touch()
    verb = f"built in {time.monotonic() - began:.1f} s" if built else "up to date"
    sys.stdout.write(f"text encoder ({source.name}) {verb}: {asked.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
