"""Measures the scorer against people: the same answers judged by both (`qa eval --calibrate FILE`).

    {"question": "who got the first nobel prize in physics", "gold_answers": ["Wilhelm Conrad Röntgen"],
     "answer": "Wilhelm Röntgen", "human_correct": true, "improper": false}            one such object a line

    calibrate(read_rows(Path("evouna-nq.jsonl.gz"))).false_pass   → 0.03

Rows marked improper (the gold is out of date, the question has no answer) are left out, as in EVOUNA's own figures
(Wang et al. 2023), and those whose human_correct is null, which nobody judged. Of the rest:

    decided      the share on which the scorer says right or wrong
    accuracy     the share of the decided on which it agrees with people
    kappa        Cohen's, over the decided
    false_pass   of the decided answers that people call wrong, the share that the scorer calls right

This is the strict reading of "false passes": over all passes, which are three times as many, the same errors are a
third of it (`passes_wrong`). It is the one under which plain containment has 3.3% on EVOUNA-NQ and a scorer of kappa .84
that decides 82% has 3.7%; as a share of passes, containment has 1.5%.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import UsageError
from qa.evaluation.gold import Accept, Text, YesNo
from qa.evaluation.matching import asked, find
from qa.evaluation.scoring import Verdict, decide
from qa.evaluation.statistics import cohen_kappa
from qa.evaluation.wording import read

Judge = Callable[[str, Sequence[str], str], Verdict]


@dataclass(frozen=True, slots=True)
class Row:
    question: str
    gold_answers: tuple[str, ...]
    answer: str
    right: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """Counts and shares; a share of nothing is None."""

    items: int
    decided: float
    accuracy: float | None
    kappa: float | None
    false_pass: float | None
    false_fail: float | None
    """Of the decided answers that people call right, the share that the scorer calls wrong."""
    passes_wrong: float | None
    """Of the answers that the scorer calls right, the share that people call wrong."""


_ASKS_WHEN = re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month)\b", re.IGNORECASE)
# At the question's head only: "which country won four times" asks for one.
_ASKS_SEVERAL = re.compile(
    r"(?:who|what|which|where)\b(?: \w+)? (?:are|were)\b|(?:what|which|name|list)\b(?: \w+){0,3} (?:two|three|four|five|six|seven)\b"
    r"|(?:the |original |full )*(?:list|cast|names)\b|(?:two|three|four|five|six|seven) \w+s\b",
    re.IGNORECASE,
)


def judge_text(question: str, gold_answers: Sequence[str], answer: str) -> Verdict:
    """The verdict on an answer by gold answers that are plain strings, any one of which is right.

    Strings do not tell whether they are other words for one answer or several answers; the question may.
    """
    verdict = decide(question, [infer(gold) for gold in gold_answers], (), answer)
    if verdict.outcome != "right":
        return verdict
    known, text = asked(question), read(answer)
    found = [find(infer(gold), text, known) for gold in gold_answers]
    single = _distinct(gold_answers)
    few = 2 * sum(found[i].fit == "stated" for i in single) < len(single)
    if few and len(single) > 2 and _ASKS_SEVERAL.match(question):
        return Verdict("cannot tell", "states less than half of the several that are asked for")
    dated = [f for f in found if f.gold]
    if _ASKS_WHEN.search(question) and dated and not any(f.fit == "stated" for f in dated):
        return Verdict("cannot tell", "states what is accepted, but not when")
    return verdict


def infer(gold: str) -> Accept:
    """What kind of answer a string is: yes or no, else a text, which is compared as the date or number that it may be."""
    bare = gold.strip().rstrip(".").lower()
    return YesNo(bare == "yes") if bare in ("yes", "no") else Text(gold)


def _distinct(texts: Sequence[str]) -> list[int]:
    """Which of the texts are not another one's words with some left out."""
    keys = [frozenset(word.key for word in read(text).words) for text in texts]
    return [
        i
        for i, own in enumerate(keys)
        if not any(own < other or (own == other and j < i) for j, other in enumerate(keys))
    ]


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file, gzipped or not, improper ones left out. Raises UsageError with file and line."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for n, line in enumerate(lines, 1):
                if line.strip() and (row := _row(line, f"{path}:{n}")):
                    yield row
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error};", "name a JSONL file, gzipped or not.") from None


def _row(line: str, where: str) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{where}: this line is not JSON: {error};", "each line holds one judged answer.") from None
    if not isinstance(row, Mapping):
        raise UsageError(f"{where}: this line is no object;", "each line holds one judged answer.")
    if row.get("improper") is True:
        return None
    question, golds, answer, right = (
        row.get("question"),
        row.get("gold_answers"),
        row.get("answer"),
        row.get("human_correct"),
    )
    texts = tuple(g for g in golds if isinstance(g, str)) if isinstance(golds, list) else ()
    complete = isinstance(golds, list) and 0 < len(golds) == len(texts)
    # An answer that is null is one that a system failed to give; people called those wrong, and so must we.
    if not isinstance(question, str) or not complete or not isinstance(answer, str | None):
        raise UsageError(
            f"{where}: question, gold_answers or answer is missing;", "allowed: text, a list of texts, text."
        )
    if right is None and "human_correct" in row:
        return None  # nobody judged it
    if not isinstance(right, bool):
        told = repr(right) if "human_correct" in row else "missing"
        raise UsageError(f"{where}: human_correct is {told};", "allowed: true, false, or null where nobody judged.")
    return Row(question, texts, answer or "", right)


def calibrate(rows: Iterable[Row], judge: Judge = judge_text) -> Calibration:
    """How well `judge` agrees with people. Raises UsageError where there is no row."""
    pairs = [(judge(row.question, row.gold_answers, row.answer).outcome, row.right) for row in rows]
    if not pairs:
        raise UsageError("No judged answer to calibrate on:", "the file holds none that is not improper.")
    decided = [(outcome == "right", right) for outcome, right in pairs if outcome in ("right", "wrong")]
    wrong = [passed for passed, right in decided if not right]
    right = [passed for passed, right in decided if right]
    passes = [right for passed, right in decided if passed]
    return Calibration(
        items=len(pairs),
        decided=len(decided) / len(pairs),
        accuracy=_share(sum(a == b for a, b in decided), len(decided)),
        kappa=cohen_kappa([a for a, _ in decided], [b for _, b in decided]) if decided else None,
        false_pass=_share(sum(wrong), len(wrong)),
        false_fail=_share(len(right) - sum(right), len(right)),
        passes_wrong=_share(len(passes) - sum(passes), len(passes)),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
