"""Which id an article gets: from its name, its metadata or an earlier reading, whatever the order of the files."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest

from qa.content.articles import Problem, read
from qa.domain import Article

PROSE = "Mayor Jane Doe resigned on Friday, her office said."


def named(path: Path, id: str | None = None) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\nid: {id}\n---\n{PROSE}" if id else PROSE)
    return path


def lines(path: Path, *records: Mapping[str, object]) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def split(found: Iterator[Article | Problem]) -> tuple[list[Article], list[Problem]]:
    everything = list(found)
    articles = [each for each in everything if isinstance(each, Article)]
    return articles, [each for each in everything if isinstance(each, Problem)]


def ids(found: Iterator[Article | Problem]) -> dict[str, str]:
    """Source to id."""
    return {each.source: each.id for each in found if isinstance(each, Article)}


def suffixed(name: str, path: Path) -> str:
    return f"{name}-{sha256(str(path).encode()).hexdigest()[:6]}"


def test_a_second_file_of_one_name(tmp_path: Path) -> None:
    first, second, third = (named(tmp_path / folder / "a.txt") for folder in "xyz")
    assert ids(read([tmp_path])) == {
        str(first): "a",
        str(second): suffixed("a", second),
        str(third): suffixed("a", third),
    }
    known = {str(second): "a", "/elsewhere/gone.txt": suffixed("a", first)}
    found = ids(read([tmp_path], known))
    assert found[str(second)] == "a"
    assert found[str(first)] == f"a-{sha256(str(first).encode()).hexdigest()[:7]}"


def test_a_known_source_keeps_its_id_unless_its_metadata_gives_another(tmp_path: Path) -> None:
    kept, renamed = named(tmp_path / "a.txt"), named(tmp_path / "b.md", "new")
    free = named(tmp_path / "c" / "old.txt")
    known = {str(kept): "before", str(renamed): "old"}
    assert ids(read([tmp_path], known)) == {str(kept): "before", str(renamed): "new", str(free): "old"}


def test_a_name_gives_way_to_a_claim(tmp_path: Path) -> None:
    path, claimant = named(tmp_path / "a.txt"), named(tmp_path / "z.md", "a")
    assert ids(read([tmp_path])) == {str(path): suffixed("a", path), str(claimant): "a"}


def test_two_claims_to_one_id_whatever_the_order(tmp_path: Path) -> None:
    first, second = named(tmp_path / "a.md", "x"), named(tmp_path / "b.md", "x")
    third = lines(tmp_path / "c.jsonl", {"id": "x", "text": PROSE}, {"id": "y", "text": PROSE})
    for paths in permutations([first, second, third]):
        articles, (problem,) = split(read(paths))
        assert [article.id for article in articles] == ["y"]
        assert problem == Problem(
            str(first), f"claims the id “x”, and so does {second}, {third}:1; give each an id of its own"
        )


def test_two_lines_that_claim_one_id(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", *({"id": id, "text": PROSE} for id in "xyx"))
    articles, (problem,) = split(read([path]))
    assert [article.id for article in articles] == ["y"]
    assert problem.where == f"{path}:1"
    assert f"{path}:3" in problem.reason


def test_an_id_that_another_known_source_holds(tmp_path: Path) -> None:
    holder, claimant = named(tmp_path / "a.txt"), named(tmp_path / "b.md", "a")
    for paths in ([claimant], [holder, claimant]):
        articles, (problem,) = split(read(paths, {str(holder): "a"}))
        assert [article.source for article in articles] == [str(path) for path in paths[:-1]]
        assert problem.where == str(claimant)
        assert str(holder) in problem.reason
    named(holder.with_suffix(".md"), "a")
    articles, (problem,) = split(read([tmp_path], {str(claimant): "a", str(holder): "h"}))
    assert ids(iter(articles)) == {str(holder): "h", str(claimant): "a"}
    assert problem.where == str(holder.with_suffix(".md"))
    assert str(claimant) in problem.reason


def test_ids_go_with_the_lines_that_state_them(tmp_path: Path) -> None:
    path, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    known = {f"{path}:1": "x", f"{path}:2": "y", f"{path}:3": "a-3"}

    def after(*records: Mapping[str, object]) -> list[str]:
        articles, problems = split(read([lines(path, *records)], known))
        assert not problems
        return [article.id for article in articles]

    x, y, unnamed = {"id": "x", "text": PROSE}, {"id": "y", "text": PROSE}, {"text": PROSE}
    assert after(x, y, unnamed) == ["x", "y", "a-3"]
    assert after(y, unnamed) == ["y", "a-2"]
    assert after({"id": "new", "text": PROSE}, x, y) == ["new", "x", "y"]
    assert after(unnamed, x, y) == ["a-1", "x", "y"]
    lines(path, x)
    assert set(ids(read([path, lines(other, y)], known)).values()) == {"x", "y"}
    assert [problem.where for problem in split(read([other], known))[1]] == [f"{other}:1"]


@pytest.mark.parametrize(
    ("id", "reason"), [("x" * 301, "longer than 300"), ("a\nb", "line break"), ("a\tb", "cannot be printed")]
)
def test_what_can_be_no_id(tmp_path: Path, id: str, reason: str) -> None:
    articles, (problem,) = split(read([lines(tmp_path / "a.jsonl", {"id": id, "text": PROSE})]))
    assert not articles
    assert reason in problem.reason


@pytest.mark.parametrize(("stated", "id"), [("Ünï/©: 1 \x1b[31m", "Ünï/©: 1"), ("x" * 300, "x" * 300), (" ", "a-1")])
def test_what_can_be_an_id(tmp_path: Path, stated: str, id: str) -> None:
    path = lines(tmp_path / "a.jsonl", {"id": stated, "text": PROSE})
    assert ids(read([path])) == {f"{path}:1": id}
