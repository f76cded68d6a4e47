"""Runs of the evaluation made by hand, for the tests of what compares and reports them."""

from collections.abc import Iterable
from typing import Any

from qa.evaluation.results import Result, Run

FINGERPRINTS = {
    "corpus": "c0ffee", "gold": "901d", "prompt": "answer@3f2a91c0", "model": "offline", "embedder": "minilm-l6",
    "code": "4c0de", "settings": "5e77", "judge": "", "recording": "",
}  # fmt: skip


def result(id: str, verdict: str = "right", **changes: Any) -> Result:
    """An answer that is right with all its measures, unless told otherwise."""
    right = verdict == "right"
    measures = {"em": 0.0, "f1": 1.0 if right else 0.2, "hit": 1.0, "mrr": 1.0, "ndcg": 1.0}
    cited = {"citation_precision": 1.0, "citation_recall": 1.0, "must_cite": True}
    fields: dict[str, Any] = {
        "id": id, "trial": 1, "cluster": id, "question": f"What of {id}?", "answerable": True, "reason": f"it is {verdict}",
        "accepted": ("December 16",), "status": "answered", "answer": "It ends on December 16 [1].", "seconds": 0.2,
        "stage": None if right else "wrongly read",
        **({} if verdict == "error" else {**measures, **cited}),
    }  # fmt: skip
    return Result(**{**fields, "verdict": verdict, **changes})


def run(items: Iterable[Result], summary: dict[str, Any] | None = None, **fingerprints: str) -> Run:
    return Run("2025-09-20T08:00:00Z", {**FINGERPRINTS, **fingerprints}, tuple(items), summary or {})


def many(right: int, wrong: int = 0, **changes: Any) -> list[Result]:
    """q0, q1, …: the right ones first."""
    return [result(f"q{n}", "right" if n < right else "wrong", **changes) for n in range(right + wrong)]


def passage(article: str, start: int) -> dict[str, Any]:
    return {
        "article": article, "start": start, "end": start + 700, "dense_rank": 1, "lexical_rank": None,
        "similarity": 0.71, "score": 0.0312,
    }  # fmt: skip


def citation(n: int, quote: str, **changes: Any) -> dict[str, Any]:
    return {
        "n": n, "article": "002_ee6486a57864e93a", "title": "Trump extends the TikTok deadline", "published": "2025-09-19",
        "publisher": "The Paper", "url": "https://news.example/tiktok", "quote": quote, "start": 1012, "end": 1066,
        **changes,
    }  # fmt: skip
