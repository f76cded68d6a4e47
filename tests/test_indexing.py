"""Indexing: what is embedded again and what is not, one writer at a time, and an index whole after any kill."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from index_fakes import FakeEmbedder, article, children, ids_of_vectors, newspaper, write

from qa.adapters.catalogue import Catalogue
from qa.adapters.index import Index, Stats
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Filters
from qa.errors import IndexBusy, IndexDamaged, NotConfigured, UsageError
from qa.indexing import BATCH, embedded_text, passage_id, rebuild, refresh, remove


@dataclass(frozen=True)
class Trouble:
    """As qa.content.articles.Problem."""

    where: str
    reason: str = "unreadable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "index"


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


def passage_ids(folder: Path) -> set[str]:
    return set(Catalogue(IndexFolder(folder)).passage_ids(Filters()))


def answers(folder: Path) -> list[Any]:
    """What an index answers to some questions, vectors and words."""
    index, embedder, found = Index(folder), FakeEmbedder(), []
    for n in (0, 3, 7):
        for filters in (Filters(), Filters(source="reuters"), Filters(since=date(2025, 3, 1))):
            found.append(index.dense(embedder.embed([f"topic{n} detail{n}x2 story"])[0], 5, filters))
            found.append(index.lexical([f"topic{n}", f"detail{n}x1"], 5, filters))
    index.close()
    return [[(id, round(score, 4)) for id, score in rows] for rows in found]


def whole(folder: Path) -> None:
    assert ids_of_vectors(folder) == passage_ids(folder)


# ── what is embedded


def test_an_unchanged_article_is_not_embedded_again(folder: Path, embedder: FakeEmbedder) -> None:
    done: list[int] = []
    first = refresh(folder, newspaper(6), embedder, roots=["news"], progress=done.append)
    assert (first.added, first.changed, first.unchanged, first.removed) == (6, 0, 0, 0)
    assert first.passages_embedded == len(embedder.texts) == len(passage_ids(folder)) == 24
    assert done == [1, 2, 3, 4, 5, 6]
    generation = Catalogue(IndexFolder(folder)).generation
    again = refresh(folder, newspaper(6), embedder, roots=["news"])
    assert (again.added, again.changed, again.unchanged, again.passages_embedded) == (0, 0, 6, 0)
    assert len(embedder.texts) == 24
    assert Catalogue(IndexFolder(folder)).generation == generation
    assert Index(folder).stats == Stats(articles=6, passages=24)
    assert Index(folder).roots() == ["news"]
    assert Index(folder).fingerprint == "fake-256"


def test_passages_are_embedded_in_batches(folder: Path, embedder: FakeEmbedder) -> None:
    refresh(folder, newspaper(40), embedder)
    assert len(embedder.texts) == 160
    assert embedder.calls <= 160 / BATCH + 2
    one = article("book", "\n\n".join(a.text for a in newspaper(40)))
    calls = embedder.calls
    refresh(folder, [one], embedder)
    assert embedder.calls - calls == -(-(Index(folder).stats.passages - 160) // BATCH)


def test_of_a_changed_article_only_new_passages_are_embedded(folder: Path, embedder: FakeEmbedder) -> None:
    before = newspaper(3)
    refresh(folder, before, embedder)
    changed = replace(before[1], text=before[1].text.replace("detail1x3", "revised1x3"))
    embedder.texts.clear()
    report = refresh(folder, [before[0], changed, before[2]], embedder)
    assert (report.changed, report.unchanged, report.passages_embedded) == (1, 2, 1)
    assert len(embedder.texts) == 1 and "revised1x3" in embedder.texts[0]
    index = Index(folder)
    assert index.lexical(["detail1x3"], 5, Filters()) == []
    assert len(index.lexical(["revised1x3"], 5, Filters())) == 1
    assert index.article("news001") == changed
    whole(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},
        {"title": "Story 0 " + "and so on " * 60 + "until its end"},
        {"published": date(2024, 12, 31)},
        {"published": None},
        {"publisher": "AP"},
        {"url": None},
    ],
)
def test_whatever_a_row_tells_is_new_when_it_changes(
    folder: Path, embedder: FakeEmbedder, change: dict[str, Any]
) -> None:
    (original,) = newspaper(1)
    refresh(folder, [original], embedder)
    old = ids_of_vectors(folder)
    report = refresh(folder, [replace(original, **change)], embedder)
    assert (report.changed, report.passages_embedded) == (1, 4)
    assert not old & ids_of_vectors(folder)
    whole(folder)


def test_a_source_that_moved_is_noted_and_nothing_embedded(folder: Path, embedder: FakeEmbedder) -> None:
    (original,) = newspaper(1)
    refresh(folder, [original], embedder)
    report = refresh(folder, [replace(original, source="elsewhere.txt")], embedder)
    assert (report.unchanged, report.passages_embedded) == (1, 0)
    assert Index(folder).sources() == {"news000": "elsewhere.txt"}


def test_asides_that_change_change_the_passages(folder: Path, embedder: FakeEmbedder) -> None:
    original = article("a", "Advertisement. The story.")
    refresh(folder, [original], embedder)
    assert refresh(folder, [replace(original, asides=((0, 14),))], embedder).changed == 1
    (row,) = Index(folder).lexical(["story"], 5, Filters())
    passage, stored = Index(folder).passages([row[0], "unknown"])[row[0]]
    assert stored.text[passage.start : passage.end] == "The story."


def test_an_article_without_words_is_kept(folder: Path, embedder: FakeEmbedder) -> None:
    assert refresh(folder, [article("blank", " \n ")], embedder).added == 1
    assert Index(folder).stats == Stats(articles=1, passages=0)
    assert Index(folder).dense(embedder.embed(["x"])[0], 3, Filters()) == []
    assert refresh(folder, [article("blank", " \n ")], embedder).unchanged == 1


def test_problems_are_handed_back_and_do_not_stop_the_rest(folder: Path, embedder: FakeEmbedder) -> None:
    report = refresh(folder, [Trouble("x.txt"), *newspaper(2), Trouble("y.txt")], embedder)  # type: ignore[list-item]
    assert report.added == 2
    assert [p.where for p in report.problems] == ["x.txt", "y.txt"]


def test_of_two_articles_with_one_id_the_first_stays(folder: Path, embedder: FakeEmbedder) -> None:
    both = [article("a", "the first"), article("a", "the second")]
    assert refresh(folder, both, embedder).added == 1
    assert refresh(folder, both, embedder).unchanged == 1
    assert Index(folder).articles() == both[:1]


def test_ids_and_embedded_texts() -> None:
    a = article("a", "The ban waits.", title="TikTok stays.", published=date(2025, 9, 19), url="https://x.org")
    count = FakeEmbedder().count_tokens
    text = embedded_text(a, "The ban waits.", count)
    assert text == "TikTok stays. 2025-09-19\nThe ban waits."
    assert passage_id(a, text, 0, 14) == "0588164a2b400e2a114f8850776a4748"
    assert embedded_text(article("b", title="No date"), "x", count) == "No date\nx"
    assert embedded_text(article("b", title=""), "x", count) == "\nx"
    for title in ("word " * 500, "many,signs," * 100, "x" * 5000):
        assert 0 < count(embedded_text(article("b", title=title), "", count)) <= 40


# ── what is removed


def test_remove(folder: Path, embedder: FakeEmbedder) -> None:
    with pytest.raises(NotConfigured):
        remove(folder, "news001")
    assert not folder.exists()
    refresh(folder, newspaper(3), embedder)
    remove(folder, "news001")
    assert [a.id for a in Index(folder).articles()] == ["news000", "news002"]
    assert Index(folder).lexical(["topic1"], 5, Filters()) == []
    whole(folder)
    with pytest.raises(UsageError, match="no article 'news001'"):
        remove(folder, "news001")


def test_only_what_has_vanished_is_pruned(folder: Path, embedder: FakeEmbedder) -> None:
    refresh(folder, newspaper(4), embedder, roots=["news", "gone"])
    assert refresh(folder, newspaper(1), embedder).removed == 0
    gone = {"news/news002.txt", "gone", "news/news000.txt"}  # the last one was read all the same
    report = refresh(folder, newspaper(1), embedder, prune_missing=gone.__contains__)
    assert (report.removed, report.unchanged) == (1, 1)
    assert [a.id for a in Index(folder).articles()] == ["news000", "news001", "news003"]
    assert Index(folder).roots() == ["news"]
    whole(folder)


def test_an_article_gives_way_to_one_of_another_id_from_its_source(folder: Path, embedder: FakeEmbedder) -> None:
    old = [article("a", source="list.jsonl"), article("b", source="list.jsonl"), article("c", source="")]
    refresh(folder, old, embedder)
    items = [article("new", source="list.jsonl"), Trouble("list.jsonl:2")]
    assert refresh(folder, items, embedder).removed == 0  # type: ignore[arg-type]
    assert refresh(folder, [article("new", source="list.jsonl"), article("d", source="")], embedder).removed == 2
    assert [a.id for a in Index(folder).articles()] == ["c", "d", "new"]


def test_rebuild_empties_our_own_files_and_no_other(folder: Path, embedder: FakeEmbedder) -> None:
    refresh(folder, newspaper(3), embedder, roots=["old"])
    (folder / "mine.txt").write_text("keep")
    index = Index(folder)
    vector = embedder.embed(["topic1"])[0]
    index.dense(vector, 3, Filters())
    report = rebuild(folder, newspaper(2), FakeEmbedder("other"), roots=["new"])
    assert (report.added, report.passages_embedded) == (2, 8)
    assert (folder / "mine.txt").read_text() == "keep"
    assert (index.roots(), index.fingerprint, index.stats.articles) == (["new"], "other", 2)
    assert len(index.dense(vector, 100, Filters())) == 8
    whole(folder)


@pytest.mark.parametrize("name", ["articles.sqlite", "chroma/chroma.sqlite3"])
def test_rebuild_mends_a_damaged_index(folder: Path, embedder: FakeEmbedder, name: str) -> None:
    refresh(folder, newspaper(3), embedder)
    before = answers(folder)
    (folder / name).write_bytes(b"no database" * 1000)
    with pytest.raises(IndexDamaged, match="--rebuild"):
        refresh(folder, newspaper(3), embedder)
    rebuild(folder, newspaper(3), embedder)
    assert answers(folder) == before


# ── where it is refused


def test_another_embedder_is_refused_and_both_are_named(folder: Path, embedder: FakeEmbedder) -> None:
    refresh(folder, newspaper(1), embedder)
    with pytest.raises(UsageError, match="fake-256, not other-9.*`qa index --rebuild --embedder other-9`"):
        refresh(folder, newspaper(1), FakeEmbedder("other-9"))


def test_a_folder_that_cannot_be(tmp_path: Path, embedder: FakeEmbedder) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UsageError, match="cannot be made"):
            refresh(folder, newspaper(1), embedder)


def test_a_chroma_folder_of_another_program_is_left_alone(folder: Path, embedder: FakeEmbedder) -> None:
    (folder / "chroma").mkdir(parents=True)
    (folder / "chroma" / "chroma.sqlite3").write_text("theirs")
    for change in (refresh, rebuild):
        with pytest.raises(UsageError, match="not an index's"):
            change(folder, newspaper(1), embedder)
    assert (folder / "chroma" / "chroma.sqlite3").read_text() == "theirs"


# ── mending


def test_a_lost_chroma_folder_is_mended_by_the_next_write(folder: Path, embedder: FakeEmbedder) -> None:
    refresh(folder, newspaper(10), embedder)
    before = answers(folder)
    shutil.rmtree(folder / "chroma")
    with pytest.raises(IndexDamaged, match="`qa index --index "):
        answers(folder)
    remove(folder, "news009")
    with pytest.raises(IndexDamaged):
        answers(folder)
    report = refresh(folder, newspaper(10), embedder)
    assert (report.added, report.unchanged, report.passages_embedded) == (1, 9, 40)
    assert answers(folder) == before
    whole(folder)


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


def _slow_write(folder: Path, started: Event) -> None:
    """Index 60 articles in five batches or more, telling when the first is being embedded."""

    class Slow(FakeEmbedder):
        def embed(self, texts: Any) -> Any:
            started.set()
            return super().embed(texts)

    refresh(folder, newspaper(60), Slow(pause=0.03))


def test_a_killed_run_resumes(folder: Path, tmp_path: Path, embedder: FakeEmbedder) -> None:
    clean = tmp_path / "clean"
    refresh(clean, newspaper(60), embedder)
    luck, kills, committed = random.Random(3), 0, -1
    for _ in range(6):
        started = children.Event()
        child = children.Process(target=_slow_write, args=(folder, started))
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


def _hold(folder: Path, started: Event, finish: Event) -> None:
    def items() -> Iterator[Article]:
        yield from newspaper(1)
        started.set()
        finish.wait(30)

    refresh(folder, items(), FakeEmbedder())


@contextmanager
def another_writer(folder: Path) -> Iterator[Event]:
    """A process that holds the index until the event is set."""
    started, finish = children.Event(), children.Event()
    child = children.Process(target=_hold, args=(folder, started, finish))
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
        for change in (refresh, rebuild):
            with pytest.raises(IndexBusy, match="writing the index"):
                change(folder, newspaper(3), embedder)
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
    vector = embedder.embed(["topic30 detail30x2"])[0]
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
