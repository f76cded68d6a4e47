"""What a fragment names takes the place of what is like it in the last question.

after "How high are the tariffs on goods from China?"
replaced("Japan", context)        → "How high are the tariffs on goods from Japan"
replaced("in 2024", context)      → "How high are the tariffs on goods from China in 2024"
"""

import re

from qa.evidence import names, values
from qa.followups import vocabulary as v
from qa.followups.context import Context, asked_about
from qa.followups.phrases import Kind, Name, head_of, names_in, noun_phrases
from qa.followups.references import resolve
from qa.followups.shape import Shape, parse, unmarked

_WITH_PREPOSITION = re.compile(
    r"(?:(?:on|in|by|at|since|until|before|after|during|from|for)\s+)?(?:the\s+)?\Z", re.IGNORECASE
)
_EVERYWHERE = frozenset("worldwide globally nationwide abroad elsewhere".split())
_TOLD = re.compile(
    r"the (?:first|second|third|fourth) quarter|(?:the )?(?:last|next|this|previous|following) \w+"
    r"|today|tomorrow|yesterday|tonight"
)


def replaced(said: str, context: Context) -> str | None:
    """The last question with the fragment in it; None where it has no place there."""
    question = unmarked(context.last.understood)
    shape = parse(question)
    owned = said.split()[0].lower() in v.POSSESSIVES
    said = _with_noun(resolve(said, context) if not _ones(said) else said, context)
    if owned and shape and shape.subject:
        return str(_with_subject(shape, said))
    words = said.split()
    if not words:
        return None
    preposition = words[0].lower() if words[0].lower() in v.PREPOSITIONS and len(words) > 1 else ""
    thing = " ".join(words[1:]) if preposition else said
    if _is_time(thing):
        return _in_time(question, preposition, thing)
    if preposition:
        return _after_preposition(question, preposition, thing, context)
    if said.lower() in _EVERYWHERE:
        return re.sub(r" in (?:the )?[A-Z][\w.]*(?: [A-Z][\w.]*)*\Z", "", question) + f" {said}"
    found = names_in("x " + said)
    if apart := re.fullmatch(r"((?:[A-Z][\w.'’&-]* ?)+) (in|to|from|on|at|with|against|for) (.+)", said):
        whole = _name(question, apart[1], shape, context)
        return _after_preposition(whole, apart[2], apart[3], context) if whole else None
    if len(found) == 1 and (found[0].text == re.sub(r"\Athe ", "", said, flags=re.IGNORECASE)):
        return _name(question, said, shape, context)
    if shape is None:
        return None
    if said.islower() and shape.subject and v.is_base(said) and v.is_base(shape.rest.lower()):
        return str(Shape(shape.lead, shape.aux, shape.subject, said))  # "When does it open?", "and close?"
    return _phrase(question, said, shape, context)


def _ones(said: str) -> bool:
    return bool(re.search(r"\bones?\Z", said))


def _with_noun(said: str, context: Context) -> str:
    """ "The second one" with the noun that it counts."""
    if not _ones(said):
        return said
    for phrase, _ in sorted(asked_about(context.last), key=lambda pair: -pair[1]):
        noun = head_of(phrase).split()[-1]
        if noun[0].islower():
            return re.sub(r"\bones?\Z", noun, said)
    return said


# ── time


def _is_time(thing: str) -> bool:
    found = values.find(thing)
    year = re.fullmatch(r"(?:the )?(?:1[5-9]|20)\d\d(?:s)?", thing)
    dated = (
        found and any(isinstance(m, values.Date) for m in found[0].meanings) and len(found[0].text) >= len(thing) - 5
    )
    told = _TOLD.fullmatch(thing.lower())
    return bool(year or dated or (told and (thing.split()[-1].lower() in v.TIMES or not thing.count(" "))))


def _in_time(question: str, preposition: str, thing: str) -> str:
    if thing.endswith("quarter"):
        return f"{question} {preposition or 'in'} {thing}"
    for value in values.find(question):
        is_year = re.fullmatch(r"(?:1[5-9]|20)\d\d", value.text)
        if not is_year and not any(isinstance(m, values.Date) for m in value.meanings):
            continue
        start, end = value.start, value.end
        before = _WITH_PREPOSITION.search(question[:start])
        if preposition and before:
            return f"{question[: before.start()].rstrip()} {preposition} {thing}{question[end:]}"
        return f"{question[:start]}{thing}{question[end:]}"
    if not preposition and re.fullmatch(r"\d{4}", thing):
        preposition = "in"
    if not preposition and thing.lower().rstrip("s").endswith("day") and " " not in thing and thing[0].isupper():
        preposition = "on"
    return f"{question} {preposition} {thing}"


# ── after a preposition


def _after_preposition(question: str, preposition: str, thing: str, context: Context) -> str:
    kind = _kind(thing, context)
    same = re.compile(rf"\b(\w+) {re.escape(thing)}(?!\w)")
    if (found := same.search(question)) and found[1] in v.PREPOSITIONS:  # "in the U.S.", "and outside the U.S.?"
        return question[: found.start()] + f"{preposition} {thing}" + question[found.end() :]
    for name in names_in(question):
        if name.located == preposition and _goes_for(thing, kind, name.text, _kind(name.text, context)):
            before = re.sub(r"\bthe \Z", "", question[: name.start])
            return before + thing + question[name.end :]
    for match in re.finditer(rf"\b{preposition} ((?:the |a |an )?(?:[\w.’'&-]+(?: |\Z))+)", question, re.IGNORECASE):
        there = noun_phrases(match[1].rstrip())
        if (
            not there
            or not match[1].lower().startswith(there[0].lower())
            or not _goes_for(thing, kind, there[0], _kind(there[0], context))
        ):
            continue
        start = match.start(1)
        return question[:start] + thing + question[start + len(there[0]) :]
    return f"{question} {preposition} {thing}"


def _goes_for(thing: str, kind: str, there: str, other: str) -> bool:
    """Whether what stands after the same preposition is of one kind; a country is never in the place of a subject."""
    if "time" in (kind, other) or "currency" in (kind, other):
        return kind == other
    return kind in (other, "unknown") or (thing.lower() not in v.COUNTRIES and there.lower() not in v.COUNTRIES)


def _kind(thing: str, context: Context) -> Kind | str:
    """The kind of a thing; a currency is one of its own."""
    word = thing.lower().split()[-1]
    if word in v.CURRENCIES:
        return "currency"
    kind = context.known.kind(thing)
    return "place" if thing.lower() in v.COUNTRIES else kind


# ── names


def _name(question: str, said: str, shape: Shape | None, context: Context) -> str | None:
    inside = names_in(question)
    asked = names_in("x " + said)
    words = asked[0].words if asked else frozenset(names.fold(word) for word in said.split())
    if own := next((n for n in inside if words <= n.words or n.words <= words), None):
        return _swapped(question, own, inside)
    kind = _kind(said, context)
    best = max(inside, key=lambda n: _alike(n, kind, context, shape), default=None)
    if best is None or _alike(best, kind, context, shape) < 1:
        verb = shape.rest.split()[0].lower() if shape and shape.rest else ""
        if v.base_of(verb) in v.SPEECH:
            return f"{re.sub(r' about .*', '', question)} about {said}"
        if kind == "place" and said.lower() in v.COUNTRIES:
            return f"{question} in {said}"
        return _phrase(question, said, shape, context) if shape else None
    start, end = best.start, best.end
    followed = re.match(r" (?!of\b|and\b)[a-z]+", question[end:])
    modifies = followed is not None and followed[0].strip() not in v.PREPOSITIONS | v.ADVERBS and (
        not shape or question[end:].strip() != shape.rest
    )  # fmt: skip
    bare = re.sub(r"\Athe ", "", said, flags=re.IGNORECASE)
    if modifies:
        return f"{question[:start]}{bare}{question[end:]}"
    before = re.sub(r"\bthe \Z", "", question[:start])
    return f"{before}{said}{question[end:]}"


def _swapped(question: str, own: Name, inside: list[Name]) -> str | None:
    """ "What does Trump want from Xi?", "and Xi?"."""
    other = next((n for n in inside if n.text != own.text), None)
    if other is None:
        return question
    first, second = sorted((own, other), key=lambda n: n.start)
    between = question[first.end : second.start]
    return question[: first.start] + second.text + between + first.text + question[second.end :]


def _alike(name: Name, kind: str, context: Context, shape: Shape | None) -> float:
    there = _kind(name.text, context)
    same = (
        3.0
        if there == kind
        else 1.5
        if "unknown" in (there, kind)
        else 0.9
        if {there, kind} == {"place", "thing"}
        else 0.0
    )
    return same + 0.5 * (shape is not None and shape.subject == name.text)


# ── other noun phrases


def _phrase(question: str, said: str, shape: Shape, context: Context) -> str | None:
    noun = head_of(said).split()[-1].lower()
    whole = head_of(said) != said
    for phrase, _ in asked_about(context.last):
        head = head_of(phrase)
        if head.split()[-1].lower() == noun and phrase in question:
            return question.replace(phrase if whole else head, said, 1)
    plain = said.islower() and said.split()[0] not in v.DETERMINERS
    inside = list(re.finditer(r"\b(?:in|for|on|of|from|to|against) ([\w-]+)\Z", question))
    subject_named = len(names_in("x " + shape.subject)) == 1 and head_of(shape.subject).split()[-1][0].isupper()
    things = [thing for thing in noun_phrases(shape.rest) if not names_in("x " + thing)]
    if subject_named and things and said.islower():
        return question.replace(things[0], said, 1)
    if plain and inside and inside[0][1].lower() not in v.COUNTRIES and not _is_time(inside[0][1]):
        return question[: inside[0].start(1)] + said
    if not shape.subject:
        things = noun_phrases(shape.rest)
        return question.replace(things[0], said, 1) if things else None
    if not shape.rest and shape.aux.lower() in v.BE and head_of(shape.subject) != shape.subject:
        of = shape.subject.removeprefix(head_of(shape.subject))
        if said.lower().startswith(("the ", "its ", "his ")) and not whole and of.startswith(" of "):
            return str(_with_subject(shape, said + of))
        if not said.lower().startswith(("the ", "a ", "an ")):
            things = [thing for thing in noun_phrases(of) if said[0].isupper() or thing.islower()]
            return question.replace(things[-1], said, 1) if things else None
    return str(_with_subject(shape, said))


def _with_subject(shape: Shape, subject: str) -> Shape:
    several = v.is_plural(head_of(subject).split()[-1]) or " and " in subject
    aux = (v.PLURAL_OF if several else v.SINGULAR_OF).get(shape.aux.lower(), shape.aux)
    return Shape(shape.lead, aux if shape.lead else aux.capitalize(), subject, shape.rest)
