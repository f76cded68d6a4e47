"""A definite phrase without a name, "the call", with what tells which one: "the call between Trump and Xi"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.followups import vocabulary as v
from qa.followups.context import Context, asked_about
from qa.followups.phrases import definite, head_of, names_in
from qa.followups.shape import Shape, parse

_POINTING = frozenset("the that this these those".split())
_NO_HEAD = frozenset(
    """world end start beginning rest public first second last next same other others most best worst way internet
    weather news sun moon sky future past present matter issue thing things people""".split()
)
_CAPITAL = r"[A-Z][\w.’'&-]*"
_RIGHT = re.compile(
    rf"\A (?:between|with|of|over|at|near|against|on|in|from) (?:the |a |an )?(?:[a-z]+ ){{0,2}}{_CAPITAL}"
    rf"(?: {_CAPITAL})*(?: (?:and|of) (?:the )?{_CAPITAL}(?: {_CAPITAL})*)?"
)
_PAIR = re.compile(rf"({_CAPITAL}(?: {_CAPITAL})*) (?:with|to|against|and) ({_CAPITAL}(?: {_CAPITAL})*)\Z")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A definite phrase at words[start:end] of a question."""

    start: int
    end: int
    words: tuple[str, ...]

    @property
    def head(self) -> str:
        return _singular(self.words[-1])


def filled(body: str, context: Context) -> str:
    """The question with each such phrase that was spoken of before told apart; others stay."""
    words = body.split()
    phrases = list(_definites(words, parse(body)))
    for phrase in reversed(phrases):
        found = _meant(phrase, words, context)
        if found and found.lower() not in body.lower():
            mark = re.search(r"[,;]?\Z", words[phrase.end - 1])
            words[phrase.start : phrase.end] = [found + (mark[0] if mark else "")]
    return " ".join(words)


def _definites(words: Sequence[str], shape: Shape | None) -> Iterator[Phrase]:
    lower = [word.lower().strip(",;") for word in words]
    subject = len(f"{shape.lead} {shape.aux}".split()) if shape else 0
    for i, word in enumerate(lower):
        if word not in _POINTING or i + 1 >= len(words):
            continue
        end = _end(words, lower, i)
        if shape and i == subject and shape.subject:
            end = min(end, i + len(shape.subject.split()))
        named = any(w[0].isupper() or w[0].isdigit() for w in words[i + 1 : end])
        qualified = end < len(words) and lower[end] in (
            "of",
            "between",
            "that",
            "who",
            "which",
            "with",
            "over",
            "against",
        )
        possessed = end - i > 1 and lower[end - 1].endswith(("'s", "’s"))
        if end > i + 1 and not named and not qualified and not possessed and lower[end - 1] not in _NO_HEAD:
            yield Phrase(i, end, tuple(lower[i + 1 : end]))


def _end(words: Sequence[str], lower: Sequence[str], i: int) -> int:
    stops = v.PREPOSITIONS | v.AUXILIARIES | v.ADVERBS | v.CLOSERS | v.PRONOUNS | v.WH | {"and", "or", "to"}
    for j in range(i + 1, len(words)):
        if lower[j] in stops or (j > i + 1 and v.is_past(lower[j]) and lower[i] != "the"):
            return j
        if words[j].endswith((",", ";")):
            return j + 1
    return len(words)


def _meant(phrase: Phrase, words: Sequence[str], context: Context) -> str | None:
    if name := _named(phrase, context):
        return name
    fresh = [n for n in names_in("x " + " ".join(words)) if not n.words <= context.vocabulary]
    if found := next(_in_question(phrase, context, 0), None):
        return found
    if fresh or phrase.head in v.TIMES:
        return None  # it may speak of another: only what was asked about is sure
    if phrase.head in v.MEETINGS and (pair := _pair(context)):
        return f"{' '.join(words[phrase.start : phrase.end])} between {pair}"
    if name := _of_kind(phrase, context):
        return name
    for text in context.texts:
        if found := _in_text(phrase, text):
            return found
    return next((f for age in range(1, len(context.turns)) for f in _in_question(phrase, context, age)), None)


def _named(phrase: Phrase, context: Context) -> str | None:
    """What the last answer named, where this is what it was asked for: "which company" … "the company"."""
    shape, name = context.shape, context.named
    if not shape or not name or len(phrase.words) > 1:
        return None
    asked = shape.lead.split()[-1].lower() if shape.wh in ("which", "what") else ""
    kind = context.known.kind(name.text)
    of_kind = (
        phrase.head in v.PLACES
        if kind == "place"
        else phrase.head in v.PEOPLE and kind == "person" and not v.is_plural(phrase.words[-1])
    )
    return name.text if _singular(asked) == phrase.head or of_kind else None


def _of_kind(phrase: Phrase, context: Context) -> str | None:
    """The firm, or the bearer of the title, that the last turn named: "the company", "the minister"."""
    if len(phrase.words) > 1:
        return None
    if phrase.head in v.PEOPLE:
        for text in context.texts:
            titled = re.search(rf"\b(?i:{phrase.head}) ({_CAPITAL}(?: {_CAPITAL})*)", text)
            if titled and names_in("x " + titled[1]):
                return names_in("x " + titled[1])[0].text
    if phrase.head in v.FIRMS:
        asked = [name.text for name in names_in(context.last.understood)]
        return next((name for name in asked if context.known.kind(name) in ("thing", "unknown")), None)
    return None


def _in_question(phrase: Phrase, context: Context, age: int) -> Iterator[str]:
    """A phrase of a question asked before that says more."""
    for said_before, _ in sorted(asked_about(context.turns[-1 - age]), key=lambda pair: -pair[1]):
        head = head_of(said_before).lower().split()
        more = len(said_before.split()) > len(phrase.words) + 1
        telling = more and (names_in("x " + said_before) or len(head) > len(phrase.words) + 1)
        if head and _singular(head[-1]) == phrase.head and set(phrase.words[:-1]) <= set(head) and telling:
            yield definite(said_before if said_before.split()[0].lower() in v.DETERMINERS else f"the {said_before}")


def _pair(context: Context) -> str | None:
    """The two of whom the last question spoke: "Trump and Xi"."""
    for turn in reversed(context.turns):
        shape = parse(turn.understood)
        if not shape:
            continue
        if len(names_in("x " + shape.subject)) == 2 and " and " in shape.subject:
            return shape.subject
        first = names_in("x " + shape.subject)
        found = re.search(rf"\b(?:with|to|against|meet|met|beat|face) ({_CAPITAL}(?: {_CAPITAL})*)", shape.rest)
        if len(first) == 1 and found and first[0].text == shape.subject:
            return f"{shape.subject} and {found[1]}"
    return None


def _in_text(phrase: Phrase, text: str) -> str | None:
    """The phrase with the names that stand with it in an answer or a quote."""
    for match in re.finditer(r"[^\W_][\w’'-]*", text):
        if _singular(match[0].lower()) != phrase.head:
            continue
        left = _left(text[: match.start()])
        right = _RIGHT.match(text[match.end() :])
        held = {word.lower() for word in left}
        if not set(phrase.words[:-1]) <= held:
            continue
        named = [word for word in left if word[0].isupper() and names_in("x " + word)]
        after = right[0] if right and names_in("x" + right[0]) else ""
        if named or after:
            return " ".join(["the", *left, match[0]]) + after
    return None


def _left(before: str) -> list[str]:
    """Up to four words before a noun that belong to it."""
    found: list[str] = []
    for word in reversed(before.split()[-4:]):
        lower = word.lower()
        if not before.endswith(" ") or not word[-1].isalnum() or lower in v.DETERMINERS | v.PREPOSITIONS | v.ADVERBS:
            break
        if (
            lower in v.AUXILIARIES
            or lower in ("and", "or", "that", "so", "very", "more")
            or (word.islower() and v.is_past(lower))
        ):
            break
        if not (word[0].isupper() or word.islower()) or lower.endswith(("'s", "’s")):
            break
        found.insert(0, word)
    return found


def _singular(noun: str) -> str:
    word = noun.lower().rstrip(",;.")
    return word.removesuffix("s") if v.is_plural(word) else word
