"""Reports for a browser, a pull request, a CI server and GitHub's log; what is hostile in answers stays text."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from runs_by_hand import citation, many, passage, result, run

from qa.errors import UsageError
from qa.evaluation.comparison import Comparison, compare
from qa.evaluation.figures import abstention, by_tag, figures, headline
from qa.evaluation.report import annotations, write_report
from qa.evaluation.reports.markdown import code
from qa.evaluation.results import Run

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> \"'&]]> \x1b[31m\x00\x0b\ud800\ufffe | `x` @you\n# heading"
)


ASKED = {"question": HOSTILE, "accepted": (HOSTILE,), "tags": (HOSTILE, "date")}


@pytest.fixture
def old() -> Run:
    return run([result("q0", **ASKED), result("q1"), result("q2", **ASKED), *many(96, tags=("date",))[3:]])


@pytest.fixture
def new() -> Run:
    """Four that are not right, each in its own way and with a hostile text in every field."""
    evidence = {
        **ASKED, "answer": HOSTILE, "reason": HOSTILE,
        "citations": (citation(1, HOSTILE, title=HOSTILE, url="javascript:alert(1)"),),
        "withheld": ({"text": HOSTILE, "why": "value"},), "retrieved": (passage(HOSTILE, 0),),
    }  # fmt: skip
    return run([
        result("q0", "wrong", stage="not retrieved", critical=True, **evidence),
        result("q1", "error", error=HOSTILE, error_code=7),
        result("q2", "cannot tell", **evidence),
        result("q3", must_cite=False, citations=(citation(1, "a quote"),)),
        *many(96)[4:],
    ])  # fmt: skip


def written(new: Run, comparison: Comparison | None, path: Path) -> str:
    write_report(new, comparison, path)
    return path.read_text("utf-8")


# ── figures


def test_shares_have_wilsons_interval_and_errors_are_not_right():
    found = headline(run([*many(80, 10), *(result(f"e{n}", "error") for n in range(10))]))
    assert (found.value, found.of) == (0.8, 100)
    assert (found.low, found.high) == pytest.approx((0.711, 0.867), abs=0.001)


def test_equal_values_are_no_certainty():
    found = next(f for f in figures(run(many(10))) if f.name == "nDCG")
    assert found.value == 1.0 and 0.6 < found.low < 0.8


def test_each_tag_has_its_figure():
    items = [result("a", tags=("x", "y")), result("b", "wrong", tags=("x",))]
    assert [(f.name, f.value, f.of) for f in by_tag(run(items))] == [("x", 0.5, 2), ("y", 1.0, 1)]


# ── the door


@pytest.mark.parametrize("name", ["report.pdf", "report"])
def test_another_ending_is_refused(name, tmp_path):
    with pytest.raises(UsageError, match=r"\.html, \.md, \.xml"):
        write_report(run([]), None, tmp_path / name)


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(run([]), None, tmp_path / "file" / "report.md")


@pytest.mark.parametrize("name", ["r.html", "r.md", "r.xml"])
def test_an_empty_run_is_no_pass_and_no_crash(name, tmp_path):
    nothing = run([])
    path = tmp_path / name
    text = written(nothing, compare(nothing, nothing), path)
    assert path.suffix == ".xml" or "Nothing ran" in text
    assert not re.search(r"🟢|[\d.]+% right", text)
    assert "nothing ran" in annotations(nothing, None)[0]


# ── HTML


class Tags(HTMLParser):
    """Names of all elements, and every attribute that may make a browser fetch or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.risky: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        risky = {"src", "href", "srcset", "style", "action", "background", "poster", "data"}
        self.risky += [(tag, name, value) for name, value in attrs if name in risky or name.startswith("on")]


def test_the_page_escapes_everything_and_fetches_nothing(old, new, tmp_path):
    page = written(new, compare(old, new), tmp_path / "r.html")
    tags = Tags()
    tags.feed(page)
    assert tags.names.count("script") == 1 and "img" not in tags.names
    assert {tag for tag, _, _ in tags.risky} <= {"a"}
    assert {value for _, _, value in tags.risky} == {"https://news.example/tiktok"}
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "@import" not in page and "url(" not in page
    assert not re.search("[\x00-\x08\x0b\x1b]", page)


def test_the_page_shows_an_items_evidence(old, new, tmp_path):
    page = written(replace(new, items=(*new.items, result("cited", citations=(citation(1, "until Dec. 16"),)))), None,
                   tmp_path / "r.html")  # fmt: skip
    for shown in (
        "until Dec. 16",
        "002_ee6486a57864e93a:1012-1066",
        "not retrieved",
        "miscited",
        "exit code 7",
        "withheld",
    ):
        assert shown.lower() in page.lower(), shown


def test_refusing_and_risk_are_drawn_and_said_in_words(tmp_path):
    # Of four answers the surest is right, the next two are not, the last one is: 0, 1/2, 2/3, 2/4 wrong.
    sure = [result(f"q{n}", v, confidence=1 - n / 10) for n, v in enumerate(["right", "wrong", "wrong", "right"])]
    refused = [
        result("no", status="abstained", answerable=False), result("swallowed", "wrong", status="abstained"),
        result("late", "error", status="", confidence=0.99),
    ]  # fmt: skip
    new = run([*sure, *refused])
    assert {f.name: (f.value, f.of) for f in abstention(new)} == {
        "refusals, right": (0.5, 2), "unanswerable, refused": (1.0, 1),
        "F1 of refusing": (2 / 3, 6), "answerable, refused": (0.2, 5),
    }  # fmt: skip
    page = written(new, None, tmp_path / "r.html")
    label = "Wrong: 0% of the surest 25%, 50% of the surest 50%, 67% of the surest 75%, 50% of the surest 100%"
    assert f'aria-label="{label}"' in page and 'd="M0 100 L25 100 L50 50 L75 33.33 L100 50"' in page
    assert "Risk against coverage" not in written(run(refused), None, tmp_path / "r.html")


# ── Markdown


def test_the_pull_request_reads_the_verdict_first(old, new, tmp_path):
    text = written(new, compare(old, new), tmp_path / "r.md")
    assert text.startswith("## 🔴 Worse\n")
    assert "| right answers | 100.0% | 95.8% | -4.2 |" in text
    assert "<details><summary><code>q1</code> <b>broke</b>" in text


def test_texts_of_models_are_in_code_alone(old, new, tmp_path):
    text = written(new, compare(old, new), tmp_path / "r.md")
    bare = re.sub(r"<pre>.*?</pre>|(`+).*?\1", "", text, flags=re.S)
    for risky in ("<script", "<img", "@you", "# heading", "javascript:"):
        assert risky not in bare


@pytest.mark.parametrize(("text", "shown"), [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("", "`  `")])
def test_a_code_span_cannot_be_left(text, shown):
    assert code(text) == shown


def test_a_comment_has_room_for_all_that_it_holds(tmp_path):
    text = written(run(result(f"q{n}", "wrong", answer="long " * 200) for n in range(200)), None, tmp_path / "r.md")
    assert len(text) < 65_536
    assert re.search(r"\d+ more do not fit", text)


# ── JUnit


def test_junit_has_a_case_a_question_and_says_why_it_failed(old, new, tmp_path):
    root = ET.fromstring(written(new, compare(old, new), tmp_path / "r.xml"))
    questions, baseline = root
    assert questions.get("name") == "questions"
    assert [questions.get(k) for k in ("tests", "failures", "errors", "skipped")] == ["96", "2", "1", "1"]
    assert len(questions) == 96
    cases = {case.get("name"): case for case in questions}
    wrong, error, unsure, miscited = (cases[f"q{n}"][0] for n in range(4))
    assert (wrong.tag, wrong.get("type")) == ("failure", "not retrieved")
    assert wrong.get("message").startswith("not retrieved: <script>")
    assert (error.tag, error.get("type")) == ("error", "error")
    assert unsure.tag == "skipped"
    assert (miscited.tag, miscited.get("type")) == ("failure", "not cited")
    assert len(cases["q4"]) == 0
    assert "right answers" in [case.get("name") for case in baseline]


def test_a_broken_critical_item_is_a_failure_against_the_baseline(tmp_path):
    found = compare(run([result("vital", critical=True)]), run([result("vital", "wrong", critical=True)]))
    root = ET.fromstring(written(run([result("vital", "wrong")]), found, tmp_path / "r.xml"))
    assert root.find(".//testcase[@name='critical: vital']/failure") is not None


def test_a_critical_item_that_was_not_asked_is_an_error_there(tmp_path):
    found = compare(run([*many(60), result("vital", critical=True)]), run(many(60)))
    root = ET.fromstring(written(run(many(60)), found, tmp_path / "r.xml"))
    assert root.find(".//testcase[@name='critical: vital']/error") is not None
    assert any(line.startswith("::error title=Critical item%3A vital::") for line in annotations(run(many(60)), found))


# ── GitHub


def test_annotations_cannot_be_forged_by_an_answer():
    bad = result("a:b,c", "wrong", answer="x\n::error::forged\r%0A::set-output name=a::b")
    lines = annotations(run([bad]), None)
    assert all(re.match(r"::(notice|warning|error) title=[^:,\n]*::", line) for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)
    assert "%250A" in lines[1] and "title=Wrong%3A a%3Ab%2Cc::" in lines[1]


def test_a_broken_critical_item_and_errors_are_errors_the_rest_warnings():
    old = [result("vital", critical=True), result("plain"), result("late")]
    new = [
        result("vital", "wrong", critical=True),
        result("plain", "wrong"),
        result("late", "error", error="Timed out."),
    ]
    lines = annotations(run(new), compare(run(old), run(new)))
    assert lines[0].startswith("::notice title=Evaluation::Worse: 1 critical item broke")
    assert lines[1].startswith("::error title=Critical item broke%3A vital::wrongly read: was ")
    assert "::error title=Error%3A late::Timed out." in lines
    assert any(line.startswith("::warning title=Broke%3A plain::") for line in lines)


def test_notes_and_testcases_stand_at_the_line_of_the_gold(tmp_path):
    items = [result("q0", "wrong", where="eval/go,ld.yaml:12"), result("q1", where="eval/gold.yaml:20")]
    assert annotations(run(items), None)[1].startswith("::warning file=eval/go%2Cld.yaml,line=12,title=Wrong%3A q0::")
    cases = ET.fromstring(written(run(items), None, tmp_path / "r.xml"))[0]
    assert [(case.get("file"), case.get("line")) for case in cases] == [
        ("eval/go,ld.yaml", "12"), ("eval/gold.yaml", "20"),
    ]  # fmt: skip


def test_no_more_of_a_kind_than_github_shows():
    lines = annotations(run(many(0, 50)), None)
    assert len(lines) == 11
