"""The command line as the contract has it: commands, options, exit codes, what stands on which stream."""

import json
from pathlib import Path

import pytest
from program import ANSWER_KEYS, CITATION_KEYS, QUESTION, UNANSWERABLE, Program, quotes_hold

COMMANDS = [["index"], ["ask"], ["articles"], ["articles", "show"], ["articles", "remove"], ["verify"], ["doctor"]]


# ── help, and the command line itself


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_takes_the_options_that_stand_everywhere(qa: Program, command: list[str]) -> None:
    done = qa.call(*command, "--help")
    assert done.code == 0 and done.err == ""
    for option in ("--index DIR", "--model NAME", "--timeout SECONDS", "--quiet", "--version", "--help"):
        assert option in done.out
    assert qa.call(*command, "--version").out == qa.call("--version").out


def test_help_names_every_command(qa: Program) -> None:
    done = qa.run("--help")
    assert done.code == 0
    assert all(f"\n  {command} " in done.out for command in ("index", "ask", "articles", "verify", "doctor"))
    assert qa.run("--version").out.startswith("qa ")


def test_without_a_command_there_is_help_and_a_word_on_what_to_do(qa: Program) -> None:
    done = qa.call()
    assert done.code == 2 and "Usage: qa" in done.out
    assert done.err == 'Name a command, as in: qa ask "Who spoke on Friday?"\n'


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nosuch"], "qa --help"),
        (["when does it end?"], 'qa ask "…"'),
        (["ask", "x", "--bogus"], "qa ask --help"),
        (["--index", "x", "ask", "y"], "options stand after the command's name"),
        (["ask"], 'qa ask "'),
        (["ask", ""], "empty"),
        (["ask", " \t "], "empty"),
        (["ask", "?!"], "empty"),
        (["ask", "x" * 20_000], "20,000 characters"),
        (["ask", "x", "--from", "y"], "not both"),
        (["ask", "--from", "missing.txt"], "missing.txt cannot be read"),
        (["ask", "--from", "."], "cannot be read"),
        (["ask", "x", "--since", "soon"], "--since"),
        (["ask", "x", "--until", "2025-02-30"], "--until"),
        (["ask", "x", "--since", "2025-10-10", "--until", "2025-10-09"], "after"),
        (["ask", "x", "--timeout", "0"], "--timeout"),
        (["ask", "x", "--timeout", "-1"], "--timeout"),
        (["ask", "x", "--timeout", "nan"], "--timeout"),
        (["ask", "x", "--timeout", "soon"], "--timeout"),
        (["index"], "qa index PATH"),
        (["index", "https://example.org/a.html"], ".html"),
        (["articles", "show"], "qa articles show --help"),
        (["articles", "show", "nobody"], "`qa articles` lists"),
        (["verify"], "qa verify --help"),
        (["verify", "missing.json"], "missing.json cannot be read"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_a_wrong_command_line_is_told_in_one_line(qa: Program, arguments: list[str], said: str) -> None:
    assert qa.call(*arguments).failed(2, said)


def test_a_wrong_settings_file_is_told_in_one_line(qa: Program) -> None:
    for content, said in (("timeout = 'long'", "timeout"), ("colour = 1", "colour"), ("= 1", "cannot be read")):
        (qa.folder / "qa.toml").write_text(content)
        assert qa.call("ask", QUESTION).failed(2, "qa.toml", said)
    # A folder may not choose where the key is sent.
    (qa.folder / "qa.toml").write_text("base_url = 'http://example.org/v1'")
    assert qa.set(OPENAI_API_KEY="sk-x").call("ask", QUESTION).failed(2, "base_url is not read from here")


# ── ask


def test_an_answer_comes_with_its_evidence(qa: Program) -> None:
    done = qa.run("ask", QUESTION)
    assert done.code == 0 and done.err == ""
    answer, sources = done.out.split("\n\n")
    assert "[1]" in answer and "16" in answer
    assert sources.startswith("[1] ") and "\n    “" in sources
    assert "\x1b" not in done.out


def test_an_answer_as_json_has_the_keys_of_the_contract(qa: Program) -> None:
    done = qa.call("ask", "--json", QUESTION)
    answer = done.json
    assert done.code == 0 and done.err == "" and done.out.count("\n") == 1
    assert set(answer) == ANSWER_KEYS
    assert answer["status"] == "answered" and answer["question"] == QUESTION
    assert (answer["model"], answer["prompt"], answer["usage"]) == ("offline", None, None)
    assert all(set(cited) == CITATION_KEYS for cited in answer["citations"])
    assert [cited["n"] for cited in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))
    shown = [answer["answer"].index(f"[{cited['n']}]") for cited in answer["citations"]]
    assert shown == sorted(shown)
    assert answer["as_of"] == max(c["published"] for c in answer["citations"] if c["published"])
    assert answer["seconds"] > 0
    assert quotes_hold(qa, answer)


def test_what_the_articles_do_not_say_is_not_answered(qa: Program) -> None:
    done = qa.call("ask", UNANSWERABLE, "--json")
    answer = done.json
    assert done.code == 1 and set(answer) == ANSWER_KEYS
    assert answer["status"] == "abstained" and answer["answer"] == "The articles do not say."
    assert (answer["citations"], answer["withheld"], answer["as_of"], answer["missing"]) == ([], [], None, None)
    assert done.err == "No article answers this. Ask in other words, or add articles: qa index PATH\n"
    done = qa.call("ask", UNANSWERABLE, "--quiet")
    assert (done.code, done.out, done.err) == (1, "The articles do not say.\n", "")


def test_the_question_comes_from_stdin_whole(qa: Program) -> None:
    asked = f'  {QUESTION}\n"quoted" $HOME `pwd` it\'s\n'
    done = qa.run("ask", "-", "--json", stdin=asked)
    assert done.json["question"] == f'{QUESTION} "quoted" $HOME `pwd` it\'s'
    assert qa.call("ask", "-", stdin="").failed(2, "empty")
    assert qa.call("ask", "-", stdin=b"\xff\xfe").failed(2, "stdin", "UTF-8")


def test_why_shows_each_passage_with_its_ranks(qa: Program) -> None:
    ranked = qa.call("ask", QUESTION, "--json", "--why").json["retrieved"]
    assert all(row["dense_rank"] or row["lexical_rank"] for row in ranked)
    assert [row["score"] for row in ranked] == sorted((row["score"] for row in ranked), reverse=True)
    table = qa.call("ask", QUESTION, "--why").out.split("\n\n")[-1].strip().split("\n")
    assert table[0].split("\t") == ["fused", "dense", "lexical", "score", "cosine", "article", "passage"]
    assert len(table) == len(ranked) + 1


def test_footnotes_of_an_article_are_no_citations(qa: Program, tmp_path: Path) -> None:
    (tmp_path / "foot.txt").write_text(
        "The harbour of Oslo reopened on Friday [12], harbour master Kari Lund said [3]. Ferries sail."
    )
    own = qa.set(QA_INDEX="own")
    assert own.call("index", "foot.txt").code == 0
    done = own.call("ask", "Is it true that the harbour of Oslo reopened on Friday?", "--json")
    assert done.json["answer"].endswith("reopened on Friday (12), harbour master Kari Lund said (3). [1]")
    assert quotes_hold(own, done.json)
    assert own.call("verify", "-", stdin=done.out).code == 0


def test_a_reader_that_leaves_early_is_no_failure(qa: Program) -> None:
    reading = qa.start("ask", QUESTION)
    assert reading.stdout and reading.stderr
    reading.stdout.close()
    assert (reading.stderr.read(), reading.wait(timeout=30)) == (b"", 0)


# ── filters, over articles of 19 and 20 September and an undated one


@pytest.mark.parametrize(
    ("options", "cited"),
    [
        (["--since", "2025-09-20"], "budget"),
        (["--until", "September 19, 2025"], "harbour"),
        (["--since", "2025-09-19", "--until", "2025-09-19"], "harbour"),
        (["--source", "city desk"], "budget"),
        (["--source", "example.org/harb"], "harbour"),
        (["--source", "BUDGET"], "budget"),
        (["--since", "2025-09-21"], None),
        (["--source", "Nobody"], None),
    ],
)
def test_filters_choose_the_articles(reporter: Program, options: list[str], cited: str | None) -> None:
    question = "How much did the repairs of the harbour cost?"
    done = reporter.call("ask", question, "--json", *options)
    assert {row["article"] for row in done.json["citations"]} == ({cited} if cited else set())
    if cited is None:
        assert done.code == 1 and done.err.startswith("No article passes the filters.")


# ── many questions


def test_many_questions_are_answered_in_order(qa: Program) -> None:
    lines = [
        QUESTION,
        "",
        json.dumps({"question": UNANSWERABLE, "id": "b", "answer": "ignored", "n": 1}),
        '{"question": "broken',
        json.dumps({"id": 7, "question": "x" * 20_000}),
        json.dumps({"id": {"any": [1]}, "ask": "what?"}),
        "  " + json.dumps({"id": "\x9b31mé\u2028", "question": "  "}),
        "Which zebra wrote {with} braces?",
    ]
    (qa.folder / "questions.txt").write_bytes("\r\n".join(lines).encode())
    done = qa.run("ask", "--from", "questions.txt")
    assert done.code == 0
    rows = done.rows
    assert len(done.out.splitlines()) == len(rows) == 7  # nothing in a line is a line end to anyone
    assert [row["id"] for row in rows] == [None, "b", None, 7, {"any": [1]}, "\x9b31mé\u2028", None]
    assert "\x9b" not in done.out
    assert [row["status"] for row in rows] == ["answered", "abstained", *["error"] * 4, "abstained"]
    for row in rows:
        wrong = row["status"] == "error"
        assert set(row) == ({"id", "question", "status", "error"} if wrong else {"id", *ANSWER_KEYS})
        assert not wrong or (set(row["error"]) == {"code", "message"} and row["error"]["code"] == 2)
    assert "questions.txt:4 is no JSON" in rows[2]["error"]["message"]
    assert "20,000 characters" in rows[3]["error"]["message"]
    assert done.err == "7 questions: 1 answered, 2 not answered by the articles, 4 failed.\n"
    assert quotes_hold(qa, rows[0])


def test_many_questions_come_from_stdin_too(qa: Program) -> None:
    done = qa.call("ask", "--from", "-", "--quiet", "--json", stdin=f"\ufeff{QUESTION}\n")
    assert (done.code, done.err, [row["status"] for row in done.rows]) == (0, "", ["answered"])
    assert qa.call("ask", "--from", "-", stdin="\n \n").failed(2, "no question")


# ── what is not configured


def test_what_is_not_configured_is_exit_3(qa: Program, tmp_path: Path) -> None:
    assert qa.call("ask", QUESTION, "--index", str(tmp_path / "none")).failed(3, "no index", "qa index PATH")
    assert qa.set(QA_INDEX="none").call("ask", QUESTION).failed(3, "no index")
    assert qa.call("articles", "--index", "none").failed(3, "no index")
    assert qa.call("articles", "remove", "x", "--index", "none").failed(3, "no index")
    (tmp_path / "answer.json").write_text('{"status": "abstained"}')
    assert qa.call("verify", "answer.json", "--index", "none").failed(3, "no index")
    assert qa.call("ask", QUESTION, "--model", "gpt-9").failed(3, "gpt-9", "OPENAI_API_KEY")
    assert qa.set(QA_MODEL="gpt-9").call("ask", QUESTION).failed(3, "gpt-9", "OPENAI_API_KEY")
    assert qa.set(OPENAI_BASE_URL="http://localhost:1/v1").call("ask", QUESTION).failed(3, "--model or QA_MODEL")


def test_what_asks_no_model_needs_none(qa: Program) -> None:
    lost = qa.set(QA_MODEL="gpt-9")
    assert lost.call("articles").code == 0
    assert lost.call("ask", QUESTION, "--model", "offline").code == 0
    assert qa.set(OPENAI_API_KEY="sk-x", QA_MODEL="offline").call("ask", QUESTION).code == 0


# ── articles


def test_articles_are_listed_shown_and_removed(reporter: Program, paper: Path, tmp_path: Path) -> None:
    listed = reporter.call("articles")
    assert [line.split("\t")[:2] for line in listed.out.splitlines()] == [
        ["budget", "2025-09-20"],
        ["harbour", "2025-09-19"],
        ["museum", "undated"],
    ]
    rows = reporter.call("articles", "--json").rows
    assert [row["id"] for row in rows] == ["budget", "harbour", "museum"]
    assert rows[1]["publisher"] == "Nordic Wire" and rows[2]["published"] is None
    shown = reporter.call("articles", "show", "harbour").out
    assert "published  2025-09-19" in shown and "Four ferries" in shown
    assert reporter.call("articles", "show", "harbour", "--json").json["text"] + "\n" == (
        reporter.call("articles", "--index", str(paper), "show", "harbour", "--text").out
    )
    own = ("--index", str(tmp_path / "own"))
    (tmp_path / "one.txt").write_text("The first bridge opened on Monday.")
    (tmp_path / "two.txt").write_text("The second bridge opened on Tuesday.")
    assert reporter.call("index", "one.txt", "two.txt", *own).code == 0
    assert reporter.call("articles", "remove", "one", *own).code == 0
    assert [row["id"] for row in reporter.call("articles", "--json", *own).rows] == ["two"]
    assert reporter.call("articles", "remove", "one", *own).failed(2, "no article 'one'")


def test_bundled_articles_are_not_removed(qa: Program) -> None:
    id = qa.call("articles", "--json").rows[0]["id"]
    assert qa.call("articles", "remove", id).failed(3, "bundled")
