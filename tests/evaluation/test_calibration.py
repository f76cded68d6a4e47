"""The scorer against people: what plain gold strings mean, the figures by hand, and the real file where it is at hand."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.errors import UsageError
from qa.evaluation.calibration import Row, calibrate, judge_text, read_rows
from qa.evaluation.scoring import Verdict

BENCH = Path(__file__).parents[3] / "shared/bench/evouna-nq.jsonl.gz"

RIGHT, WRONG, UNSURE = "right", "wrong", "cannot tell"

JUDGED: list[tuple[str, list[str], str, str]] = [
    # what kind of answer a string is shows in its form
    ("when did it end", ["16 December 2025"], "It ended on Dec. 16th, 2025.", RIGHT),
    ("when did it end", ["16 December 2025"], "It ended in December.", UNSURE),
    ("when in 2025 did it end", ["16 December 2025"], "on December 16", RIGHT),
    ("when did it open", ["1889"], "It opened in the late 1880s.", UNSURE),
    ("when was it", ["late 1968"], "in 1968", UNSURE),
    ("how many steps", ["2,579 steps"], "There are 2579 of them.", RIGHT),
    ("how many seasons", ["third season"], "three", RIGHT),
    ("how long", ["a week"], "741 weeks", WRONG),
    ("how much", ["$2.18 billion (2018)"], "about $2.18bn", RIGHT),
    ("is it final", ["No"], "No, it is not.", RIGHT),
    ("is it final", ["yes"], "No.", WRONG),
    # names in other dress
    ("who sang it", ["B. J. Thomas"], "It was sung by BJ Thomas.", RIGHT),
    ("who got it", ["Wilhelm Conrad Röntgen"], "Wilhelm Rontgen", RIGHT),
    ("who played her", ["Kathleen Erin Walsh"], "Kate Walsh played her.", RIGHT),
    ("who played him", ["Mary Smith"], "Mark Smith", WRONG),
    ("who played him", ["James P. Flynn"], "It was Jimmy Flynn.", RIGHT),
    ("who wrote it", ["B. R. Ambedkar"], "Bhimrao Ramji Ambedkar", RIGHT),
    ("who wrote it", ["Bhupendranath Dutt"], "Bhupendranath Dutta", RIGHT),
    ("who wrote it", ["Bhupendranath Dutt"], "Bhupendra Dutta", WRONG),
    ("who sings it", ["the British band Argent"], "Argent", RIGHT),
    ("who said it", ["U.S. President John F. Kennedy"], "John F. Kennedy.", RIGHT),
    ("who plays him", ["Frank Ferrer"], "Frank Iero", WRONG),
    ("where was it held", ["Dhaka, Bangladesh"], "Dhaka", RIGHT),
    ("where is it", ["North Carolina"], "South Carolina", WRONG),
    ("which river", ["Missouri River"], "the Mississippi River", WRONG),
    ("what is it called", ["adenosine diphosphate (ADP)"], "ADP", RIGHT),
    ("what does hp mean", ["hit points or health points"], "Health Points", RIGHT),
    ("what is the blood type", ["A+"], "It is A+.", RIGHT),
    ("what is the blood type", ["A+"], "It is B+.", WRONG),
    ("which band", ["AC/DC"], "DC Talk", WRONG),
    # what was asked for in the plural is not given by one of many
    ("what are the four types of it", ["hail", "sleet", "snow", "rain"], "rain", UNSURE),
    ("which is it", ["hail", "sleet", "snow", "rain"], "rain", RIGHT),
    ("when was the first one elected", ["Edmund Barton", "1901"], "Edmund Barton was elected in 1903.", UNSURE),
    ("who wrote it", ["Sophocles"], "I'm sorry, I couldn't find who wrote it.", WRONG),
    ("who wrote it", ["Sophocles"], "", WRONG),
]


@pytest.mark.parametrize(("question", "gold", "answer", "expected"), JUDGED)
def test_judge_text(question: str, gold: list[str], answer: str, expected: str) -> None:
    verdict = judge_text(question, gold, answer)
    assert verdict.outcome == expected, verdict.reason


def test_the_figures_by_hand() -> None:
    # Of ten answers one is not decided. Of the nine, people call six right and three wrong; the judge passes five of the
    # six and one of the three. Accuracy 7/9; chance (6/9 · 6/9 + 3/9 · 3/9) = 5/9; kappa (7/9 - 5/9) / (4/9) = 1/2.
    outcomes = [*[(RIGHT, True)] * 5, (WRONG, True), (RIGHT, False), *[(WRONG, False)] * 2, (UNSURE, True)]
    rows = [Row("q", ("g",), outcome, right) for outcome, right in outcomes]

    def judge(question: str, gold: Sequence[str], answer: str) -> Verdict:
        return Verdict(answer, "")  # type: ignore[arg-type]  # the outcomes above

    found = calibrate(rows, judge)
    assert (found.items, found.decided) == (10, 0.9)
    assert found.accuracy == pytest.approx(7 / 9)
    assert found.kappa == pytest.approx(0.5)
    assert found.false_pass == pytest.approx(1 / 3)
    assert found.false_fail == pytest.approx(1 / 6)
    assert found.passes_wrong == pytest.approx(1 / 6)


def test_a_judge_that_always_says_yes_agrees_no_better_than_chance() -> None:
    rows = [Row("q", ("g",), "a", n < 6) for n in range(10)]
    found = calibrate(rows, lambda *_: Verdict("right", ""))
    assert (found.kappa, found.false_pass, found.passes_wrong) == (0, 1, 0.4)


def test_where_nothing_is_decided_there_are_no_figures() -> None:
    found = calibrate([Row("q", ("g",), "a", True)], lambda *_: Verdict("cannot tell", ""))
    assert found.decided == 0
    assert found.accuracy is found.kappa is found.false_pass is None
    with pytest.raises(UsageError, match="No judged answer"):
        calibrate([])


GOOD = {"question": "q", "gold_answers": ["g"], "answer": "a", "human_correct": True, "improper": False}


def test_rows_are_read_and_improper_ones_left_out(tmp_path: Path) -> None:
    unjudged = {**GOOD, "answer": None, "human_correct": None}
    improper = {**GOOD, "improper": True, "human_correct": None}
    rows = [GOOD, improper, unjudged, {**GOOD, "answer": None, "human_correct": False}]
    text = "\n".join(map(json.dumps, rows)) + "\n\n"
    plain, zipped = tmp_path / "rows.jsonl", tmp_path / "rows.jsonl.gz"
    plain.write_text(text, encoding="utf-8")
    zipped.write_bytes(gzip.compress(text.encode()))
    expected = [Row("q", ("g",), "a", True), Row("q", ("g",), "", False)]
    assert list(read_rows(plain)) == list(read_rows(zipped)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "this line is not JSON"),
        ("[]", "this line is no object"),
        ("{}", "question, gold_answers or answer is missing"),
        (json.dumps({**GOOD, "gold_answers": []}), "question, gold_answers or answer is missing"),
        (json.dumps({**GOOD, "gold_answers": ["g", 1]}), "question, gold_answers or answer is missing"),
        (json.dumps({**GOOD, "answer": float("nan")}), "question, gold_answers or answer is missing"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "human_correct"}), "human_correct is missing"),
        (json.dumps({**GOOD, "human_correct": "yes"}), "human_correct is 'yes'"),
        (json.dumps({**GOOD, "human_correct": "yesterday"}), "human_correct is 'yesterday'"),
        (json.dumps({**GOOD, "human_correct": 1}), "human_correct is 1"),
    ],
)
def test_a_broken_row_is_an_error_and_no_verdict(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"rows\.jsonl:2: ") as error:
        list(read_rows(path))
    assert expected in str(error.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(gzip.compress(json.dumps(GOOD).encode())[:-9])
    (tmp_path / "plain.gz").write_text("{}")
    for path in (torn, tmp_path / "none.jsonl", tmp_path / "plain.gz", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            list(read_rows(path))


@pytest.mark.skipif(not BENCH.exists(), reason="shared/bench is absent")
def test_agrees_with_people_on_natural_questions() -> None:
    # Even records only: they were looked at while the rules were written, and the odd ones are for the figure reported.
    rows = []
    with gzip.open(BENCH, "rt", encoding="utf-8") as lines:
        for n, line in enumerate(lines):
            row = json.loads(line)
            if n % 2 == 0 and not row["improper"]:
                rows.append(Row(row["question"], tuple(row["gold_answers"]), row["answer"] or "", row["human_correct"]))
    found = calibrate(rows)
    assert found.items == 7528
    assert found.decided >= 0.85
    assert found.kappa is not None
    assert found.kappa >= 0.84
    assert found.false_pass is not None
    assert found.false_pass <= 0.035
