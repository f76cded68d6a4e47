"""Files and folders to Articles and Problems, through `read` and `sources`."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from qa.content import files
from qa.content.articles import Problem, read, sources
from qa.domain import Article

PROSE = "Mayor Jane Doe resigned on Friday, her office said."
AS_ROOT = os.geteuid() == 0


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(path: Path, *records: Mapping[str, object] | str) -> Path:
    return write(path, "".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in records))


def split(found: Iterator[Article | Problem]) -> tuple[list[Article], list[Problem]]:
    everything = list(found)
    articles = [each for each in everything if isinstance(each, Article)]
    return articles, [each for each in everything if isinstance(each, Problem)]


def only_problem(path: Path) -> Problem:
    articles, (problem,) = split(read([path]))
    assert not articles
    assert "\n" not in problem.reason
    return problem


def ids(found: Iterator[Article | Problem]) -> dict[str, str]:
    """Source to id."""
    return {each.source: each.id for each in found if isinstance(each, Article)}


# What is read


def test_one_of_each_format(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", f" date 2025-09-19 Mayor resigns\n{PROSE} Advertisement")
    write(tmp_path / "b.MD", f"---\npublished: Sept. 19, 2025\nsite: AP\n---\n# Mayor resigns\n\n{PROSE}")
    write(
        tmp_path / "c.html",
        f"<html><head><title>Mayor resigns</title></head><body><p>{PROSE}</p></body></html>",
    )
    lines(
        tmp_path / "d.jsonl",
        {"text": PROSE, "url": " u\x1b[31m ", "title": "Two\nlines"},
        "",
        {"text": PROSE, "id": "x/y"},
    )
    articles, problems = split(read([tmp_path]))
    assert not problems
    by_id = {article.id: article for article in articles}
    assert list(by_id) == ["a", "b", "c", "d-1", "x/y"]
    a, b, d = by_id["a"], by_id["b"], by_id["d-1"]
    assert [a.text[s:e] for s, e in a.asides] == ["Mayor resigns", "Advertisement"]
    assert (a.title, a.published, a.source) == ("Mayor resigns", date(2025, 9, 19), str(tmp_path / "a.txt"))
    assert (b.title, b.published, b.publisher) == ("Mayor resigns", date(2025, 9, 19), "AP")
    assert [b.text[s:e] for s, e in b.asides] == ["Mayor resigns"]
    assert by_id["c"].title == "Mayor resigns"
    assert by_id["c"].text.endswith(PROSE)
    assert (d.title, d.url, d.source) == ("Two lines", "u", f"{tmp_path / 'd.jsonl'}:1")
    assert by_id["x/y"].source == f"{tmp_path / 'd.jsonl'}:3"


def test_the_title_is_the_first_sentence_where_there_is_no_other(tmp_path: Path) -> None:
    long = "The mayor of Springfield, who was elected in the U.S. on Dec. 3 by a wide margin, has resigned from office."
    lines(
        tmp_path / "a.jsonl",
        {"text": f"Advertisement\nXi spoke. (Photo by Leon Neal/Getty Images)\n\n{PROSE} She left."},
        {"text": long},
        {"text": "x" * 300},
        {"text": "Advertisement"},
    )
    titles = [article.title for article in split(read([tmp_path]))[0]]
    assert titles == [PROSE, long[: long.index(" office")], "x" * 100, "a-4"]
    assert all(len(title) <= 100 for title in titles)


def test_a_title_that_opens_the_text_is_an_aside(tmp_path: Path) -> None:
    lines(
        tmp_path / "a.jsonl",
        {"title": "Mayor resigns", "text": f"Mayor  resigns\n\n{PROSE}"},
        {"title": "T", "text": PROSE},
    )
    first, second = split(read([tmp_path]))[0]
    assert first.asides == ((0, 14),)
    assert second.asides == ()


def test_a_stated_date_that_is_none_is_reported_and_the_article_is_read(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": PROSE, "date": "yesterday"}, {"text": PROSE, "published": "2025-13-45"})
    articles, problems = split(read([path]))
    assert [article.published for article in articles] == [None, None]
    assert [problem.where for problem in problems] == [f"{path}:1", f"{path}:2"]
    assert problems[0].reason.startswith("“yesterday” is not one full date")


def test_utf16_files(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "Café closes.".encode("utf-16"))
    write(tmp_path / "b.jsonl", '{"text": "Ċafé."}\r\n{"text": "Bar."}'.encode("utf-16"))
    assert [article.text for article in split(read([tmp_path]))[0]] == ["Café closes.", "Ċafé.", "Bar."]
    assert (
        "not valid UTF-16" in only_problem(write(tmp_path / "c.jsonl", '{"text": "a"}'.encode("utf-16") + b"x")).reason
    )


def test_a_broken_line_costs_no_other(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.ndjson",
        b'\xef\xbb\xbf{"text": "One."}\n{"text": "cut\n\n{"text": "\xff"}\n{"text": " "}\n{"text": "Six."}',
    )
    articles, problems = split(read([path]))
    assert [(article.id, article.text) for article in articles] == [("a-1", "One."), ("a-6", "Six.")]
    assert [problem.where for problem in problems] == [f"{path}:{n}" for n in (2, 4, 5)]
    assert "offset 10" in problems[1].reason
    assert "empty" in problems[2].reason


# What cannot be read


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n\xef\xbb\xbf", "empty"),
        ("a.txt", b" date 2025-09-19 ", "empty"),
        ("a.txt", b"abc\xff", "byte 0xff at offset 3"),
        ("a.txt", b"abc\x00", "binary"),
        ("a.md", b"---\ntitle: T\n---\n", "empty"),
        ("a.html", b"\n", "empty"),
        ("a.html", b"<html><body></body></html>", "no article"),
        ("a.jsonl", b"", "empty"),
        ("a.jsonl", b"\xef\xbb\xbf\n\n", "empty"),
        ("a.jsonl", b"\x1f\x8b\x08gzip\n\n\n", "binary"),
        ("a.pdf", b"%PDF-1.7", "the ending “.pdf” tells no format that is read here; known are .htm .html .jsonl"),
        ("README", b"text", "a name without an ending"),
    ],
)
def test_a_file_that_holds_no_article(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = write(tmp_path / name, content)
    problem = only_problem(path)
    assert problem.where == str(path)
    assert reason in problem.reason


def test_too_large_is_told_by_the_size_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(files.LARGEST + 1)  # of NULs: had it been read, it would be called binary
    assert "too large" in only_problem(path).reason


def test_too_large_holds_for_a_line_of_jsonl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 100)
    path = lines(tmp_path / "a.jsonl", *({"text": "x" * n} for n in (50, 500, 60)), {"text": "x" * 500})
    articles, problems = split(read([path]))
    assert [article.source for article in articles] == [f"{path}:1", f"{path}:3"]
    assert [problem.where for problem in problems] == [f"{path}:2", f"{path}:4"]
    assert all("too large" in problem.reason for problem in problems)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    assert "no such file or folder" in only_problem(tmp_path / "gone.txt").reason
    (tmp_path / "empty").mkdir()
    assert "no articles in this folder" in only_problem(tmp_path / "empty").reason
    (tmp_path / "dead.txt").symlink_to(tmp_path / "gone.txt")
    assert "dead symlink" in only_problem(tmp_path / "dead.txt").reason
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert "symlink loop" in only_problem(tmp_path / "loop.txt").reason
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in only_problem(tmp_path / "pipe.txt").reason
    assert "not readable: not a directory" in only_problem(write(tmp_path / "a.txt", PROSE) / "b.txt").reason
    assert "not readable: file name too long" in only_problem(tmp_path / ("x" * 300 + ".txt")).reason


@pytest.mark.skipif(AS_ROOT, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "closed" / "a.txt", PROSE)
    path.chmod(0)
    assert only_problem(path).reason == "not readable: permission denied"
    path.parent.chmod(0)
    try:
        assert only_problem(tmp_path).reason == "not readable: permission denied"
    finally:
        path.parent.chmod(0o700)


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(files, "whole", refuse)
    assert only_problem(write(tmp_path / "a.txt", PROSE)).reason == "not readable: permission denied"


# Folders


def test_folders_are_searched_in_order_without_what_is_hidden_or_linked(tmp_path: Path) -> None:
    for name in ("b/c.txt", "b/a.md", "a.txt", ".hidden.txt", ".git/x.txt", "notes.pdf", "Makefile", "z.JSONL"):
        write(tmp_path / "news" / name, "{}" if name.endswith("JSONL") else PROSE)
    (tmp_path / "news" / "self").symlink_to(tmp_path / "news")
    (tmp_path / "news" / "other").symlink_to(tmp_path)
    (tmp_path / "news" / "link.txt").symlink_to(tmp_path / "news" / "a.txt")
    (tmp_path / "news" / "dead.txt").symlink_to(tmp_path / "gone")
    news = tmp_path / "news"
    found = ["a.txt", "b/a.md", "b/c.txt", "link.txt", "z.JSONL"]
    assert sources([news]) == [news / name for name in found]
    assert sources([news / "b", news, news / "a.txt", news]) == sources([news])
    articles, problems = split(read([news]))
    assert [article.source for article in articles] == [str(news / name) for name in found[:-1]]
    reasons = {problem.where.removeprefix(f"{news}/"): problem.reason for problem in problems}
    assert "dead symlink" in reasons["dead.txt"]
    assert "loop" in reasons["self"]
    assert "loop" in reasons["other"]
    assert reasons["z.JSONL:1"] == "no “text”"


def test_a_link_to_another_folder_is_named_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "there" / "a.txt", PROSE)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "there")
    assert "not followed" in only_problem(tmp_path / "here").reason
    assert sources([tmp_path / "here" / "link"]) == [tmp_path / "here" / "link" / "a.txt"]


def test_names_that_a_terminal_or_an_index_cannot_hold(tmp_path: Path) -> None:
    write(tmp_path / "a\x1b[31m.txt", PROSE)
    write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.txt")), PROSE)
    write(tmp_path / "Cafe\u0301 ©.txt", PROSE)
    articles, problems = split(read([tmp_path]))
    assert [article.id for article in articles] == ["Café ©"]
    assert [Path(problem.where).name for problem in problems] == ["a�[31m.txt", "b�.txt"]


def test_relative_paths_have_absolute_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.txt", PROSE)
    monkeypatch.chdir(tmp_path)
    assert ids(read([Path("./x/../a.txt")])) == {str(tmp_path / "a.txt"): "a"}


def test_only_one_text_is_held_at_a_time(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "One."}, {"text": "Two."})
    first = next(read([path]))
    assert isinstance(first, Article)
    assert first.text == "One."
