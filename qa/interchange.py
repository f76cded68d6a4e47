"""Answers as JSON, as other programs and `qa verify` read them.

    {"question": "…", "status": "answered", "answer": "It ends on December 16 [1].", "citations": [{"n": 1, …}], …}
"""

from qa.domain import Answer, Citation, JsonObject, Retrieved
from qa.errors import QaError


def answer(found: Answer, why: bool = False) -> JsonObject:
    """One answer as one object; with `why`, also the passages and their ranks."""
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
        "missing": found.missing,
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "model": found.model,
        "prompt": found.prompt,
        "usage": usage
        and {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cost_usd": usage.cost},
        "seconds": found.seconds,
    }
    return {**shown, "retrieved": [passage(r) for r in found.retrieved]} if why else shown


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


def failure(question: str, error: QaError) -> JsonObject:
    """A question of many that could not be answered."""
    return {"question": question, "status": "error", "error": {"code": error.exit_code, "message": str(error)}}
