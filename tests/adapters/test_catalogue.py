"""articles.sqlite: what is searched, filtered and forgotten, and what a broken file is called."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from index_fakes import article

from qa.adapters.catalogue import Catalogue
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Filters, Passage
from qa.errors import IndexBusy, IndexDamaged, NotConfigured


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue.open_or_create(IndexFolder(tmp_path), "fake", 8)


def put(catalogue: Catalogue, *articles: Article) -> None:
    """Store articles as one passage each, called like the article."""
    store(catalogue, *((a, [Passage(a.id, a.id, 0, len(a.text))]) for a in articles))


def store(catalogue: Catalogue, *articles: tuple[Article, Sequence[Passage]]) -> list[str]:
    return catalogue.put(articles, {p.id: [0.5, -2.0] for _, passages in articles for p in passages})


def found(catalogue: Catalogue, *terms: str, filters: Filters | None = None) -> list[str]:
    return [id for id, _ in catalogue.search(terms, 10, filters or Filters())]


def check(catalogue: Catalogue) -> None:
    """SQLite's own check of the full-text table against the texts."""
    with closing(sqlite3.connect(catalogue.folder.articles)) as db:
        db.execute("INSERT INTO passages_fts(passages_fts, rank) VALUES ('integrity-check', 1)")


def test_an_article_comes_back_as_it_was_stored(catalogue: Catalogue) -> None:
    full = Article(
        "a", "Tïtle. 🎉 text", "Tïtle", date(2025, 9, 19), "The Pub", "https://x.org/a", "a.txt", ((0, 6), (7, 8))
    )
    bare = Article("b", "Nothing else.", "Nothing")
    put(catalogue, full, bare)
    assert catalogue.articles() == [full, bare]
    assert catalogue.articles(["b", "zz"]) == [bare]
    assert catalogue.counts() == (2, 2)


def test_the_best_passage_comes_first_and_scores_fall(catalogue: Catalogue) -> None:
    put(
        catalogue,
        article("once", "tiktok and much else here"),
        article("twice", "tiktok tiktok"),
        article("never", "else"),
    )
    rows = catalogue.search(["tiktok"], 10, Filters())
    assert [id for id, _ in rows] == ["twice", "once"]
    assert rows[0][1] > rows[1][1] > 0
    assert catalogue.search(["tiktok"], 1, Filters()) == rows[:1]


def test_a_word_in_the_text_counts_more_than_one_in_the_title(catalogue: Catalogue) -> None:
    put(
        catalogue, article("a", "one two three four", title="banana"), article("b", "one two banana four", title="five")
    )
    put(catalogue, *(article(f"other{n}", "some other words here") for n in range(5)))
    assert found(catalogue, "banana") == ["b", "a"]


def test_words_are_stemmed_and_accents_folded(catalogue: Catalogue) -> None:
    put(catalogue, article("a", "The café extends its opening"))
    assert found(catalogue, "cafe") == found(catalogue, "extension", "extending") == found(catalogue, "CAFÉ") == ["a"]


@pytest.mark.parametrize(
    "terms",
    [
        [],
        [""],
        ['"'],
        ["*"],
        ["\0"],
        ["—"],
        ["AND"],
        ["NEAR("],
        ["title:x"],
        ["^"],
        ["a\0b"],
        ['x" OR "story'],
        ["$", "-"],
    ],
)
def test_no_term_is_taken_for_query_language(catalogue: Catalogue, terms: Sequence[str]) -> None:
    put(catalogue, article("a", "a story"))
    assert found(catalogue, *terms) == []


def test_signs_in_a_term_do_not_keep_it_from_being_found(catalogue: Catalogue) -> None:
    put(catalogue, article("a", 'The U.S. said "no" to $5 AND left'))
    for term in ("U.S.", '"no"', "$5", "AND"):
        assert found(catalogue, term) == ["a"], term


def test_filters(catalogue: Catalogue) -> None:
    put(
        catalogue,
        article("early", "story", published=date(2025, 1, 31), publisher="REUTERS"),
        article("late", "story", published=date(2025, 2, 1), url="https://Straße.example/x"),
        article("undated", "story", publisher="Die Zeit"),
    )

    def matching(**filters: object) -> set[str]:
        wanted = Filters(**filters)  # type: ignore[arg-type]
        ids = catalogue.passage_ids(wanted)
        assert set(found(catalogue, "story", filters=wanted)) == set(ids)
        return set(ids)

    assert matching() == {"early", "late", "undated"}
    assert matching(since=date(2025, 1, 31)) == {"early", "late"}
    assert matching(since=date(2025, 2, 1)) == {"late"}
    assert matching(until=date(2025, 1, 31)) == {"early"}
    assert matching(since=date(2025, 2, 2)) == set()
    assert matching(source="reuter") == {"early"}
    assert matching(source="STRASSE.EXAMPLE") == {"late"}
    assert matching(source="undate") == {"undated"}
    assert matching(source="reuters", since=date(2025, 2, 1)) == set()
    assert matching(source="100%_") == set()


def test_old_words_of_a_changed_or_removed_article_are_forgotten(catalogue: Catalogue) -> None:
    old, new = article("a", "apples and pears", title="Fruit"), article("a", "cars and pears", title="Traffic")
    store(catalogue, (old, [Passage("1", "a", 0, 6), Passage("2", "a", 7, 16)]))
    gone = store(catalogue, (new, [Passage("3", "a", 0, 4), Passage("4", "a", 5, 14)]))
    assert sorted(gone) == ["1", "2"]
    assert found(catalogue, "apples", "fruit") == []
    assert found(catalogue, "cars") == ["3"]
    check(catalogue)
    assert sorted(catalogue.remove(["a", "unknown"])) == ["3", "4"]
    assert (found(catalogue, "cars"), catalogue.counts()) == ([], (0, 0))
    check(catalogue)


def test_a_write_that_fails_leaves_nothing(catalogue: Catalogue) -> None:
    passages = [Passage("1", "a", 0, 4), Passage("2", "b", 0, 4)]
    with pytest.raises(TypeError):
        catalogue.put([(article("a"), passages[:1]), (article("b"), passages[1:])], {"1": [0.1], "2": None})  # type: ignore[dict-item]
    assert catalogue.counts() == (0, 0)


def test_vectors_are_kept(catalogue: Catalogue) -> None:
    catalogue.put([(article("a", "one two"), [Passage("1", "a", 0, 3)])], {"1": [0.5, -0.25]})
    catalogue.put([(article("a", "one too"), [Passage("1", "a", 0, 3), Passage("2", "a", 4, 7)])], {"2": [1.0, 0.0]})
    assert catalogue.vectors(["2", "1", "3"]) == {"1": (0.5, -0.25), "2": (1.0, 0.0)}


def test_a_mark_tells_readers_of_a_change_and_outlives_a_kill(catalogue: Catalogue) -> None:
    generation = catalogue.generation
    catalogue.mark(changing=True)
    assert (catalogue.changing, Catalogue(catalogue.folder).generation) == (True, generation + 1)
    catalogue.mark(changing=False)
    assert (catalogue.changing, catalogue.generation) == (False, generation + 2)


def test_offsets_count_code_points(catalogue: Catalogue) -> None:
    text = "🎉🎉 é̀ first. second"
    start = text.index("second")
    store(catalogue, (article("a", text), [Passage("1", "a", 0, start), Passage("2", "a", start, len(text))]))
    assert found(catalogue, "second") == ["2"]
    assert found(catalogue, "first") == ["1"]


def test_roots_and_sources_are_noted_without_telling_readers(catalogue: Catalogue) -> None:
    put(catalogue, article("a"))
    generation = catalogue.generation
    catalogue.note(roots=["x", "y", "x"], gone=["y"], sources={"a": "elsewhere"})
    assert catalogue.roots() == ["x"]
    assert catalogue.articles()[0].source == "elsewhere"
    assert catalogue.generation == generation


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match=r"no index in .*my index.*qa index PATH --index '.*my index'"):
        Catalogue(IndexFolder(tmp_path / "my index"))


def _overwrite(file: Path) -> None:
    file.write_bytes(b"This is no database. " * 500)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def _sql(statement: str) -> Callable[[Path], None]:
    def run(file: Path) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            db.execute(statement)

    return run


@pytest.mark.parametrize(
    "damage",
    [
        _overwrite,
        _empty,
        _truncate,
        _sql("DROP TABLE articles"),
        _sql("UPDATE meta SET value = '0' WHERE key = 'schema'"),
        _sql("DELETE FROM meta"),
        _sql("UPDATE articles SET asides = '{'"),
        _sql("UPDATE articles SET published = 20259999"),
    ],
)
def test_a_damaged_file_is_told_in_one_line(catalogue: Catalogue, damage: Callable[[Path], None]) -> None:
    put(catalogue, article("a", "story"))
    damage(catalogue.folder.articles)
    with pytest.raises(IndexDamaged, match=r"is damaged: .* `qa index PATH --rebuild --index .*`"):
        Catalogue(catalogue.folder).articles()


def test_a_locked_file_is_busy(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.adapters.catalogue_file.BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(catalogue.folder.articles, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(IndexBusy):
            catalogue.articles()
