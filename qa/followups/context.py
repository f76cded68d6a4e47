"""What a follow-up may lean on: the things that the turns before speak of, the likeliest first.

Context.of(conversation).antecedent("it")     → "the TikTok extension"
Context.of(conversation).antecedent("he")     → "Scott Bessent"
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from qa import asking
from qa.conversing import Conversation
from qa.domain import Turn
from qa.evidence import names
from qa.followups import vocabulary as v
from qa.followups.phrases import Case, Kind, Known, Name, definite, head_of, names_in, noun_phrases
from qa.followups.shape import Shape, parse

_LEAST = 0.9
"""What is less likely than this is not taken: a pronoun left alone misleads less than a wrong name."""
_EARLIER = 4
"""How many turns are looked back on."""
_MARKS = re.compile(r"\s*\[\d+\]")
_OF_PLACE = re.compile(r"\A(\S+ \S.*?) of .+\Z")
_FITS: dict[str, dict[Kind, float]] = {
    "he": {"person": 1.0, "unknown": 0.5},
    "it": {"thing": 1.0, "unknown": 0.7, "place": 0.2},
    "they": {"several": 1.0, "thing": 0.35, "person": 0.3, "unknown": 0.35, "place": 0.2},
    "there": {"place": 1.0, "unknown": 0.5, "thing": 0.35},
}
"""How well what is of a kind goes with a pronoun; what is missing does not go with it at all."""
_GROUPS = {
    "he": "he she him her his hers",
    "it": "it its this that",
    "they": "they them their theirs these those",
    "there": "there",
}
GROUP = {pronoun: group for group, pronouns in _GROUPS.items() for pronoun in pronouns.split()}


def said(turn: Turn) -> str:
    """The answer without its marks; empty for an abstention."""
    return _MARKS.sub("", turn.answer.text).strip() if turn.answer.status == "answered" else ""


@dataclass(frozen=True)
class Context:
    turns: Sequence[Turn]
    case: Case

    @classmethod
    def of(cls, conversation: Conversation) -> "Context":
        turns = conversation.turns[-_EARLIER:]
        case = Case.of(text for turn in turns for text in (turn.question, said(turn), *_quotes(turn)))
        return cls([replace(t, answer=replace(t.answer, understood=case.restored(t.understood))) for t in turns], case)

    @property
    def last(self) -> Turn:
        return self.turns[-1]

    @cached_property
    def shape(self) -> Shape | None:
        return parse(self.last.understood)

    @cached_property
    def texts(self) -> list[str]:
        """All that was said, the last first: of each turn the question, the answer, its quotes."""
        return [text for turn in reversed(self.turns) for text in (turn.understood, said(turn), *_quotes(turn)) if text]

    @cached_property
    def known(self) -> Known:
        return Known(list(dict.fromkeys(self.texts)))

    @cached_property
    def names(self) -> list[Name]:
        return [name for text in self.texts for name in names_in(text)]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return names.vocabulary(*self.texts)

    def full(self, name: str) -> str:
        """The longest form of a name that was said: "Jinping" and "Xi" are "Xi Jinping"."""
        words = frozenset(names.fold(word) for word in name.split())
        longer = [n.text for n in self.names if words <= n.words and len(n.words) < 4]
        return max(longer, key=len, default=name)

    # ── what the answer named

    @cached_property
    def named(self) -> Name | None:
        return self.named_by(self.last)

    def named_by(self, turn: Turn) -> Name | None:
        """What an answer named where the question asked for a name."""
        asked = turn.understood
        kind = asking.asks_for(asked)
        shape = parse(asked)
        which = bool(shape and shape.wh in ("which", "what") and len(shape.lead.split()) > 1)
        if not said(turn) or (kind not in ("person", "place", "name") and not (which and kind == "any")):
            return None
        known = names.vocabulary(asked)
        acronyms = {word for word in asked.split() if word.isupper()}
        text = said(turn)
        fresh = [
            n
            for n in names_in(text)
            if any(names.fold(word) not in known for word in n.text.split())
            and "".join(word[0] for word in n.text.split()) not in acronyms
        ]
        body = kind == "person" and bool(shape and shape.asks_subject)
        best = max(fresh, key=lambda n: self._named(kind, n, body, self._nearness(text, n, shape)), default=None)
        return None if best and kind == "person" and self.known.kind(best.text) == "place" else best

    def _named(self, kind: str, name: Name, body: bool, nearness: float) -> float:
        found = self.known.kind(name.text)
        if kind == "place":
            return bool(name.located) + (found == "place") + nearness
        if kind == "person":
            return 2.0 * (found == "person") + 0.8 * (body and found != "place") + nearness
        return 2.0 * (found in ("thing", "unknown")) + nearness

    @staticmethod
    def _nearness(text: str, name: Name, shape: Shape | None) -> float:
        """Up to 1 for the name just before the verb that the question asked with, or after it where it asked for an object;
        an earlier one before a later one."""
        verb = v.base_of(shape.rest.split()[0].lower()) if shape and shape.rest else ""
        places = [m.span() for m in re.finditer(r"\w+", text) if verb and v.base_of(m[0].lower()) == verb]
        subject = bool(shape and shape.asks_subject)
        gaps = [start - name.end if subject else name.start - end for start, end in places]
        near = [gap for gap in gaps if gap >= 0]
        return 1 - min(near) / (len(text) + 1) if near else 0.3 - 0.3 * name.start / (len(text) + 1)

    # ── antecedents

    def antecedent(self, pronoun: str, as_object: bool = False) -> str | None:
        """What a pronoun stands for. An object is rather what was an object before, a subject what was a subject."""
        group = GROUP[pronoun]
        if group in ("it", "they") and self._asks_what_was_done and not self.named:
            return None
        fits = _FITS[group] | ({"place": 0.8} if pronoun == "its" else {})  # a country has a capital
        best, score = None, _LEAST
        for phrase, weight in self._things(group, as_object):
            kind = self.known.kind(phrase)
            if group == "it" and kind == "place" and head_of(phrase).split()[-1].islower():
                kind = "thing"  # "the harbour", unlike "Oslo"
            scored = weight * fits.get(kind, 0.0)
            if scored > score:
                best, score = phrase, scored
        if best and (group == "he" or self.known.kind(best) == "person"):
            return _OF_PLACE.sub(r"\1", self.full(best))
        return definite(best) if best else None

    @property
    def _asks_what_was_done(self) -> bool:
        """ "What was stolen from the museum?": what is spoken of is what was stolen, whose name may be none."""
        shape = self.shape
        return bool(shape and shape.lead.lower() == "what" and shape.asks_subject and shape.aux.lower() in v.BE)

    def _things(self, group: str, as_object: bool) -> Iterator[tuple[str, float]]:
        """What the turns speak of, with how much it is spoken of."""
        for age, turn in enumerate(reversed(self.turns)):
            fade = 0.55**age
            if name := self.named_by(turn):
                yield self._together(turn, name), (5 if _asks_for(turn, group) else 1.5) * fade
            direct = direct_object(turn)
            for phrase, weight in asked_about(turn):
                bare = (
                    phrase.islower() and phrase.split()[0] not in v.DETERMINERS and self.known.kind(phrase) != "several"
                )
                yield phrase, weight * fade * (0.25 if bare else 1.5 if as_object and phrase == direct else 1)
            for name in names_in(turn.understood):
                modifies = re.match(r"[ -][a-z]+", turn.understood[name.end :]) and turn.understood[
                    : name.start
                ].endswith("the ")
                yield name.text, (1.2 if modifies else 2) * fade
            for rank, name in enumerate(names_in(said(turn))):
                yield name.text, (1.9 if self._begins(turn, name) else 1.6) * fade - rank * 0.01
            for rank, name in enumerate(n for quote in _quotes(turn) for n in names_in(quote)):
                yield name.text, 1.2 * fade - rank * 0.01

    @staticmethod
    def _begins(turn: Turn, name: Name) -> bool:
        return name.start < 4 and bool(said(turn))

    def _together(self, turn: Turn, name: Name) -> str:
        """The name, or "A and B" where the answer names two."""
        text, found = said(turn), names_in(said(turn))
        for first, second in itertools.pairwise(found):
            if text[first.end : second.start] == " and " and name in (first, second):
                return f"{first.text} and {second.text}"
        return name.text

    @cached_property
    def event(self) -> str | None:
        """The last thing asked about that is neither a person nor several: what something may happen in."""
        things = sorted(asked_about(self.last), key=lambda pair: -pair[1])
        found = [
            phrase
            for phrase, _ in things
            if self.known.kind(phrase) in ("thing", "unknown")
            and (head_of(phrase).split()[-1].islower() or self.known.kind(phrase) == "thing")
            and (not phrase.islower() or phrase.split()[0] in v.DETERMINERS)
        ]
        return definite(found[0]) if found else None

    @cached_property
    def tells_of_a_deed(self) -> bool:
        """Whether the last question asked about something that was done, and not about how things are."""
        rest = self.shape.rest.lower().split() if self.shape else []
        return bool(rest) and v.base_of(rest[0]) not in v.STATES

    @cached_property
    def doer(self) -> str:
        """Who did it, if a name tells; else empty."""
        if not self.shape or not self.tells_of_a_deed or self.shape.aux.lower() in v.BE:
            return ""
        found = self.shape.subject or (self.named.text if self.named else "")
        return found if found[found.rfind(" ") + 1 :][:1].isupper() else ""


def _asks_for(turn: Turn, group: str) -> bool:
    """Whether a question asked for what the pronoun may stand for: "who" for "he", "which company" for "it"."""
    kind = asking.asks_for(turn.understood)
    shape = parse(turn.understood)
    if kind == "person":
        return group in ("he", "they")
    if kind == "place":
        return group == "there" or (group == "it" and bool(shape and shape.wh != "where"))
    return group in ("it", "they")


def _quotes(turn: Turn) -> list[str]:
    return [citation.quote for citation in turn.answer.citations]


def direct_object(turn: Turn) -> str | None:
    """The noun phrase just after the verb of a question."""
    shape = parse(turn.understood)
    verb, _, tail = shape.rest.partition(" ") if shape else ("", "", "")
    things = noun_phrases(tail)
    return things[0] if verb and things and tail.startswith(things[0]) else None


def asked_about(turn: Turn) -> list[tuple[str, float]]:
    """The noun phrases of a question: its subject first, then its objects."""
    shape = parse(turn.understood)
    if shape is None:
        return [(phrase, 3.0) for phrase in noun_phrases(turn.understood.rstrip("?"))]
    found: list[tuple[str, float]] = []
    if shape.subject and shape.subject.lower() not in v.PRONOUNS:
        head = head_of(shape.subject)
        # Of "the price of the ticket" it is the ticket that is spoken of.
        attribute = head.split()[-1].lower() in v.ATTRIBUTES
        found.append(
            (shape.subject, 2.2 if attribute else 4.0 if shape.rest or shape.wh not in ("who", "what") else 3.2)
        )
        if head != shape.subject:
            found += [(phrase, 3.2 if attribute else 2.4) for phrase in noun_phrases(shape.subject)[1:]]
            found.append((shape.subject.split(" of ")[-1], 3.2 if attribute else 2.4))
        if owner := re.match(r"(.+?)['’]s ", head):
            found.append((owner[1], 3.4 if attribute else 2.4))
    counted = re.sub(r"\A(?:\w+ )?(?:how (?:many|much)|which|what)\s*", "", shape.lead, flags=re.IGNORECASE)
    if counted and counted != shape.lead and shape.wh in ("how", "which", "what"):
        found.append((f"the {counted}", 2.2))
    told_of = shape.aux.lower() in v.BE and re.match(r"(?:an?|the) ", shape.rest)  # "Is Sweden a member?" is of Sweden
    first = 1.0 if told_of else 3.0
    found += [(phrase, first - rank * 0.3) for rank, phrase in enumerate(noun_phrases(shape.rest))]
    return found
