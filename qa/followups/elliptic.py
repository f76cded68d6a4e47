"""Follow-ups that are no whole question: "why?", "and in 2024?", "did Poland?", "what about Japan?".

completed("why?", "why", context)                 → "Why does the TikTok extension end?"
completed("What about Japan?", …, context)        → "How high are the tariffs on goods from Japan?"
"""

import re

from qa.followups import vocabulary as v
from qa.followups.context import Context
from qa.followups.phrases import head_of, names_in, noun_phrases
from qa.followups.references import attributed, resolve
from qa.followups.replacing import replaced
from qa.followups.shape import Shape, bare, parse

_BARE = re.compile(
    r"(?:(?:since|until|till|by|from|at|on|in|for|to|with|under|against|after|before) )?"
    r"(?:(?:what|which) (?:time|day|date|year|month|city|country|place|price|reason|purpose)|why|when|where|how|who|whom|what)"
    r"(?: (?:much|many|long|often|soon|old|far|fast|high|big|large|come|so|not|else|for|with|from|to|exactly|precisely"
    r"|specifically))*",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(\w+(?: exactly)?) (?:did|does|has) (?:he|she|they|it) (?:say|said|announce|announced) (?:so|that|this)",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r" (?:(?:did|does|do|will|would|was|is|has|had|were|could|should|can|must)(?:n't)? )"
    r"(?:(?:this|that)(?: (?:be|been|happen|happened|occur|occurred|take place|the case|done|decided|agreed))?"
    r"|it (?:happen|happened|occur|occurred|take place|come about|come to that)"
    r"|(?:he|she|it|they) (?:do|done|doing) (?:it|that|this|so))\Z",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(
    r"(?:who|which \w+) (?:said|says|say|claims|claimed|told) (?:so|that|this|it)|says who|according to (?:whom|who)"
    r"|where does (?:that|this) come from|how do (?:we|they|you) know(?: that| this)?|who is the source(?: of that)?",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:what|how) about (.+)|(?:and|but) (?:for|as for) (.+)", re.IGNORECASE)
_BEHIND = re.compile(r"(?:,? (?:then|though|too|as well|also|again))+\Z", re.IGNORECASE)
_MORE = re.compile(
    r"(?:anything|something|what) (?:else|more)|(?:anyone|anybody) else|(?:anywhere) else", re.IGNORECASE
)
_LONGEST_FRAGMENT = 7


def completed(question: str, body: str, context: Context) -> str | None:
    """The whole question; None where nothing is missing but what pronouns stand for, or what it is cannot be told."""
    if _ATTRIBUTED.fullmatch(body):
        return attributed(context)
    asked = context.shape
    if (
        (again := _SAID.fullmatch(body))
        and asked
        and asked.asks_subject
        and context.named
        and again[1].lower() not in ("what", "who")
    ):
        return asked_with(again[1], context)
    body = _BEHIND.sub("", body) if _BEHIND.sub("", body) else body
    shape = context.shape
    event = _EVENT.search(body)
    lead = body[: event.start()] if event else body
    if _MORE.fullmatch(lead) and shape:
        return _more(lead, shape)
    lead = re.sub(
        r"\A(why|when|how) (?:there|here|him|her|them|it|that|this|then|now)\Z", r"\1", lead, flags=re.IGNORECASE
    )
    if (
        re.fullmatch(r"how many (?:were|are|is|was) (?:there|they)", body, re.IGNORECASE)
        and shape
        and v.is_plural(head_of(shape.subject).split()[-1] if shape.subject else "x")
    ):
        return re.sub(
            r"(many) ", rf"\1 {re.sub('^(?:the|these|those) ', '', shape.subject)} ", body, flags=re.IGNORECASE
        )
    if _BARE.fullmatch(lead) and not (event and _is_thing(event[0], shape)):
        return asked_with(lead, context) if shape else None
    if shape and (found := _with_verb_of(body, shape, context)):
        return found
    return _fragment(question, body, context)


def _is_thing(event: str, shape: Shape | None) -> bool:
    """Whether "that happen" asks about a thing named in a question about who or how many were in it."""
    about_it = bool(re.search(r"\bit (?:happen|occur|take|come)", event))
    if not shape or shape.rest.startswith("happen"):
        return False
    return about_it and shape.asks_subject and bool(noun_phrases(shape.rest))


# ── another question word


def asked_with(lead: str, context: Context) -> str | None:
    """The last question, with other question words."""
    shape = context.shape
    assert shape is not None
    lower = lead.lower()
    words = lower.split()
    if lower in ("what for", "for what"):
        return _inverted("What", shape, context, " for")
    if lower == "how come":
        lead = "Why"
    if lower == "what time":
        lead = "At what time"
    if re.fullmatch(r"(?:what|which) (?:day|date)", lower):
        lead = f"On {lower}"
    if re.fullmatch(r"(?:what|which) (?:year|month|city|country|place)", lower):
        lead = f"In {lower}"
    if so := re.fullmatch(r"why so (\w+)", lower):
        return _inverted("Why", shape, context, f" so {so[1]}") if so[1] in shape.lead.lower().split() else None
    if words[-1] == "not":
        return _inverted(" ".join(words[:-1]), _negated(shape), context)
    if lead.lower() == lower and words[0] in ("who", "what") and "for" not in words and "with" not in words:
        return _argument(lead, shape)
    if words[:2] in (["how", "many"], ["how", "much"]):
        counted = _counted(lead, shape)
        return counted if counted or "many" in words else _inverted(lead, shape, context)
    if lower in ("how old", "how big", "how large", "how high", "how fast", "how far"):
        thing = context.antecedent("he") if lower == "how old" else None
        thing = thing or context.antecedent("it")
        return f"{lead} is {thing}" if thing else None
    return _inverted(lead, shape, context)


def _negated(shape: Shape) -> Shape:
    return Shape(shape.lead, shape.aux, f"{shape.subject} not" if shape.subject else "", shape.rest)


def _argument(lead: str, shape: Shape) -> str | None:
    """ "Who exactly?", "what else?": the same question, asked again."""
    word = lead.split()[0].lower()
    if shape.wh == word or (word == "who" and shape.wh in ("who", "which")):
        return str(Shape(lead, shape.aux, shape.subject, shape.rest))
    return None


def _counted(lead: str, shape: Shape) -> str | None:
    """ "How many?" of what was asked about: "Who died?" → "How many people died?"."""
    many = "many" in lead.lower()
    if many and shape.asks_subject:
        noun = "people" if shape.wh == "who" else " ".join(shape.lead.split()[1:])
        plural = noun and v.is_plural(noun.split()[-1])
        return str(Shape(f"{lead} {noun}", shape.aux, "", shape.rest)) if plural else None
    if many and not shape.lead and shape.subject.lower() in ("anyone", "anybody", "someone"):
        aux = v.PLURAL_OF.get(shape.aux.lower(), shape.aux)
        return str(Shape(f"{lead} people", aux, "", shape.rest))
    if many and not shape.lead and v.is_plural(head_of(shape.subject).split()[-1]):
        counted, rest = re.sub(r"\A(?:any|some|the)\s+", "", shape.subject), shape.rest
        if shape.aux.lower() == "did":
            verb, _, tail = rest.partition(" ")
            return str(Shape(f"{lead} {counted}", "", "", f"{v.past_of(verb)} {tail}"))
        return str(Shape(f"{lead} {counted}", shape.aux, "", rest))
    if not many and shape.asks_subject and (things := noun_phrases(shape.rest)):
        return f"{lead} was {things[0]}"
    return None


def _inverted(lead: str, shape: Shape, context: Context, end: str = "") -> str | None:
    """The last question with new question words before its auxiliary and subject."""
    if shape.asks_subject:
        return _from_subject_question(lead, shape, context, end)
    subject, rest = shape.subject, shape.rest
    old = shape.lead.split()
    if shape.wh == "how" and len(old) == 2 and old[1].lower() not in ("many", "much", "long", "often", "soon", "far"):
        rest = f"so {old[1]} {rest}"  # "How high are they?", "Why are they so high?"
    elif shape.wh == "how" and len(old) > 2 and old[1].lower() == "many" and rest:
        rest = _with_object(rest, " ".join(old[2:]))
    elif shape.wh in ("what", "which") and len(old) > 1 and old[0].lower() == shape.wh and rest:
        rest = _with_object(rest, f"the {' '.join(old[1:])}")
    elif shape.wh in ("what", "who", "whom") and len(old) == 1 and rest and shape.aux.lower() not in v.BE:
        rest = _with_object(rest, "that" if shape.wh == "what" else context.named.text if context.named else "")
    elif shape.wh in ("what", "who") and not rest and context.named and shape.aux.lower() in v.BE:
        subject, rest = context.named.text, subject
    return str(Shape(lead, shape.aux, subject, rest + end))


def _with_object(rest: str, noun: str) -> str:
    """What "which vaccine" asked for, back behind its verb."""
    verb, _, tail = rest.partition(" ")
    if tail.split(" ")[0].lower() not in v.PREPOSITIONS and tail:
        return rest
    return f"{verb} {noun} {tail}" if tail not in v.PREPOSITIONS else f"{rest} {noun}"


def _from_subject_question(lead: str, shape: Shape, context: Context, end: str) -> str | None:
    """ "Who won it?", "when?": with the answer's name where there is one, else in the passive."""
    counted = shape.lead.split()[2:] if shape.lead.lower().startswith("how ") else []
    doer = " ".join(counted) or (context.named.text if context.named else "")
    if not doer and shape.wh in ("which", "what") and len(shape.lead.split()) > 1:
        doer = f"the {' '.join(shape.lead.split()[1:])}"
    if shape.aux:
        return str(Shape(lead, shape.aux, doer, shape.rest + end)) if doer else None
    verb, _, tail = shape.rest.partition(" ")
    base = v.base_of(verb.lower())
    past = not v.is_present(verb.lower()) and (v.is_past(verb.lower()) or base != verb.lower())
    if doer:
        plural = bool(counted) or v.is_plural(doer.split()[-1])
        return str(Shape(lead, "did" if past else "do" if plural else "does", doer, f"{base} {tail}{end}"))
    things = noun_phrases(tail)
    if not things or not tail.startswith(things[0]):
        return f"{lead} did that {base} {tail}" if shape.wh == "what" and base == "happen" else None
    aux = ("were" if past else "are") if v.is_plural(head_of(things[0]).split()[-1]) else "was" if past else "is"
    return str(Shape(lead, aux, things[0], f"{v.participle_of(verb.lower())} {tail.removeprefix(things[0])}{end}"))


def _more(lead: str, shape: Shape) -> str | None:
    word = "Who" if lead.lower().startswith("any") and "thing" not in lead.lower() else "What"
    if shape.wh != word.lower():
        return None
    return str(Shape(f"{word} else", shape.aux, shape.subject, shape.rest))


# ── "did Poland?"


def _with_verb_of(body: str, shape: Shape, context: Context) -> str | None:
    """A question of auxiliary and subject alone, with the last one's verb."""
    own = parse(body)
    if own is None or own.rest or not own.subject or (own.aux.lower() in v.BE and own.lead):
        return None
    if set(own.subject.lower().split()) & v.PREPOSITIONS:
        return None
    if own.wh in ("who", "what") and own.subject.lower() in ("it", "this", "that"):
        return None  # "who did it?"
    named = (
        own.subject.lower() in v.PRONOUNS or bool(names_in("x " + own.subject)) or own.subject.lower() in v.COUNTRIES
    )
    if not named or len(own.subject.split()) > 4 or (own.aux.lower() in v.BE) != (shape.aux.lower() in v.BE):
        return None
    rest = shape.rest
    if shape.asks_subject and not shape.aux:
        verb, _, tail = rest.partition(" ")
        rest = f"{v.base_of(verb.lower())} {tail}"
    if not rest:
        return None
    subject = resolve(f"did {own.subject} go", context).split(" ", 1)[1].rsplit(" ", 1)[0]
    return str(Shape(own.lead, own.aux, subject, rest))


# ── "what about Japan?", "in 2024?"


def _fragment(question: str, body: str, context: Context) -> str | None:
    about = _ABOUT.fullmatch(body)
    said = (about[1] or about[2]) if about else body
    if not about and not _is_fragment(question, body):
        return _counted_elsewhere(body, context)
    return replaced(said, context)


def _is_fragment(question: str, body: str) -> bool:
    words = [word.lower().strip(",") for word in body.split()]
    if len(words) > _LONGEST_FRAGMENT or any(word in v.AUXILIARIES or word in v.WH for word in words):
        return False
    joined = bare(question) != re.sub(r"\s+", " ", question).strip().rstrip("?!. ")
    if joined:
        return True
    leans = words[0] in v.PREPOSITIONS | v.DETERMINERS or words[0] in v.COUNTRIES or body[0].isupper() or "one" in words
    return leans and len(words) <= 5 and (question.rstrip().endswith("?") or words[0] in v.PREPOSITIONS)


def _counted_elsewhere(body: str, context: Context) -> str | None:
    """ "How many in 2023?", "who in France?": question words and a place or a time."""
    found = re.fullmatch(r"((?:how (?:many|much|long|often|high)|who|when|where|why|what)) ((?:in|on|at|for|by|under|from) .+)", body,
                         re.IGNORECASE)  # fmt: skip
    words = [word.lower() for word in found[2].split()] if found else []
    if not found or any(word in v.AUXILIARIES or v.is_past(word) or word in v.WH for word in words) or len(words) > 5:
        return None
    whole = replaced(found[2], context)
    shape = parse(whole) if whole else None
    if not whole or not shape or shape.lead.lower().startswith(found[1].lower()):
        return whole
    if found[1].lower() in ("how many", "how much"):
        return None  # of what, was not said
    return str(Shape(found[1], shape.aux, shape.subject, shape.rest)) if shape.subject else whole
