"""An index is whole after any kill, mends what ails its vectors, and has one writer and many readers."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from index_fakes import (
    FakeEmbedder,
    answers,
    children,
    hold,
    ids_of_vectors,
    newspaper,
    passage_ids,
    whole,
    write,
    write_slowly,
)

from qa.adapters.catalogue import Catalogue
from qa.adapters.index import Index, Stats
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Filters
from qa.errors import IndexBusy, IndexDamaged
from qa.indexing import refresh, remove


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


# ── mending


def _remove(chroma: Path) -> None:
    shutil.rmtree(chroma)


def _lose_a_file(chroma: Path) -> None:
    next(chroma.glob("*/header.bin")).unlink()
    next(chroma.glob("*/")).joinpath("index_metadata.pickle").write_bytes(b"cut short")


def _overwrite(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes(b"no database" * 1000)


@pytest.mark.parametrize("damage", [_remove, _lose_a_file, _overwrite])
def test_damaged_vectors_are_mended_by_the_next_write_and_not_embedded_again(
    folder: Path, embedder: FakeEmbedder, damage: Callable[[Path], None]
) -> None:
    refresh(folder, newspaper(10), embedder)
    before = answers(folder)
    damage(folder / "chroma")
    with pytest.raises(IndexDamaged, match="Mend it with `qa index --index "):
        answers(folder)
    embedder.texts.clear()
    report = refresh(folder, newspaper(10), embedder)
    assert (report.unchanged, report.passages_embedded, embedder.texts) == (10, 0, [])
    assert answers(folder) == before
    whole(folder)
    damage(folder / "chroma")
    remove(folder, "news009")
    assert len(answers(folder)) == len(before)
    whole(folder)


def test_vectors_that_a_killed_writer_was_changing_are_made_anew(folder: Path, embedder: FakeEmbedder) -> None:
    refresh(folder, newspaper(10), embedder)
    before = answers(folder)
    Catalogue(IndexFolder(folder)).mark(changing=True)
    assert answers(folder) == before, "readers go on as long as Chroma does"
    collections = set((folder / "chroma").iterdir())
    assert refresh(folder, [], embedder).passages_embedded == 0
    assert not collections & {f for f in (folder / "chroma").iterdir() if f.is_dir()}
    assert answers(folder) == before
    assert not Catalogue(IndexFolder(folder)).changing


def test_an_interrupt_between_batches_leaves_a_whole_index(folder: Path, embedder: FakeEmbedder) -> None:
    def interrupted() -> Iterator[Article]:
        yield from newspaper(30)[:20]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(folder, interrupted(), embedder)
    whole(folder)
    done = Index(folder).stats.articles
    assert 0 < done <= 20
    report = refresh(folder, newspaper(30), embedder)
    assert (report.unchanged, report.added) == (done, 30 - done)
    whole(folder)


def test_a_killed_run_resumes(folder: Path, tmp_path: Path, embedder: FakeEmbedder) -> None:
    clean = tmp_path / "clean"
    refresh(clean, newspaper(60), embedder)
    luck, kills, committed = random.Random(3), 0, -1
    for _ in range(6):
        started = children.Event()
        child = children.Process(target=write_slowly, args=(folder, started))
        child.start()
        if started.wait(20):
            time.sleep(luck.uniform(0, 0.15))
        os.kill(child.pid or 0, signal.SIGKILL)
        child.join()
        kills += child.exitcode == -signal.SIGKILL
        stats = Index(folder).stats
        assert stats.passages >= committed, "what was committed is lost"
        committed = stats.passages
        index = Index(folder)
        for n in (0, 30, 59):  # a reader is never told of a passage that is not there
            found = index.dense(embedder.embed([f"topic{n}"])[0], 5, Filters())
            assert len(index.passages([id for id, _ in found])) == min(5, stats.passages)
    assert kills >= 2
    report = refresh(folder, newspaper(60), embedder)
    assert report.passages_embedded == 240 - committed
    assert ids_of_vectors(folder) == passage_ids(folder) == passage_ids(clean)
    assert answers(folder) == answers(clean)


# ── several processes


@contextmanager
def another_writer(folder: Path) -> Iterator[Event]:
    """A process that holds the index until the event is set."""
    started, finish = children.Event(), children.Event()
    child = children.Process(target=hold, args=(folder, started, finish))
    child.start()
    try:
        assert started.wait(30)
        yield finish
    finally:
        finish.set()
        child.join(30)
    assert child.exitcode == 0


def test_a_second_writer_is_refused_at_once_or_waits(folder: Path, embedder: FakeEmbedder) -> None:
    with another_writer(folder) as finish:
        began = time.monotonic()
        for rebuild in (False, True):
            with pytest.raises(IndexBusy, match="writing the index"):
                refresh(folder, newspaper(3), embedder, rebuild=rebuild)
        with pytest.raises(IndexBusy):
            remove(folder, "news000")
        assert time.monotonic() - began < 1
        finish.set()
        assert refresh(folder, newspaper(3), embedder, wait=20).added == 2
    whole(folder)


def test_many_writers_take_turns(folder: Path) -> None:
    parts = [[a for n, a in enumerate(newspaper(40)) if n % 4 == part] for part in range(4)]
    writers = [children.Process(target=write, args=(folder, part), kwargs={"wait": 30.0}) for part in parts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert Index(folder).stats == Stats(articles=40, passages=160)
    whole(folder)


def test_an_open_reader_sees_what_another_process_writes(folder: Path, embedder: FakeEmbedder) -> None:
    refresh(folder, newspaper(1), embedder)
    index = Index(folder)
    vector = embedder.embed(["Paragraph 2 of story 30 names topic30 and detail30x2"])[0]
    assert len(index.dense(vector, 1000, Filters())) == 4
    child = children.Process(target=write, args=(folder, newspaper(60)), kwargs={"pause": 0.02})
    child.start()
    seen = set()
    while child.is_alive():
        found = index.dense(vector, 1000, Filters())
        assert len(index.passages([id for id, _ in found])) == len(found)
        seen.add(len(found))
    child.join()
    assert child.exitcode == 0
    assert len(index.dense(vector, 1000, Filters())) == 240
    assert len(seen) > 2, "the reader saw the writer's batches as they came"
    best = index.passages([index.dense(vector, 1, Filters())[0][0]])
    assert [a.id for _, a in best.values()] == ["news030"]
    whole(folder)
