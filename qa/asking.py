"""What a question asks for, and whether a sentence holds such a thing: a date, a number, a person, a place, a reason.

asks_for("Which South Korean city hosts it?")         → "place"
asked_about("Which South Korean city hosts it?")      → " South Korean hosts it?"
offers("place", "It is held in Gyeongju.", …)         → 1.0
"""

import re
from collections.abc import Sequence

from qa.evidence import names, values

# What a question asks for: the pattern that matches first in it, and of several there the first in this list. The words
# that match name the kind of answer and are not looked for in the articles: Osaka answers "which city", not "city".
_PEOPLE = (
    "academic|activist|actor|actress|adviser|analyst|athlete|author|banker|candidate|chief|coach|economist|executive|"
    "expert|head|judge|journalist|lawmaker|lawyer|leader|man|minister|official|person|player|politician|president|"
    "professor|researcher|scientist|secretary|senator|singer|spokesperson|spokesman|spokeswoman|star|woman|writer"
)
_PLACES = "capital|city|continent|country|county|island|location|nation|place|region|state|street|town|venue|village"
_BODIES_ASKED = (
    "agency|airline|app|bank|broadcaster|company|court|firm|institute|institution|network|newspaper|organi[sz]ation|"
    "outlet|party|platform|publication|service|site|team|think tank|university|website"
)
_WHICH = r"\b(?:what|which)(?: [\w'’.-]+){0,3}? "
_ASKS = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("time", r"\b(?:what|which) (?:exact )?(?:time|hour)\b"),
        ("duration", r"\bhow long\b|\bhow (?:many|much) (?:more )?(?:seconds|minutes|hours|days|weeks|months|years)\b"),
        ("day", r"\b(?:what|which) (?:exact )?(?:dates?|day)\b|\A(?:exact )?date of\b"),
        ("month", r"\b(?:what|which) month\b"),
        ("year", r"\b(?:what|which) year\b"),
        ("percent", r"\b(?:what|which) (?:percent|percentage|share|proportion|tariff rate|rate)\b|\bhow high\b"),
        ("money", r"\bhow many (?:dollars|euros|pounds)\b|\bin (?:us )?(?:dollars|euros|pounds)\b|\b(?:what|which) (?:price|sum)\b"
                  r"|\bhow much (?:money )?(?=do|did|will|is|are|was|were|would|has|have)"),
        ("number", r"\bhow (?:many|much|often|old|far|large|big|tall|fast|few)\b|\b(?:what|which) (?:number|figure|age)\b"),
        ("person", rf"\bwho(?:m|se)?\b|{_WHICH}(?:{_PEOPLE})s?\b|\bname of the\b"),
        ("place", rf"\bwhere\b|{_WHICH}(?:{_PLACES})\b|{_WHICH}(?:cities|countries|counties|places|towns)\b"
                  r"|\b(?:host|venue) (?:city|country)\b"),
        ("reason", r"\bwhy\b|\bwhat (?:was |is |were )?(?:the )?(?:reasons?|cause|motive|purpose|grounds)\b|\bwhat (?:caused|led)\b"),
        ("name", rf"{_WHICH}(?:{_BODIES_ASKED})\b"),
        ("date", r"\b(?:since |until |by )?when\b|\bhow (?:soon|recently)\b"),
        ("any", r"\b(?:what|which|how)\b|\A(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b"),
    )
]  # fmt: skip

EXACT_KINDS = frozenset(
    {"time", "day", "month", "year", "date", "duration", "percent", "money", "number", "person", "place"}
)
"""Without one of these in it, a sentence is hardly an answer."""

NAMED_KINDS = frozenset({"person", "place", "name"})

_REASONS = re.compile(
    r"\b(?:because|due to|since|so that|in order to|as a result|citing|cited|over (?:fears|concerns)|wary|concern|fear|"
    r"reason|caused by|after|thanks to|blam|in response|to (?:avoid|prevent|protect|ensure|help|keep|allow))\w*",
    re.IGNORECASE,
)


def _ask(question: str) -> tuple[str, re.Match[str] | None]:
    matches = [(kind, match) for kind, pattern in _ASKS if (match := pattern.search(question))]
    return min(matches, key=lambda found: found[1].start(), default=("any", None))


def asks_for(question: str) -> str:
    """The kind of thing a question asks for, or "any"."""
    return _ask(question)[0]


_NEXT_PART = re.compile(
    r",? and (?=(?:(?:in|on|at|by|from|for|to) )?(?:who|whom|whose|what|which|where|when|why|how)\b)", re.IGNORECASE
)


def parts(question: str) -> list[str]:
    """The questions in one: "Who won, and by how much did they win?" asks two.

    A second part that is hardly a question of its own ("who and when?") stays with the first.
    """
    found = [part.strip(" ,?") + "?" for part in _NEXT_PART.split(question)]
    return found if len(found) > 1 and all(len(part.split()) > 3 for part in found) else [question]


def asked_about(question: str) -> str:
    """The question without the words that only name the kind of answer."""
    _, match = _ask(question)
    if not match:
        return question
    # Of "which South Korean city" the middle stays.
    return " ".join([question[: match.start()], *match[0].split()[1:-1], question[match.end() :]])


def offers(kind: str, sentence: str, question: str) -> float:
    """1 if the sentence holds something of the kind that the question does not hold itself, 0 if not, 0.5 for "any"."""
    if kind == "any":
        return 0.5
    if kind == "reason":
        return 1.0 if _REASONS.search(sentence) else 0.3
    if kind in ("person", "place", "name"):
        asked = names.vocabulary(question)
        new = [run for run in names.find(sentence) if any(names.fold(word) not in asked for word in run)]
        if kind == "name":
            return 1.0 if new else 0.0
        return max((_could_be(kind, run, sentence) for run in new), default=0.0)
    known = {v.meanings for v in values.find(question)}
    found = [m for v in values.find(sentence) if v.meanings not in known for m in v.meanings]
    return max((_fits(kind, meaning) for meaning in found), default=0.0)


_LOCATED = re.compile(
    r"\b(?:in|at|to|from|near|into|across|outside|around|visit\w*|leav\w+|left|,)\s+(?:the\s+)?\Z", re.IGNORECASE
)
_BODIES = frozenset(
    """agency association bank bureau center centre college committee company congress corporation council court
    department economic fund group house institute international league ministry national office organization party
    post press social society studies summit times union united university war white world""".split()
)


def _could_be(kind: str, run: Sequence[str], sentence: str) -> float:
    """Whether a name may be a person's or a place's: a place stands after "in" and its like, a person does not."""
    located = bool(_LOCATED.search(sentence, 0, sentence.find(run[0])))
    body = any(word.casefold() in _BODIES for word in run) or (len(run) == 1 and run[0].isupper())
    if kind == "place":
        return 1.0 if located and not body else 0.5 if located else 0.2
    return 0.3 if located or body else 1.0


def _fits(kind: str, meaning: values.Meaning) -> float:
    if kind == "time":
        return float(isinstance(meaning, values.Time))
    if kind in ("day", "month", "year"):
        bare_year = isinstance(meaning, values.Number) and not meaning.unit and 1500 <= meaning.amount <= 2100
        if kind == "year" and bare_year:
            return 1.0
        if not isinstance(meaning, values.Date):
            return 0.0
        day = meaning.day is not None or meaning.weekday is not None
        return float({"day": day, "month": meaning.month is not None, "year": meaning.year is not None}[kind]) or 0.3
    if kind == "date":
        year = isinstance(meaning, values.Number) and not meaning.unit and 1500 <= meaning.amount <= 2100
        return 1.0 if isinstance(meaning, values.Date) or year else 0.4 if isinstance(meaning, values.Time) else 0.0
    if not isinstance(meaning, values.Number):
        return 0.0
    if kind == "percent":
        return 1.0 if meaning.unit in ("%", "pp", "fraction") else 0.2
    if kind == "money":
        return 1.0 if meaning.unit in values.CURRENCIES else 0.3
    if kind == "duration":
        return 1.0 if meaning.unit in ("second", "minute", "hour", "day", "week", "month", "year", "decade") else 0.2
    return 0.6 if meaning.ordinal else 1.0
