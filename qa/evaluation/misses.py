"""Says why no recording answers a request: in what it differs from the one that is nearest to it.

explain(asked, recorded)
    → "No recording answers this request ('When …?'). From the nearest one differs the model: asked 'b', recorded 'a'."
"""

import json
from collections.abc import Mapping, Sequence

from qa.domain import JsonObject

_LONGEST_QUESTION = 120
_SHOWN = 60


def explain(asked: JsonObject, recorded: Sequence[JsonObject]) -> str:
    """`recorded`: the requests that were, at least one."""
    wanted = _parts(asked)
    nearest = max(map(_parts, recorded), key=lambda parts: _likeness(wanted, parts))
    differing = [name for name in wanted if wanted[name] != nearest[name]]
    told = "; ".join(_difference(name, wanted[name], nearest[name]) for name in differing)
    asked_what = " ".join(wanted["question"].split())[:_LONGEST_QUESTION]
    return f"No recording answers this request ({asked_what!r}). From the nearest one differs {told}."


def _parts(request: JsonObject) -> dict[str, str]:
    """A request in the parts that a person would change one at a time, the most telling first."""
    messages = request.get("messages", [])
    first_user = next((m["content"] for m in messages if m["role"] == "user"), "")
    passages, _, question = first_user.rpartition("\n\nQuestion: ")
    return {
        "question": question or "\n".join(request.get("texts", [])),
        "passages": passages,
        "prompt": "\n".join(m["content"] for m in messages if m["role"] == "system"),
        "model": request["model"],
        "parameters": json.dumps(request.get("parameters"), sort_keys=True),
        "follow-up": "\n\n".join(m["content"] for m in messages[2:]),
        "purpose": str(request.get("purpose")),
    }


def _likeness(wanted: Mapping[str, str], parts: Mapping[str, str]) -> tuple[float, ...]:
    alike = [float(wanted[name] == parts[name]) for name in wanted]
    one, other = _blocks(wanted["passages"]), _blocks(parts["passages"])
    shared = len(one & other) / len(one | other) if one | other else 1.0
    return (float(wanted["purpose"] == parts["purpose"]), alike[0] + shared, sum(alike))


def _blocks(text: str) -> set[str]:
    """Passages without their numbers, which change with their order."""
    return {block.partition("] ")[2] or block for block in text.split("\n\n")}


def _difference(name: str, wanted: str, recorded: str) -> str:
    """`the model: asked 'b', recorded 'a'`; of longer parts the first place at which they differ."""
    if name == "passages" and _blocks(wanted) == _blocks(recorded):
        return "the passages: the same, in another order"
    at = next(
        (i for i, (a, b) in enumerate(zip(wanted, recorded, strict=False)) if a != b), min(len(wanted), len(recorded))
    )
    start = 0 if max(len(wanted), len(recorded)) <= _SHOWN else max(0, at - 15)
    # Whole lines of a prompt would bury what was changed in them.
    shown = [repr(" ".join(text[start : start + _SHOWN].split())) for text in (wanted, recorded)]
    return f"the {name}: asked {shown[0]}, recorded {shown[1]}"
