"""Vectors in Chroma: queries, orphans, taking turns, damage, read-only folders; and who imports chromadb at all."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from index_fakes import FakeEmbedder, children, newspaper

from qa.adapters.chroma import Vectors
from qa.adapters.index import Index
from qa.adapters.index_folder import IndexFolder
from qa.domain import Filters
from qa.errors import IndexBusy, IndexDamaged, NotConfigured
from qa.indexing import refresh

ROOT = Path(__file__).parents[2]
embedder = FakeEmbedder()


def unit(n: int) -> list[float]:
    return [float(i == n) for i in range(8)]


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[Vectors]:
    opened = Vectors(IndexFolder(tmp_path), create=True)
    opened.collection.add(ids=[f"id{n}" for n in range(8)], embeddings=np.eye(8, dtype=np.float32))
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    refresh(tmp_path / "index", newspaper(6), embedder)
    return tmp_path / "index"


def test_the_nearest_come_first_with_their_cosine(vectors: Vectors) -> None:
    found = vectors.query([0.8, 0.6, 0, 0, 0, 0, 0, 0], 2)
    assert [id for id, _ in found] == ["id0", "id1"]
    assert [similarity for _, similarity in found] == pytest.approx([0.8, 0.6])
    assert len(vectors.query(unit(0), 100)) == 8


def test_a_query_among_ids(vectors: Vectors) -> None:
    assert vectors.query(unit(0), 5, []) == []
    assert [id for id, _ in vectors.query([0, 0, 0.1, 1, 0, 0, 0, 0], 5, ["id2", "id3"])] == ["id3", "id2"]


def test_rows_are_deleted_in_more_than_one_batch(vectors: Vectors) -> None:
    vectors.delete([f"unknown{n}" for n in range(6000)] + ["id1", "id2"])
    assert vectors.ids() == {"id0", *(f"id{n}" for n in range(3, 8))}
    assert vectors.count() == 6
    vectors.delete([])


def test_a_vector_of_another_length_is_damage(vectors: Vectors) -> None:
    with pytest.raises(IndexDamaged, match="dimension of 8, got 2"):
        vectors.query([1.0, 0.0], 2)


def test_another_programs_settings_are_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("IS_PERSISTENT=false\nOPENAI_API_KEY=x\nMIGRATIONS=none\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHROMA_API_IMPL", "chromadb.api.fastapi.FastAPI")
    vectors = Vectors(IndexFolder(tmp_path), create=True)
    assert vectors._client.get_settings().anonymized_telemetry is False
    vectors.close()


# ── the index above it


def test_filters_hold_for_vectors(folder: Path) -> None:
    index = Index(folder)
    vector = embedder.embed(["topic1 detail1x2"])[0]

    def articles(filters: Filters, k: int = 100) -> set[str]:
        found = index.dense(vector, k, filters)
        assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)
        return {passage.article for passage, _ in index.passages([id for id, _ in found]).values()}

    assert articles(Filters(), 1) == {"news001"}
    assert articles(Filters()) == {f"news00{n}" for n in range(6)}
    assert articles(Filters(source="reuters")) == {"news001", "news003", "news005"}
    assert articles(Filters(source="times"), 1) < {"news000", "news002", "news004"}
    assert articles(Filters(source="nobody")) == set()
    assert index.dense(vector, 0, Filters()) == []


def test_vectors_without_a_passage_are_skipped(folder: Path) -> None:
    vector = embedder.embed(["topic1 detail1x2"])[0]
    before = Index(folder).dense(vector, 3, Filters())
    vectors = Vectors(IndexFolder(folder))
    vectors.collection.add(ids=[f"orphan{n}" for n in range(7)], embeddings=np.array([vector] * 7, dtype=np.float32))
    vectors.close()
    assert Index(folder).dense(vector, 3, Filters()) == before
    assert len(Index(folder).dense(vector, 100, Filters())) == Index(folder).stats.passages


def test_a_reader_waits_for_its_turn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.adapters.index_folder.TURN_SECONDS", 0.1)
    vector = embedder.embed(["topic1 detail1x2"])[0]
    index = Index(folder)
    with IndexFolder(folder).turn(), pytest.raises(IndexBusy):
        index.dense(vector, 3, Filters())
    assert index.lexical(["topic1"], 3, Filters())
    assert index.dense(vector, 3, Filters())


def _overwrite(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes(b"This is no database. " * 500)


def _truncate(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes((chroma / "chroma.sqlite3").read_bytes()[:5000])


def _empty_folder(chroma: Path) -> None:
    shutil.rmtree(chroma)
    chroma.mkdir()


@pytest.mark.parametrize("damage", [_overwrite, _truncate, _empty_folder, shutil.rmtree])
def test_damage_is_told_in_one_line_and_words_still_work(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder / "chroma")
    index = Index(folder)
    with pytest.raises(IndexDamaged, match=r"`qa index .*--index "):
        index.dense(embedder.embed(["topic1 detail1x2"])[0], 3, Filters())
    assert index.lexical(["topic1"], 3, Filters())
    assert not (folder / "chroma" / "chroma.sqlite3").exists() or damage in (_overwrite, _truncate)


def test_an_index_repaired_by_another_process_is_read_again(folder: Path) -> None:
    vector = embedder.embed(["topic1 detail1x2"])[0]
    index = Index(folder)
    before = index.dense(vector, 3, Filters())
    _overwrite(folder / "chroma")
    index.close()
    with pytest.raises(IndexDamaged):
        index.dense(vector, 3, Filters())
    shutil.rmtree(folder / "chroma")
    with children.Pool(1) as pool:
        pool.apply(refresh, (folder, [], FakeEmbedder()))
    assert index.dense(vector, 3, Filters()) == before


# ── read-only folders

READ = """
import os, sys
from pathlib import Path
import chromadb, chromadb.api.rust, chromadb.api.client, chromadb.telemetry.product.posthog
import chromadb.api.shared_system_client
from index_fakes import FakeEmbedder, newspaper
from qa.adapters.index import Index
from qa.domain import Filters
from qa.errors import UsageError
from qa.indexing import refresh, remove

if os.geteuid() == 0:
    os.setuid(65534)  # root may write anywhere; nobody may not
folder, embedder = Path(sys.argv[1]), FakeEmbedder()
index = Index(folder)
found = index.dense(embedder.embed(["topic1 detail1x2"])[0], 3, Filters())
for id, similarity in found:
    passage, article = index.passages([id])[id]
    print(article.id, passage.start, f"{similarity:.4f}")
assert index.lexical(["topic1"], 3, Filters())
assert index.dense(embedder.embed(["topic1 detail1x2"])[0], 3, Filters(source="reuters"))
for write in (lambda: refresh(folder, newspaper(7), embedder), lambda: remove(folder, "news001")):
    try:
        write()
    except UsageError as error:
        print(error)
"""


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    # Not in tmp_path, into which another user may not look.
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    copy = Path(shutil.copytree(folder, place / "index"))
    for path in [copy, *copy.rglob("*")]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)
    yield copy
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(place)


def contents(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}


def python(code: str, *arguments: object) -> str:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_folder_that_cannot_be_written_to_is_read_and_left_alone(read_only: Path, folder: Path) -> None:
    before, leftovers = contents(read_only), set(Path(tempfile.gettempdir()).glob("qa-index-*"))
    *rows, refused, not_removed = python(READ, read_only).splitlines()
    assert contents(read_only) == before
    assert set(Path(tempfile.gettempdir()).glob("qa-index-*")) == leftovers
    index, expected = Index(folder), []
    for id, similarity in index.dense(embedder.embed(["topic1 detail1x2"])[0], 3, Filters()):
        passage, article = index.passages([id])[id]
        expected.append(f"{article.id} {passage.start} {similarity:.4f}")
    assert rows == expected
    assert "cannot be written to" in refused
    assert "cannot be written to" in not_removed


# ── what is imported


def test_searching_words_imports_neither_chromadb_nor_llama_index(folder: Path) -> None:
    code = """
import sys
from pathlib import Path
import qa.indexing
from qa.adapters.index import Index
from qa.domain import Filters
index = Index(Path(sys.argv[1]))
assert index.lexical(["topic1"], 3, Filters()) and index.articles() and index.article("news001") and index.stats
print(sorted({"chromadb", "llama_index", "filelock", "numpy", "nltk"} & set(sys.modules)))
index.dense([0.1] * 256, 3, Filters())
print(sorted({"chromadb", "llama_index", "nltk"} & set(sys.modules)))
qa.indexing.refresh(Path(sys.argv[1]), index.articles(), __import__("index_fakes").FakeEmbedder())
print(sorted({"chromadb", "llama_index", "nltk"} & set(sys.modules)))
"""
    assert python(code, folder).splitlines() == ["[]", "['chromadb']", "['chromadb']"]


def test_no_index_no_chroma(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured):
        Index(tmp_path)
    assert not list(tmp_path.iterdir())
