"""Pronouns and definite phrases of a follow-up, with what they stand for put in their place.

"How old is he?"              → "How old is Francesco Farioli?"
"How long did the call last?" → "How long did the call between Trump and Xi last?"
"How many were injured?"      → "How many people were injured in the Noto earthquake?"
"""

import re
from collections.abc import Sequence

from qa.evidence import values
from qa.followups import vocabulary as v
from qa.followups.context import GROUP, Context, said
from qa.followups.definites import filled
from qa.followups.phrases import definite, head_of, names_in, possessive
from qa.followups.shape import Shape, parse, unmarked

_EMPTY_IT = re.compile(
    r"\bit (?:be )?(?:true|possible|likely|legal|illegal|clear|known|important|normal|safe|necessary|said|thought|hard|easy)\b"
    r".*\b(?:that|to|for|if)\b|\bit (?:take|cost|feel|mean|make sense|matter)s?\b.* (?:to|if|when)\b"
    r"|\b(?:time|day) is it\b|\bit (?:rain|snow)|\bwho (?:is|was) it(?: before| after| now| then|\Z)"
    r"|\bit (?:really )?(?:true|certain|possible|likely|clear|known)\Z",
    re.IGNORECASE,
)
_OF_DEEDS = frozenset(
    """announce approve cancel confirm deny expect explain fair illegal justify legal oppose organise plan postpone propose
    reject right suggest surprising unanimous unfair vote welcome wise wrong""".split()
)
"""What is announced, voted against or legal is what somebody did, and not who did it."""
_TOGETHER = frozenset("agree cooperate meet negotiate speak talk".split())
_MOTION = frozenset("go going travel travelling fly flying return get move moving come arrive went sent send".split())
_CASUALTIES = re.compile(
    r"\b(?:how many|who|was anyone|were any|is anyone|did anyone|were there|are there)\b", re.IGNORECASE
)
_SAID_BY = re.compile(r", [^,]{3,60} (?:said|says|told [^,]{3,30}|announced|reported)(?: on \w+)?\Z")
_SMALL = frozenset("people many much any anyone anybody someone else there more yet far".split())


def resolve(body: str, context: Context) -> str:
    """The question with what it refers to; as it is where it refers to nothing that was said."""
    resolved = filled(_pronouns(body, context), context)
    if resolved == body:
        resolved = _at_event(body, context)
    return _with_tail(resolved, context)


# ── pronouns


def _pronouns(body: str, context: Context) -> str:
    words = body.split()
    shape = parse(body)
    done: set[str] = set()
    out = list(words)
    for i, word in enumerate(words):
        lower = word.lower().rstrip(",;")
        group = GROUP.get(lower)
        if group is None or group in done:
            continue
        if not _refers(words, i, body) or _is_bound(words, i, shape, context):
            continue
        antecedent = _same_subject(lower, shape, context) or context.antecedent(
            lower, as_object=_is_object(words, i, shape)
        )
        if antecedent is None or _holds(words, i, antecedent) or _is_deed(words, i, antecedent, context):
            continue
        done.add(group)
        mark = word[len(word.rstrip(",;")) :]
        out[i] = _placed(words, i, antecedent, context) + mark
        if group == "they" and i and context.known.kind(antecedent) != "several":
            out[i - 1] = _agreeing(out[i - 1], antecedent)
    return " ".join(out)


def _same_subject(pronoun: str, shape: Shape | None, context: Context) -> str | None:
    """Who did before what is asked about again: "Did the bank cut rates?", "Will they cut again?"."""
    last = context.shape
    if not shape or not last or not last.subject or shape.subject.lower() != pronoun or not shape.rest:
        return None
    verb, before = (v.base_of(rest.split()[0].lower()) for rest in (shape.rest, last.rest or "-"))
    return last.subject if verb == before and last.subject.lower() not in v.PRONOUNS else None


def _is_deed(words: Sequence[str], i: int, antecedent: str, context: Context) -> bool:
    """Whether a pronoun stands for what was done, and not for a thing; or for more than the one that was found."""
    bases = {v.base_of(word.lower().strip(",;")) for word in words}
    group = GROUP[words[i].lower().rstrip(",;")]
    if words[i].lower().rstrip(",;") in ("this", "that"):
        return context.tells_of_a_deed
    if group == "it":
        return antecedent in context.doer and bool(bases & _OF_DEEDS)
    return group == "they" and bool(bases & _TOGETHER) and context.known.kind(antecedent) in ("person", "unknown")


def _is_object(words: Sequence[str], i: int, shape: Shape | None) -> bool:
    """Whether a pronoun stands after the verb."""
    if shape is None:
        return False
    return shape.asks_subject or (
        words[i - 1].lower() not in v.AUXILIARIES and i > len(f"{shape.lead} {shape.aux}".split())
    )


def _agreeing(aux: str, subject: str) -> str:
    known = v.SINGULAR_OF.get(aux.lower())
    if not known or v.is_plural(head_of(subject).split()[-1]) or (subject.startswith("the ") and subject.endswith("s")):
        return aux
    return known.capitalize() if aux[0].isupper() else known


def _placed(words: Sequence[str], i: int, antecedent: str, context: Context) -> str:
    lower = words[i].lower().rstrip(",;")
    following = words[i + 1].lower() if i + 1 < len(words) else ""
    if lower in v.POSSESSIVES - {"her"} or (
        lower == "her" and following and following not in v.PREPOSITIONS | v.ADVERBS | v.CLOSERS
    ):
        return possessive(antecedent)
    if lower != "there":
        return antecedent
    before = words[i - 1].lower() if i else ""
    if before in v.PREPOSITIONS:
        return antecedent
    if before in _MOTION:
        return f"to {antecedent}"
    located = next(
        (n.located for n in context.names if n.text == antecedent and n.located not in ("", "to", "from")), ""
    )
    default = "at" if context.known.kind(antecedent) == "thing" else "in"
    return f"{located or default} {antecedent}"


def _holds(words: Sequence[str], i: int, antecedent: str) -> bool:
    """Whether the question names the antecedent beside the pronoun: "Is he richer than Musk?"."""
    named = {word for name in names_in(" ".join(["x", *words[:i], "x", *words[i + 1 :]])) for word in name.words}
    theirs = {word for name in names_in("x " + antecedent) for word in name.words}
    return bool(theirs) and theirs <= named


def _refers(words: Sequence[str], i: int, body: str) -> bool:
    """Whether a word is a pronoun that stands for something, and no determiner, conjunction or empty "it"."""
    lower = [word.lower().strip(",;") for word in words]
    word, before = lower[i], lower[i - 1] if i else ""
    after = lower[i + 1] if i + 1 < len(lower) else ""
    if word == "there":
        return before not in v.AUXILIARIES and after not in v.AUXILIARIES
    if word == "it":
        return not _EMPTY_IT.search(body)
    if word in ("this", "that", "these", "those"):
        if before not in v.AUXILIARIES | v.PREPOSITIONS | v.WH | {""} and not (v.is_past(before) or v.is_base(before)):
            return False  # "the deal that was signed"
        if not after or after in v.PREPOSITIONS | v.AUXILIARIES | v.ADVERBS | v.CLOSERS | {
            "and",
            "or",
            "true",
            "than",
            "like",
        }:
            return True
        return (before in v.DO | v.MODALS and v.is_base(after)) or (before in v.BE and v.is_past(after))
    return True


def _is_bound(words: Sequence[str], i: int, shape: Shape | None, context: Context) -> bool:
    """Whether a pronoun refers to something in the same question: "Did Xi say that he will go?"."""
    lower = [word.lower().strip(",;") for word in words]
    word, before = lower[i], lower[i - 1] if i else ""
    after = lower[i + 1] if i + 1 < len(lower) else ""
    if shape is None:
        return bool(names_in("x " + " ".join(words[:i])))
    owned = word in v.POSSESSIVES - {"her"} or (word == "her" and after and after not in v.PREPOSITIONS)
    if "and" in lower[:i] and names_in("x " + " ".join(words[: lower.index("and")])):
        return True
    if shape.asks_subject:
        return bool(owned) and shape.wh in ("who", "which") and word != "its"
    start = len(f"{shape.lead} {shape.aux}".split()) + len(shape.subject.split())
    if i < start or shape.subject.lower() in v.PRONOUNS or not _agrees(shape.subject, word, context):
        return False
    clause = before not in v.AUXILIARIES and (after in v.AUXILIARIES or v.is_past(after) or v.is_present(after))
    return bool(owned) or clause


def _agrees(subject: str, pronoun: str, context: Context) -> bool:
    kind = context.known.kind(subject)
    group = GROUP[pronoun]
    if kind == "unknown":
        return True
    return kind in {"he": ("person",), "it": ("thing", "place"), "they": ("several", "thing"), "there": ()}[group]


# ── what asks about an event without naming it


def _at_event(body: str, context: Context) -> str:
    if names_in("x " + body) or values.find(body):
        return body
    shape = parse(body)
    if shape is None or not (event := context.event) or event == context.doer:
        return body
    words = [word.lower().strip(",") for word in body.split()]
    telling = [
        w
        for w in words
        if w not in v.AUXILIARIES | v.WH | v.DETERMINERS | v.PREPOSITIONS | v.CLOSERS | v.PRONOUNS | _SMALL
    ]
    if telling and all(w in v.AT_EVENTS for w in telling) and words[-1] not in v.PREPOSITIONS:
        if shape.lead.lower() == "how many":
            body = f"{shape.lead} people {shape.aux} {shape.rest or shape.subject}"
        joint = "of" if shape.subject.lower().startswith("the ") and not shape.rest else "in"
        return f"{body} {joint} {event}"
    if _is_one_definite(shape):
        return f"{body} of {definite(event)}"
    return body


def _is_one_definite(shape: Shape) -> bool:
    """ "Who is the owner?", "What was the price?"."""
    return (
        shape.wh in ("who", "what")
        and shape.aux.lower() in v.BE
        and not shape.rest
        and shape.subject.lower().startswith("the ")
        and len(shape.subject.split()) == 2
    )


def _with_tail(body: str, context: Context) -> str:
    """ "Is Xi going too?" goes where the last question's "going" did."""
    found = re.search(r"\A(.*?) ([a-z]+)((?: |, )(?:too|as well|also))\Z", body)
    if not found:
        return body
    words = context.last.understood.rstrip("?. ").split()
    for at, word in enumerate(words[:-1]):
        if v.base_of(word.lower()) == v.base_of(found[2]) and v.is_base(v.base_of(found[2])):
            return f"{found[1]} {found[2]} {' '.join(words[at + 1 :])}{found[3]}"
    return body


def attributed(context: Context) -> str | None:
    """ "Who said so?": who said what the last answer says."""
    shape = context.shape
    if shape and shape.subject and shape.wh in ("", "why"):
        return f"Who said that {stated(shape)}"
    answer = unmarked(re.sub(r"[“”\"]", "", said(context.last)))
    answer = _SAID_BY.sub("", answer)
    if not answer or len(answer.split()) > 40:
        return None
    return f"Who said that {_uncapitalised(answer)}"


def stated(shape: Shape) -> str:
    """A question of why or whether as a statement: "Why did it close?" → "it closed"."""
    aux, (verb, _, tail) = shape.aux.lower(), shape.rest.partition(" ")
    if aux in v.DO:
        verb = v.past_of(verb) if aux == "did" else v.present_of(verb) if aux == "does" else verb
        return f"{shape.subject} {verb} {tail}".strip()
    return f"{shape.subject} {aux} {shape.rest}".strip()


def _uncapitalised(text: str) -> str:
    first = text.split()[0]
    named = any(name.start == 0 for name in names_in(text))
    return text if named or not first[1:].islower() or first.lower() not in v.DETERMINERS | v.PREPOSITIONS | v.PRONOUNS else (
        text[0].lower() + text[1:]
    )  # fmt: skip
