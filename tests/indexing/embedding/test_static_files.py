from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.errors import MissingPartError
from indexing.embedding import static_files
from indexing.embedding.static import MODEL_FOLDER, StaticEmbedder

VECTORS = np.array([[1, 0, 0.5], [0, -2, 0], [0, 0, 0]], dtype=np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    static_files.write(tmp_path / "model", ["open", "##s", "\u2028"], VECTORS, {"made": "here"})
    return tmp_path / "model"


def test_what_was_written_is_read(folder):
    model = static_files.read(folder)
    assert model.vocabulary == ("open", "##s", "\u2028")
    assert model.codes * model.scales[:, None] == pytest.approx(VECTORS, abs=2 / 127)
    assert isinstance(model.codes.base, np.memmap)
    assert json.loads((folder / "model.json").read_text())["origin"] == {"made": "here"}


def test_the_digest_changes_with_the_vectors(folder, tmp_path):
    static_files.write(tmp_path / "other", ["open", "##s", "\u2028"], VECTORS * 2, {})
    assert static_files.read(tmp_path / "other").digest != static_files.read(folder).digest
    assert StaticEmbedder(tmp_path / "other").version != StaticEmbedder(folder).version


def test_other_near_words_leave_the_vectors_as_they_are(tmp_path):
    folder = tmp_path / "model"
    static_files.write(folder, ["open", "shut", "file"], VECTORS, {"made": "here"})
    before = static_files.read(folder)
    assert before.nearness.shape == (3, 2)
    static_files.rewrite_near_words(folder, np.array([[1, 0], [1, 0.1], [0, 1]], np.float32), {"near words": "elsewhere"})
    after = static_files.read(folder)
    assert after.digest == before.digest
    assert after.neighbours[:, 0].tolist() == [1, 0, 1]
    told = json.loads((folder / "model.json").read_text())
    assert told["origin"] == {"made": "here", "near words": "elsewhere"}


def test_added_words_leave_those_of_the_model_bit_for_bit(tmp_path):
    folder = tmp_path / "model"
    static_files.write(folder, ["open", "##s"], VECTORS[:2], {"made": "here"})
    before = static_files.read(folder)
    codes, scales = before.codes.copy(), before.scales.copy()
    static_files.add_words(folder, ["overdue", "unclosed"], np.array([[0, 0, 3], [1, 0, 0.6]], np.float32), {"added": 2})
    after = static_files.read(folder)
    assert after.vocabulary == ("open", "##s", "overdue", "unclosed")
    assert np.array_equal(after.codes[:2], codes)
    assert np.array_equal(after.scales[:2], scales)
    assert after.codes[2:] * after.scales[2:, None] == pytest.approx(np.array([[0, 0, 3], [1, 0, 0.6]]), abs=2 / 127)
    assert StaticEmbedder(folder).neighbours(["open"], 1)[0][0][0] == "unclosed"
    assert json.loads((folder / "model.json").read_text())["origin"] == {"made": "here", "added": 2}


@pytest.mark.parametrize("name", ["vocabulary.txt", "codes.npy", "scales.npy", "neighbours.npy", "nearness.npy"])
def test_a_damaged_file_is_told(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(MissingPartError, match=f"{name} is damaged"):
        static_files.read(folder)


@pytest.mark.parametrize(
    "name", ["model.json", "vocabulary.txt", "codes.npy", "scales.npy", "neighbours.npy", "nearness.npy"]
)
def test_a_missing_file_is_told(folder, name):
    (folder / name).unlink()
    with pytest.raises(MissingPartError, match="cannot be read"):
        static_files.read(folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 3}', '{"format": 3, "sha256": 3}'])
def test_a_broken_description_is_told(folder, text):
    (folder / "model.json").write_text(text)
    with pytest.raises(MissingPartError, match="cannot be read"):
        static_files.read(folder)


def test_another_format_is_told(folder):
    description = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**description, "format": 4}))
    with pytest.raises(MissingPartError, match="its format is 4"):
        static_files.read(folder)


def test_files_of_different_models_are_told(folder, tmp_path):
    static_files.write(tmp_path / "other", ["open"], VECTORS[:1], {})
    shutil.copy(tmp_path / "other" / "codes.npy", folder)
    description = json.loads((folder / "model.json").read_text())
    description["sha256"]["codes.npy"] = json.loads((tmp_path / "other" / "model.json").read_text())["sha256"]["codes.npy"]
    (folder / "model.json").write_text(json.dumps(description))
    with pytest.raises(MissingPartError, match="do not belong together"):
        static_files.read(folder)


def test_a_pickle_is_refused(folder):
    np.save(folder / "scales.npy", np.array([object()]), allow_pickle=True)
    description = json.loads((folder / "model.json").read_text())
    description["sha256"]["scales.npy"] = static_files._sha256(folder / "scales.npy")
    (folder / "model.json").write_text(json.dumps(description))
    with pytest.raises(MissingPartError, match="cannot be read"):
        static_files.read(folder)


def test_the_shipped_model_has_only_distinct_pieces():
    vocabulary = static_files.read(MODEL_FOLDER).vocabulary
    assert len(set(vocabulary)) == len(vocabulary) > 30_000
