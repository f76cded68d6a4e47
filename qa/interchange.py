"""Answers as JSON, as other programs and `qa verify` read them; and the files of questions and answers that come in.

{"question": "…", "status": "answered", "answer": "It ends on December 16 [1].", "citations": [{"n": 1, …}], …}
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.domain import Answer, Citation, Doubt, JsonObject, Retrieved
from qa.errors import QaError, UsageError
from qa.text import CONTROLS

_CONTROL = re.compile(f"[{CONTROLS}\u2028\u2029]")


def answer(found: Answer, why: bool = False, doubts: Sequence[Doubt] = ()) -> JsonObject:
    """One answer as one object; with `why`, also the passages and their ranks, and what the reader doubts."""
    usage = found.usage
    shown: JsonObject = {
        "question": found.question,
        "status": found.status,
        "answer": found.text,
        "citations": [citation(c) for c in found.citations],
        "withheld": [{"text": w.text, "why": w.why} for w in found.withheld],
        "conflicts": [
            {"positions": [{"value": p.value, "citations": list(p.citations)} for p in conflict.positions]}
            for conflict in found.conflicts
        ],
        "value": found.value,
        "confidence": None if found.confidence is None else round(found.confidence, 4),
        "missing": found.missing,
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "model": found.model,
        "prompt": found.prompt,
        "usage": usage
        and {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cost_usd": usage.cost},
        "seconds": found.seconds,
    }
    if not why:
        return shown
    checks = [{"citation": doubt.n, "text": doubt.said, "reader": doubt.read} for doubt in doubts]
    return {**shown, "retrieved": [passage(r) for r in found.retrieved], "check": checks}


def citation(cited: Citation) -> JsonObject:
    return {
        "n": cited.n,
        "article": cited.article,
        "title": cited.title,
        "published": cited.published.isoformat() if cited.published else None,
        "publisher": cited.publisher,
        "url": cited.url,
        "quote": cited.quote,
        "start": cited.start,
        "end": cited.end,
    }


def passage(retrieved: Retrieved) -> JsonObject:
    return {
        "article": retrieved.article.id,
        "start": retrieved.passage.start,
        "end": retrieved.passage.end,
        "dense_rank": retrieved.dense_rank,
        "lexical_rank": retrieved.lexical_rank,
        "similarity": retrieved.similarity,
        "score": retrieved.score,
    }


def turn(found: Answer) -> JsonObject:
    """An answer of a conversation: also how its question was understood, where that is another than was asked."""
    shown = answer(found)
    return {"question": shown.pop("question"), "understood": found.understood, **shown}


def failure(question: str, error: QaError) -> JsonObject:
    """A question of many that could not be answered."""
    return {"question": question, "status": "error", "error": {"code": error.exit_code, "message": str(error)}}


def line(value: object) -> str:
    """As one line of JSON; what a terminal could obey is escaped."""
    dumped = json.dumps(value, ensure_ascii=False)
    return _CONTROL.sub(lambda control: f"\\u{ord(control[0]):04x}", dumped) + "\n"


# ── what comes in


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of many: with the id its line gave, and what is wrong with that line, if anything is."""

    question: str
    id: object = None
    wrong: UsageError | None = None


def questions(file: str) -> Iterator[Asked]:
    """Of a file (- is stdin) with a question a line, or JSONL. Raises UsageError if it cannot be read or has none."""
    lines = [(n, row.strip()) for n, row in enumerate(_text(file).split("\n"), 1) if row.strip()]
    if not lines:
        raise UsageError(f"There is no question in {file}.", "Write one a line, or JSONL with a “question”.")
    for number, row in lines:
        yield asked(row, f"{file}:{number}")


def asked(row: str, where: str) -> Asked:
    """What one line asks, be it JSON or the question itself."""
    if not row.startswith("{"):
        return Asked(row)
    try:
        fields = json.loads(row)
        json.dumps(fields.get("id"), allow_nan=False)  # Python reads NaN and 1e999, and would write them again
    except (ValueError, RecursionError) as error:
        return Asked(row, wrong=UsageError(f"{where} is no JSON: {error}."))
    question = fields.get("question")
    if isinstance(question, str):
        return Asked(question, fields.get("id"))
    return Asked(row, fields.get("id"), UsageError(f"{where} has no “question” that is text."))


def answers(file: str) -> Iterator[JsonObject]:
    """Of a file (- is stdin) with one JSON object over many lines, one a line, or an array. Raises UsageError."""
    text, another = _text(file), "Write one with: qa ask QUESTION --json"
    if not text.strip():
        raise UsageError(f"There is no answer in {file}.", another)
    try:
        found = json.loads(text)
        rows = found if isinstance(found, list) else [found]
    except (ValueError, RecursionError):
        rows = [_row(row, f"{file}:{number}") for number, row in enumerate(text.split("\n"), 1) if row.strip()]
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("status"), str):
            raise UsageError(f"{file} holds something that is no answer.", another)
        yield row


def _row(row: str, where: str) -> object:
    try:
        return json.loads(row)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is no JSON: {error}.", "Write answers with: qa ask QUESTION --json") from error


def _text(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", error)
        raise UsageError(f"{'stdin' if file == '-' else file} cannot be read: {why}.") from error


def stdin() -> str:
    return _text("-")
