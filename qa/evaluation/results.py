"""A run of the gold and its items, as they are stored, compared and reported.

    Run(made="2025-09-20T08:00:00Z", fingerprints={"corpus": "…", "gold": "…", "model": "offline", …}, items=(
        Result(id="tiktok-extension-end", trial=1, verdict="right", …), …))

One trial of one turn of one item is one Result. An error is its own verdict and never counts as a pass.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args

from qa.errors import UsageError

FORMAT = 1

Verdict = Literal["right", "wrong", "cannot tell", "error"]
Stage = Literal[
    "not indexed", "not retrieved", "ranked out", "not used", "withheld by the gate", "wrongly refused", "wrongly cited",
    "wrongly read", "wrongly answered", "error",
]  # fmt: skip
"""Where an answer that is not right went wrong: the article is not in the index; none of its passages was found; they
were found, but not among those the writer reads; read, but not used; the gate withheld it; refused though read; used and
rightly worded, but cited by no sentence that it supports; used, but the words or their meaning are wrong; an unanswerable
question was answered; the run itself failed."""


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
    gold: str = ""
    """The fingerprint of all that decides the item's verdict; empty in runs that were stored without it."""
    understood: str = ""
    """What a follow-up was taken to ask, where that is not `question` itself."""
    where: str = ""
    """The file and line of the item, `eval/gold.yaml:12`; empty where the file lies outside the working folder."""
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
    judge_input_tokens: int = 0
    """What the judge took is kept apart: it is spent on measuring and not on answering."""
    judge_output_tokens: int = 0
    judge_cost: float | None = None
    error: str | None = None
    error_code: int | None = None

    @property
    def asked(self) -> str:
        """The question as it stands alone."""
        return self.understood or self.question

    @property
    def told(self) -> str:
        """The question as people are told it."""
        return f"{self.question} (understood: {self.understood})" if self.understood else self.question

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

    def breaks_off(self, most: float) -> bool:
        """Whether more than the share `most` of the results are errors, or all of them, which no share bears."""
        errors = sum(result.verdict == "error" for result in self.items)
        return errors > most * len(self.items) or 0 < errors == len(self.items)


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
        run = Run(items=tuple(map(result, stored.pop("items"))), **stored)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Make it with: qa eval --output FILE") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(f"{path} is no stored run ({type(error).__name__}: {error}).") from error
    twice = [key for key, number in Counter((r.id, r.trial) for r in run.items).items() if number > 1]
    if twice:
        raise UsageError(f"{path} holds {twice[0][0]}, trial {twice[0][1]}, more than once.", "Make it anew.")
    return run


def result(row: Mapping[str, Any]) -> Result:
    """A result as it was stored. Raises ValueError, TypeError or KeyError for one that is none.

    What decides whether it passes is looked at closely: `"must_cite": "false"` must not pass for a yes.
    """
    known = {f.name for f in fields(Result)}
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in known}
    found = Result(**values)
    for name, kinds in _KINDS.items():
        # By the exact type, for True is an int and a list of one is true.
        if type(value := getattr(found, name)) not in kinds:
            raise TypeError(f"{name} is {value!r}")
    if found.verdict not in get_args(Verdict):
        raise ValueError(f"verdict is {found.verdict!r}")
    if found.error and found.verdict != "error":
        raise ValueError(f"{found.id} is {found.verdict} and an error")
    return found


_KINDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(
        ("id", "cluster", "question", "verdict", "reason", "status", "answer", "gold", "where", "understood"), (str,)
    ),
    **dict.fromkeys(("answerable", "critical"), (bool,)),
    **dict.fromkeys(("tags", "accepted", "citations", "withheld", "retrieved"), (tuple,)),
    "must_cite": (bool, NoneType),
    "trial": (int,),
}
