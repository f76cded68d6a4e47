"""Whether an answer's text is right, wrong, or cannot be told without a judge; no model, no randomness.

    score(turn, "It ends on Dec. 16 [1].")                     → Verdict("right", "states December 16, 2025")
    score(turn, "It ends on December 15.")                     → Verdict("wrong", "states December 15, a known wrong answer")
    score(turn, "It ends in December.")                        → Verdict("cannot tell", "says less than December 16, 2025")

A whole sentence may state other values beside the accepted one. It is right if the accepted one is stated as a fact;
wrong if nothing accepted is stated, or only to deny it; and cannot be told where an accepted value is stated in part,
beside an alternative ("or"), as a former state ("from … to"), beside a known wrong answer, or in a sentence that is not
the one which answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.evaluation import hazards, phrases
from qa.evaluation.gold import Accept, Text, Turn
from qa.evaluation.matching import Asked, Found, as_typed, asked, find
from qa.evaluation.wording import Reading, read

Outcome = Literal["right", "wrong", "cannot tell"]

_ROOM = 40
"""Words in which an answer has room to say something in other words; a short one that meant it would have said it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    reason: str


def score(turn: Turn, text: str, abstained: bool = False, as_of: date | None = None) -> Verdict:
    """The verdict on an answer. `abstained` is the answer's status; `as_of` resolves "Tuesday" in the answer."""
    if not turn.answerable:
        if abstained:
            return Verdict("right", "abstained, as it should")
        if not read(text).words:
            return Verdict("wrong", "answered with nothing")
        if hazards.refuses(read(text).text):
            return Verdict("cannot tell", "answered with words that seem to refuse")
        return Verdict("wrong", "answered what the articles do not answer")
    if abstained:
        return Verdict("wrong", "refused what the articles answer")
    return decide(turn.question, turn.accept, turn.reject, text, as_of)


def decide(
    question: str, accept: Sequence[Accept], reject: Sequence[str], text: str, as_of: date | None = None
) -> Verdict:
    """The verdict on the text of an answer that is no abstention, to a question that has accepted answers."""
    answer, known = read(text), asked(question, as_of)
    if not answer.text.strip():
        return Verdict("wrong", "says nothing")
    found = [find(a, answer, known) for a in accept]
    stated = [f for f in found if f.fit == "stated"]
    if denied := _rejected(reject, answer, known, stated):
        return denied
    doubts = [_doubt(f, found, answer, known) for f in stated]
    if sure := next((f for f, doubt in zip(stated, doubts, strict=True) if doubt is None), None):
        return Verdict("right", f"states {sure.what}")
    if doubts:
        # One that cannot be told outweighs one that is wrong: another accepted answer may be what it says.
        verdicts = [doubt for doubt in doubts if doubt]
        return next((v for v in verdicts if v.outcome == "cannot tell"), verdicts[0])
    if unsure := next((f for f in found if f.fit == "unsure"), None):
        return Verdict("cannot tell", unsure.what)
    if hazards.refuses(answer.text):
        return Verdict("wrong", "says that it does not know")
    if len(answer.words) > _ROOM and all(_rewordable(a, known) for a in accept):
        return Verdict("cannot tell", "may say what is accepted in other words")
    return Verdict("wrong", f"states no accepted answer, such as {found[0].what}" if found else "nothing is accepted")


def _rewordable(accept: Accept, known: Asked) -> bool:
    """A text of several words that is neither a name nor a value; a regex shows that its author thought of the wordings."""
    if not isinstance(accept, Text) or as_typed(accept.value, known.keys) is not None:
        return False
    words = [word for word in read(accept.value).words if word.key not in phrases.STOP_KEYS]
    return len(words) > 1 and not phrases.phrase(accept.value).names


def _rejected(reject: Sequence[str], answer: Reading, known: Asked, stated: list[Found]) -> Verdict | None:
    """A known wrong answer that is stated, other than to deny it or within what is accepted ("Korea" in "South Korea")."""
    for wrong in reject:
        found = find(Text(wrong), answer, known)
        within = any(f.start <= found.start and found.end <= f.end for f in stated)
        if found.fit != "stated" or within or hazards.negated(answer, found.start):
            continue
        if stated and hazards.superseded(answer, found.start, found.gold is not None):
            continue
        if stated:
            return Verdict("cannot tell", f"states {stated[0].what}, and {wrong}, a known wrong answer")
        return Verdict("wrong", f"states {wrong}, a known wrong answer")
    return None


def _doubt(here: Found, found: list[Found], answer: Reading, known: Asked) -> Verdict | None:
    """Why a stated value is not plainly the answer, or None."""
    if hazards.refuses(answer.until(here.start)):
        return Verdict("cannot tell", f"says {here.what}, but seems to refuse")
    if here.pattern:
        return None
    if hazards.negated(answer, here.start):
        return Verdict("wrong", f"denies {here.what}")
    if _contradicts_fuller(here, found):
        return Verdict("wrong", f"states {here.what}, but contradicts the fuller date that is accepted")
    doubt = _rivalled(here, found, answer, known)
    return Verdict("cannot tell", f"states {here.what}, but {doubt}") if doubt else None


def _rivalled(here: Found, found: list[Found], answer: Reading, known: Asked) -> str | None:
    """What else the answer may be giving as its answer, or None."""
    accepted = {f.start for f in found if f.fit == "stated"}
    rivals = tuple(place for place in here.rivals if place[0] not in accepted)
    chosen = hazards.alternative(answer, here.start, here.end, rivals if here.typed else None)
    if chosen and not any(here.end <= at <= here.end + 25 or here.start - 40 <= at < here.start for at in accepted):
        return "beside an alternative"
    if rivals and hazards.superseded(answer, here.start, here.gold is not None):
        return "as what was before"
    if here.repeated:
        return "it is in the question already"
    # Of values the rivals are known: without one there is nothing else that could be the answer.
    open_to_doubt = bool(rivals) if here.typed else True
    if open_to_doubt and hazards.turned(answer, here.start):
        return "only after a “but”"
    if hazards.answered_elsewhere(answer, here.start, here.end, known.keys, rivals if here.typed else None):
        return "another sentence seems to be the answer"
    return None


def _contradicts_fuller(here: Found, found: list[Found]) -> bool:
    """Of "1976" and "July 14, 1976", both accepted, the answer "July 26, 1976" states the first and is wrong."""
    gold, stamp = here.gold, here.stamp
    if gold is None or stamp is None:
        return False
    fuller = [f.gold for f in found if f.gold and f.gold.fields() > gold.fields() and not f.gold.clashes(gold)]
    return bool(fuller) and all(f.clashes(stamp) for f in fuller)


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """A conversation's: wrong if one of its turns is, else cannot tell if one of them is, else right."""
    found = list(verdicts)
    if len(found) == 1:
        return found[0]
    for outcome in ("wrong", "cannot tell"):
        for n, verdict in enumerate(found, 1):
            if verdict.outcome == outcome:
                return Verdict(verdict.outcome, f"turn {n}: {verdict.reason}")
    return Verdict("right", "every turn is right") if found else Verdict("cannot tell", "there is no turn")
