"""Indexing: what is embedded again and what is not, what is removed, and where it is refused."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from index_fakes import FakeEmbedder, answers, article, ids_of_vectors, newspaper, passage_ids, whole

from qa.adapters.catalogue import Catalogue
from qa.adapters.index import Index, Stats
from qa.adapters.index_folder import IndexFolder
from qa.domain import Filters
from qa.errors import IndexDamaged, NotConfigured, UsageError
from qa.indexing import BATCH, embedded_text, passage_id, refresh, remove


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
    (text,) = embedder.texts
    assert "revised1x3" in text
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
    assert Index(folder).known() == {"elsewhere.txt": "news000"}


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
    report = refresh(folder, newspaper(2), FakeEmbedder("other"), roots=["new"], rebuild=True)
    assert (report.added, report.passages_embedded) == (2, 8)
    assert (folder / "mine.txt").read_text() == "keep"
    assert (index.roots(), index.fingerprint, index.stats.articles) == (["new"], "other", 2)
    assert len(index.dense(vector, 100, Filters())) == 8
    whole(folder)


def test_rebuild_mends_a_damaged_truth(folder: Path, embedder: FakeEmbedder) -> None:
    refresh(folder, newspaper(3), embedder)
    before = answers(folder)
    (folder / "articles.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(IndexDamaged, match="--rebuild"):
        refresh(folder, newspaper(3), embedder)
    assert refresh(folder, newspaper(3), embedder, rebuild=True).passages_embedded == 12
    assert answers(folder) == before


# ── where it is refused


def test_another_embedder_is_refused_and_both_are_named(folder: Path, embedder: FakeEmbedder) -> None:
    refresh(folder, newspaper(1), embedder)
    with pytest.raises(UsageError, match=r"fake-256, not other-9.*`qa index --rebuild --embedder other-9`"):
        refresh(folder, newspaper(1), FakeEmbedder("other-9"))


def test_a_folder_that_cannot_be(tmp_path: Path, embedder: FakeEmbedder) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UsageError, match="cannot be made"):
            refresh(folder, newspaper(1), embedder)


def test_a_chroma_folder_of_another_program_is_left_alone(folder: Path, embedder: FakeEmbedder) -> None:
    (folder / "chroma").mkdir(parents=True)
    (folder / "chroma" / "chroma.sqlite3").write_text("theirs")
    for rebuild in (False, True):
        with pytest.raises(UsageError, match="not an index's"):
            refresh(folder, newspaper(1), embedder, rebuild=rebuild)
    assert (folder / "chroma" / "chroma.sqlite3").read_text() == "theirs"
