"""A run of the gold and its items, as they are stored, compared and reported.

    Run(made="2025-09-20T08:00:00Z", fingerprints={"corpus": "…", "gold": "…", "model": "offline", …}, items=(
        Result(id="tiktok-extension-end", trial=1, verdict="right", …), …))

One trial of one turn of one item is one Result. An error is its own verdict and never counts as a pass.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from qa.errors import UsageError

FORMAT = 1

Verdict = Literal["right", "wrong", "cannot tell", "error"]
Stage = Literal[
    "not indexed", "not retrieved", "ranked out", "not used", "withheld", "wrongly refused", "wrongly read",
    "wrongly answered", "error",
]  # fmt: skip
"""Where an answer that is not right went wrong: the article is not in the index; none of its passages was found; they
were found, but not among those the writer reads; read, but not used; the gate withheld it; refused though read; read and
used, but the words or their meaning are wrong; an unanswerable question was answered; the run itself failed."""


@dataclass(frozen=True, slots=True)
class Result:
    """One answer and how it did. Measures are None where they do not apply."""

    id: str
    """The item's id; for turn n of a conversation `id#n`."""
    trial: int
    cluster: str
    question: str
    answerable: bool
    verdict: Verdict
    reason: str
    tags: tuple[str, ...] = ()
    critical: bool = False
    accepted: tuple[str, ...] = ()
    status: str = ""
    """answered, abstained, or empty after an error."""
    answer: str = ""
    citations: tuple[Mapping[str, Any], ...] = ()
    """As in the JSON of an answer."""
    withheld: tuple[Mapping[str, Any], ...] = ()
    retrieved: tuple[Mapping[str, Any], ...] = ()
    """article, start, end, dense_rank, lexical_rank, similarity, score; best first."""
    must_cite: bool | None = None
    """Whether the item's `cite` is met."""
    em: float | None = None
    f1: float | None = None
    hit: float | None = None
    mrr: float | None = None
    ndcg: float | None = None
    citation_precision: float | None = None
    citation_recall: float | None = None
    stage: Stage | None = None
    """Where it went wrong, for results that are not right."""
    confidence: float | None = None
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    error: str | None = None
    error_code: int | None = None

    @property
    def passed(self) -> bool:
        """Right, and rightly cited where citations are asked for."""
        return self.verdict == "right" and self.must_cite is not False


@dataclass(frozen=True, slots=True)
class Run:
    """All results of one evaluation, and what made them.

    Fingerprints: corpus, gold, prompt, model, embedder, code, settings, judge (or ""), recording ("" | "replayed" | "scripted").
    """

    made: str
    fingerprints: Mapping[str, str]
    items: tuple[Result, ...]
    summary: Mapping[str, Any] = field(default_factory=dict)


def write(run: Run, path: Path) -> None:
    """Raises UsageError where the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"format": FORMAT, **asdict(run)}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def read(path: Path) -> Run:
    """Raises UsageError for a file that is no run of this format."""
    try:
        stored = json.loads(path.read_text("utf-8"))
        if stored.pop("format") != FORMAT:
            raise UsageError(f"{path} was written by another version.", "Make it anew with: qa eval --output FILE")
        return Run(items=tuple(map(_result, stored.pop("items"))), **stored)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Make it with: qa eval --output FILE") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(f"{path} is no stored run ({type(error).__name__}: {error}).") from error


def _result(row: Mapping[str, Any]) -> Result:
    known = {f.name for f in fields(Result)}
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in known}
    return Result(**values)
