"""Finds an accepted text in an answer: stated in full, in other dress, in part, or not at all.

find("Wilhelm Conrad Röntgen", read("It went to Wilhelm Rontgen."), …)   → Mention("stated", …)    the middle name is left out
find("Kathleen Erin Walsh", read("Kate Walsh"), …)                      → Mention("stated", …)    a short form
find("across a membrane", read("across the inner membranes"), …)        → Mention("stated", …)    plural; articles
find("North Carolina", read("in South Carolina"), …)                    → Mention("partial", …)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qa.evaluation import people
from qa.evaluation.wording import Reading, Word, read

Level = Literal["stated", "partial", "absent"]

_LEADING = re.compile(
    r"(?:(?:in|on|at|from|by|to|for|as|with|during|near|about|around|circa|since|until|after|before|of|be|being|it|is|was"
    r"|they|are|were|known|called|named)\s+)*",
    re.IGNORECASE,
)
_TRAILING_TIME = re.compile(r"(?<=\w)\s+(?:in|of|on|since|from)\s+(?:the\s+)?(?:\w+\s+)?(?:1\d|20)\d\ds?\Z")
_CAPITALS = r"[A-Z][\w.'’-]*(?:\s+(?:[A-Z][\w.'’-]*|de|la|van|von|der|bin|al|of|the|and|&))*"
# "the British band Argent", "the physician George Huntington": what a name is called before it.
_CALLED = re.compile(
    r"(?:.*\s)?(?!(?:in|on|at|of|by|to|from|for|with|near|outside|inside|and|or|as|the|a|an|than|under|over|not|his|her|its"
    r"|central|upper|lower|inner|outer|greater|ancient|early|late|former|all|most|some|many|\w*ern)\s)"
    rf"[a-z]+\s+({_CAPITALS})\Z"
)
_TITLED = re.compile(
    rf".*\b(?:President|Emperor|Empress|King|Queen|Prince|Princess|Archduke|Pope|Senator|General)\s+({_CAPITALS})\Z"
)
_PLACE = re.compile(rf"({_CAPITALS}),\s+(?:in\s+)?{_CAPITALS}\Z")
_PLACES = frozenset({"where", "place", "citi", "town", "locat", "state", "countri", "venu"})
_PAREN = re.compile(r"\s*[(\[]([^)\]]*)[)\]]?")
_EITHER = re.compile(r"\s*(?:;|\bor\b|(?<=\w{3})\s*/\s*(?=\w{3}))\s*")
STOP_KEYS = frozenset(
    """in on at of to for from by with as is wa were are be it that thi which or into onto up over under about their hi her
    not also an a the""".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """How much of an accepted text an answer holds; the words at [first, last) of the answer hold it."""

    level: Level
    share: float = 0.0
    first: int = 0
    last: int = 0
    how: str = ""


_ABSENT = Mention("absent")


@dataclass(frozen=True)
class Phrase:
    """An accepted text taken apart."""

    text: str
    variants: tuple[tuple[Word, ...], ...]
    """Wordings that state it in full, the fullest first."""
    names: bool
    """All of its words but small ones are capitalised."""


@lru_cache(maxsize=8192)
def phrase(text: str, place: bool = False) -> Phrase:
    """`place`: the question asks for one, of which the part before the comma is enough."""
    variants: dict[tuple[str, ...], tuple[Word, ...]] = {}
    for variant in _variants(text.strip().strip("\"'“”‘’ .,;"), place):
        words = read(variant).words
        if words:
            variants.setdefault(tuple(w.plain for w in words), words)
    carrying = [w for w in read(text).words if w.key not in STOP_KEYS]
    names = bool(carrying) and all(w.capital or w.plain[0].isdigit() for w in carrying)
    return Phrase(text, tuple(variants.values()), names and any(w.capital for w in carrying))


def _variants(text: str, place: bool) -> Iterator[str]:
    yield text
    bare = _PAREN.sub("", text).strip() if _PAREN.search(text) else text
    for inside in _PAREN.findall(text):
        if re.fullmatch(r"[A-Z][A-Za-z0-9.-]{1,6}", inside) and sum(c.isupper() for c in inside) > 1:
            yield inside
    for part in _EITHER.split(bare):
        start = _LEADING.match(part)
        short = part[start.end() if start else 0 :].strip()
        undated = _TRAILING_TIME.sub("", short)
        short = undated if len(undated.split()) > 1 else short
        if short:
            yield short
        for pattern in (_CALLED, _TITLED, _PLACE) if place else (_CALLED, _TITLED):
            core = pattern.match(short)
            if core and not core[1].isupper():
                yield core[1]


def find(text: str, answer: Reading, asked: frozenset[str]) -> Mention:
    """The fullest mention of `text` in the answer; `asked` are the keys of the question, which tell nothing new."""
    gold = phrase(text, not _PLACES.isdisjoint(asked))
    if not gold.variants:
        # No word in it: a sign, or a letter that reads as an article ("A+"). Only the signs themselves can tell.
        sign = answer.text.find(text.strip())
        at = next((i for i, w in enumerate(answer.words) if w.end > sign), 0)
        return Mention("stated", 1.0, at, at + 1, "verbatim") if sign >= 0 and answer.words else _ABSENT
    best = _ABSENT
    for words in gold.variants:
        found = _find(words, gold, answer, asked)
        if found.level == "stated":
            return found
        best = max(best, found, key=lambda m: m.share)
    return best


def _find(words: tuple[Word, ...], gold: Phrase, answer: Reading, asked: frozenset[str]) -> Mention:
    place = answer.spelled("".join(w.plain for w in words))
    if place:
        other = _elsewhere(place[1], words, gold, answer) or _as_name(place[0], words, answer)
        return Mention("partial" if other else "stated", 1.0, *place, "in part" if other else "verbatim")
    keys = [w.key for w in words]
    for at in answer.places.get(keys[0], ()):
        if [w.key for w in answer.words[at : at + len(keys)]] == keys:
            other = _as_name(at, words, answer)
            return Mention(
                "partial" if other else "stated", 1.0, at, at + len(keys), "in part" if other else "inflected"
            )
    person = gold.names and 2 <= len(words) <= 4 and "," not in gold.text
    if person and (named := people.find(words, answer, asked)):
        return Mention("stated", 1.0, *named)
    return _scattered(words, gold.names, answer, asked)


def _elsewhere(last: int, words: tuple[Word, ...], gold: Phrase, answer: Reading) -> bool:
    """Of "Paris, Texas" the answer may do with "Paris", but not with "Paris, France"."""
    if "," not in gold.text or len(words) == len(gold.variants[0]) or last >= len(answer.words):
        return False
    after = answer.words[last]
    further = after.capital and answer.text[answer.words[last - 1].end : after.start] == ", "
    return further and after.key not in {word.key for word in gold.variants[0]}


def _as_name(at: int, words: tuple[Word, ...], answer: Reading) -> bool:
    """Whether one common word stands there as a name: "king" in the book of Kings."""
    return len(words) == 1 and not words[0].capital and answer.words[at].capital and not answer.opens(at)


def _scattered(words: tuple[Word, ...], names: bool, answer: Reading, asked: frozenset[str]) -> Mention:
    """What share of the words that are new to the question stand in the answer, in any order."""
    carrying = [w for w in words if w.key not in STOP_KEYS] or list(words)
    new = [w for w in carrying if w.key not in asked]
    needed = new or carrying
    places = [_place(word, answer) for word in needed]
    held = [at for at in places if at is not None]
    own = frozenset(word.key for word in words)
    if names and len(held) < len(needed):
        # One word of a name in another name is no part of it: Scott Kennedy is not in part Scott Bessent.
        held = [at for at in held if not people.in_another_name(at, own, answer)]
    if not held:
        return _ABSENT
    share = len(held) / len(needed)
    first, last = min(held), max(held) + 1
    close = last - first <= 3 * len(needed) + 4
    sure = bool(new) and (len(new) > 1 or _same_name(new[0], first, words, answer))
    level: Level = "stated" if share == 1 and close and sure else "partial"
    return Mention(level, share, first, last, "in other order" if share == 1 else "in part")


def _same_name(gold: Word, at: int, words: tuple[Word, ...], answer: Reading) -> bool:
    """Whether one word that was found is the name: a word alone may be any, and a name may be part of another."""
    stated = answer.words[at]
    if not (gold.capital and stated.capital and gold.key == stated.key):
        return False
    after = answer.words[at + 1] if at + 1 < len(answer.words) else None
    goes_on = after and after.capital and answer.text[stated.end : after.start] == " "
    return not goes_on or any(after and after.key == word.key for word in words)


def _place(word: Word, answer: Reading) -> int | None:
    if word.key in answer.places:
        return answer.places[word.key][0]
    if len(word.plain) < 5 or word.plain[0].isdigit():
        return None
    return next((i for i, other in enumerate(answer.words) if people.alike(word, other)), None)
