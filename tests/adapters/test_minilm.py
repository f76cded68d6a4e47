"""The embedded model: its vectors against the original's, and its files when missing, damaged or contended."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.adapters import model_files
from qa.adapters.minilm import FILES, FINGERPRINT, MiniLM
from qa.adapters.model_files import TOKENIZER, ModelFiles
from qa.errors import NotConfigured

ROOT = Path(__file__).parents[2]
REFERENCE: list[dict[str, Any]] = json.loads((ROOT / "tests/data/minilm_reference.json").read_text("utf-8"))["rows"]
TEXTS = [row["text"] for row in REFERENCE]
LONG = TEXTS[-1]
GRAPH = FILES.graph


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph and the tokenizer."""
    folder = tmp_path_factory.mktemp("files")
    FILES.write(folder)
    return folder


@pytest.fixture(scope="module")
def model(files: Path) -> MiniLM:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_files, "PACKAGED", files)
        return MiniLM()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder, empty; and no wheel."""
    folder = tmp_path / "cache"
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(folder / name))
    monkeypatch.setattr(model_files, "PACKAGED", tmp_path / "none")
    return folder / "qa" / "models" / FINGERPRINT


@pytest.fixture
def filled(cache: Path, files: Path) -> Path:
    shutil.copytree(files, cache)
    return cache


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, model_files.PACKAGE, None)


def in_new_process(code: str, home: Path) -> "subprocess.Popen[str]":
    # onnxruntime reports nothing where either is set, and this is about where neither is.
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    env = kept | {"HOME": str(home), "TMPDIR": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env, stdout=pipe, stderr=pipe, text=True)


# Vectors


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: row["text"][:20].strip() or "blank")
def test_a_vector_is_the_original_models(model: MiniLM, row: dict[str, Any]) -> None:
    vector, original = np.array(model.embed([row["text"]])[0]), np.array(row["vector"])
    assert len(vector) == model.dimensions
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert vector @ original / np.linalg.norm(original) >= 0.9999


def test_a_vector_does_not_depend_on_the_company(model: MiniLM) -> None:
    texts = TEXTS * 3 + [LONG[:n] for n in range(1, 900, 7)]
    alone = np.array([model.embed([text])[0] for text in texts])
    assert np.abs(np.array(model.embed(texts)) - alone).max() <= 1e-6
    assert np.abs(np.array(model.embed(texts[::-1]))[::-1] - alone).max() <= 1e-6


def test_nothing_gives_nothing(model: MiniLM) -> None:
    assert model.embed([]) == []


def test_only_the_first_254_tokens_are_read(model: MiniLM) -> None:
    words = "harbour " * 300
    assert model.count_tokens(words) == 300
    read, cut, more = model.embed([words[: 8 * 254], words[: 8 * 253], words])
    assert more == read
    assert cut != read


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: row["text"][:20].strip() or "blank")
def test_tokens_are_counted_without_special_ones_and_without_a_limit(model: MiniLM, row: dict[str, Any]) -> None:
    assert model.count_tokens(row["text"]) == row["tokens"]


def test_half_a_surrogate_pair_is_read_as_a_question_mark(model: MiniLM) -> None:
    assert model.embed(["caf\udce9"]) == model.embed(["caf?"])
    assert model.count_tokens("\udce9") == 1


def test_threads_may_share_a_model(model: MiniLM) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: model.embed([text])[0], TEXTS * 2))
    assert found == [model.embed([text])[0] for text in TEXTS * 2]


def test_a_failure_of_the_library_is_translated(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "PACKAGED", files)
    model = MiniLM()
    model._first = 10**6  # no such token
    with pytest.raises(NotConfigured, match="failed"):
        model.embed(["Rain."])


# Files


def test_the_graph_is_built_once_and_kept(cache: Path, model: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    built = MiniLM()
    assert sorted(path.name for path in cache.iterdir()) == sorted([GRAPH, TOKENIZER])
    monkeypatch.setattr(ModelFiles, "_build", lambda _: pytest.fail("built again"))
    again = MiniLM()
    assert built.embed(["Rain."]) == again.embed(["Rain."]) == model.embed(["Rain."])


def test_building_gives_the_same_bytes_each_time(files: Path, tmp_path: Path) -> None:
    FILES.write(tmp_path)
    assert all((tmp_path / name).read_bytes() == (files / name).read_bytes() for name in (GRAPH, TOKENIZER))


@pytest.mark.usefixtures("no_package")
def test_an_installed_wheel_needs_neither_package_nor_cache(
    cache: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_files, "PACKAGED", files)
    assert len(MiniLM().embed(["Rain."])) == 1
    assert not cache.exists()


@pytest.mark.usefixtures("cache", "no_package")
def test_without_any_files_the_error_names_the_command() -> None:
    with pytest.raises(NotConfigured, match="make setup"):
        MiniLM()


@pytest.mark.parametrize("changed", [model_files.WEIGHTS, TOKENIZER])
def test_other_files_than_the_published_are_refused(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    spec = find_spec(model_files.PACKAGE)
    assert spec
    assert spec.submodule_search_locations
    other = tmp_path / "other" / model_files.PACKAGE
    (other / "model").mkdir(parents=True)
    (other / "__init__.py").write_text("raise AssertionError('the package was imported')")
    for name in (model_files.WEIGHTS, TOKENIZER):
        content = (Path(spec.submodule_search_locations[0]) / "model" / name).read_bytes()
        (other / "model" / name).write_bytes(content + b" " * (name == changed))
    monkeypatch.syspath_prepend(tmp_path / "other")
    with pytest.raises(NotConfigured, match=f"{changed} is not the published file"):
        MiniLM()
    assert not cache.exists()


@pytest.mark.usefixtures("cache")
def test_a_package_without_its_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / model_files.PACKAGE).mkdir()
    (tmp_path / model_files.PACKAGE / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(NotConfigured, match="cannot be read"):
        MiniLM()


def truncated(part: float) -> Callable[[bytes], bytes]:
    return lambda content: content[: int(len(content) * part)]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": truncated(0),
    "half": truncated(0.5),
    "nearly whole": lambda content: content[:-1],
    "zeros": lambda content: bytes(len(content)),
}


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_mended(filled: Path, files: Path, model: MiniLM, name: str, damage: str) -> None:
    (filled / name).write_bytes(DAMAGES[damage]((files / name).read_bytes()))
    assert MiniLM().embed(["Rain."]) == model.embed(["Rain."])
    assert (filled / name).read_bytes() == (files / name).read_bytes()


@pytest.mark.usefixtures("no_package")
def test_a_damaged_cache_that_cannot_be_mended(filled: Path) -> None:
    (filled / GRAPH).write_bytes(b"")
    with pytest.raises(NotConfigured, match=r"missing or damaged.*make setup"):
        MiniLM()


def test_a_cache_that_cannot_be_written_to(cache: Path, model: MiniLM) -> None:
    cache.parents[2].write_text("a file where the folder would be")
    assert MiniLM().embed(["Rain."]) == model.embed(["Rain."])


def test_a_full_disk_leaves_no_half_of_a_file(cache: Path, model: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert MiniLM().embed(["Rain."]) == model.embed(["Rain."])
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers", "onnx"])
def test_a_library_is_missing(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.delitem(sys.modules, "qa.adapters.minilm_graph", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(NotConfigured, match=rf"{library}.*make setup"):
        MiniLM()


# Processes


@pytest.mark.usefixtures("cache")
def test_two_threads_build_at_once(model: MiniLM) -> None:
    with ThreadPoolExecutor(2) as threads:
        built = list(threads.map(lambda _: MiniLM(), range(2)))
    assert [m.embed(["Rain."]) for m in built] == [model.embed(["Rain."])] * 2


def test_two_processes_build_at_once_and_leave_nothing_else(tmp_path: Path, model: MiniLM) -> None:
    code = "from qa.adapters.minilm import MiniLM; print(MiniLM().embed(['Rain.']))"
    processes = [in_new_process(code, tmp_path) for _ in range(2)]
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
        assert json.loads(out) == model.embed(["Rain."])
    # Neither what was being written, nor onnxruntime's device id, which says that it would report.
    found = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert found == sorted([GRAPH, TOKENIZER])


def test_importing_the_module_loads_no_library(tmp_path: Path) -> None:
    code = "import sys, qa.adapters.minilm; print(*sys.modules)"
    out, _ = in_new_process(code, tmp_path).communicate(timeout=120)
    assert not {"onnx", "onnxruntime", "tokenizers", "numpy", "platformdirs", model_files.PACKAGE} & set(out.split())
