"""What the tests of the gate share: articles of their own, the seeds, and one call that checks what a writer wrote.

check('It ends on May 5 [1: "the truce ends on May 5"].', article("The truce ends on May 5."))  → ["grounded"]
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from qa.domain import Article, Passage, Retrieved
from qa.evidence import markup
from qa.evidence.gate import Failed, Gate, Grounded, Verdict

FRIDAY = date(2025, 9, 19)
SEEDS = Path(__file__).parents[2] / "seeds"


def article(text: str, published: date | None = FRIDAY, title: str = "News of the day", id: str = "a") -> Article:
    return Article(id, text, title, published)


def seeds() -> list[Article]:
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8").strip()
        found.append(article(text, title=text[:100], id=path.stem))
    return found


def retrieved(*articles: Article) -> list[Retrieved]:
    return [Retrieved(Passage(f"p{n}", a.id, 0, len(a.text)), a, 1.0 / n) for n, a in enumerate(articles, 1)]


def verdicts(reply: str, *articles: Article, question: str = "what happened?") -> list[Verdict]:
    gate = Gate(question, retrieved(*articles))
    return [gate.check(statement) for statement in markup.read(reply)[0]]


def check(reply: str, *articles: Article, question: str = "what happened?") -> list[str]:
    """For each statement "grounded", "harmless", or the reason for which it failed."""
    return [_name(v) for v in verdicts(reply, *articles, question=question)]


def failures(found: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(v.why, v.what) for v in found if isinstance(v, Failed)]


def _name(verdict: Verdict) -> str:
    if isinstance(verdict, Failed):
        return verdict.why
    return "grounded" if isinstance(verdict, Grounded) else "harmless"
