"""A question in its parts, as far as a follow-up may put something else in their place.

    parse("When does the TikTok extension end?")  → Shape("When", "does", "the TikTok extension", "end")
    parse("Who announced the extension?")         → Shape("Who", "", "", "announced the extension")
    parse("Did France sign the treaty?")          → Shape("", "Did", "France", "sign the treaty")

A question about its own subject ("who", "how many people") has no subject beside its question words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.followups import vocabulary as v

CONNECTOR = re.compile(
    r"\A(?:(?:and|but|so|ok|okay|also|well|then|oh|right|thanks|thank you|great|got it|hmm|now|yes|no|plus|alright|i see)"
    r"\b[,.!:…-]*\s+)+",
    re.IGNORECASE,
)
_SHORT = {
    "'s": " is",
    "’s": " is",
    "'re": " are",
    "’re": " are",
    "'ll": " will",
    "’ll": " will",
    "'d": " did",
    "’d": " did",
}
_ADJECTIVES = frozenset(
    """open closed true safe ready available dead alive guilty likely able legal expected due free over expensive cheap
    good bad new old big small possible responsible angry happy worried sick ill afraid aware famous popular hard easy
    difficult important wrong controversial illegal necessary unhappy unpopular worth near online offline""".split()
)


@dataclass(frozen=True, slots=True)
class Shape:
    lead: str
    """The question words, a preposition in front of them included; empty where the answer is yes or no."""
    aux: str
    subject: str
    rest: str

    @property
    def asks_subject(self) -> bool:
        return bool(self.lead) and not self.subject

    @property
    def wh(self) -> str:
        return next((word.lower() for word in self.lead.split() if word.lower() in v.WH), "")

    def __str__(self) -> str:
        aux = self.aux.lower() if self.lead else self.aux
        return sentence(f"{self.lead} {aux} {self.subject} {self.rest}")


def sentence(text: str) -> str:
    """Words as a question: a capital first, a question mark last."""
    body = unmarked(" ".join(text.split()))
    return body[:1].upper() + body[1:] + "?"


def unmarked(text: str) -> str:
    """Without the marks at its end; the dots of "U.S." and "a.m." are none."""
    body = text.rstrip(" ?!,;")
    return body if re.search(r"\b[A-Za-z]\.[A-Za-z]\.\Z", body) else body.rstrip(" ?.!,;")


def bare(question: str) -> str:
    """A question without what joins it to the last one, and without its question mark."""
    body = unmarked(re.sub(r"\s+", " ", question).strip())
    stripped = CONNECTOR.sub("", body + " ").strip() or body
    return re.sub(
        r"\A(who|what|where|when|how|why)(['’](?:s|re|ll|d))\b",
        lambda found: found[1] + _SHORT[found[2].lower()],
        stripped,
        flags=re.IGNORECASE,
    )


def parse(question: str) -> Shape | None:
    """None for what is no question in its usual order."""
    words = bare(question).split()
    lower = [word.lower().strip(",") for word in words]
    if not words:
        return None
    if lower[0] in v.AUXILIARIES:
        subject, rest = _split(lower[0], words[1:])
        return Shape("", words[0], subject, rest)
    at = 1 if len(words) > 1 and lower[0] in v.PREPOSITIONS and lower[1] in v.WH else 0
    if lower[at] not in v.WH or len(words) <= at + 1:
        return None
    aux = _auxiliary(lower, at)
    if aux is None:
        verb = _verb(lower, at)
        return Shape(" ".join(words[:verb]), "", "", " ".join(words[verb:])) if verb else None
    lead, tail = " ".join(words[:aux]), words[aux + 1 :]
    if not tail:
        return Shape(lead, words[aux], "", "")
    if _is_about_subject(lower[at:aux], lower[aux], tail):
        return Shape(lead, words[aux], "", " ".join(tail))
    subject, rest = _split(lower[aux], tail)
    return Shape(lead, words[aux], subject, rest)


def _auxiliary(lower: Sequence[str], at: int) -> int | None:
    """Where the auxiliary stands, if a verb of its own does not come before it: "which firm owns what was sold"."""
    for i in range(at + 1, len(lower)):
        if lower[i] in v.AUXILIARIES:
            return i
        following = lower[i + 1] if i + 1 < len(lower) else ""
        beyond_noun = i > at + 1 or (lower[at] in ("who", "what") and not _is_noun_after(lower, i))
        if beyond_noun and following not in v.AUXILIARIES and (v.is_past(lower[i]) or v.is_present(lower[i])):
            return None
    return None


def _is_noun_after(lower: Sequence[str], at: int) -> bool:
    return lower[at - 1] == "what" and not (v.is_past(lower[at]) or v.is_present(lower[at]))


def _verb(lower: Sequence[str], at: int) -> int | None:
    """Where the verb of a question about its subject stands that has no auxiliary."""
    if lower[at] in v.ADVERBIAL_WH and not (lower[at] == "how" and lower[at + 1 : at + 2] in (["many"], ["much"])):
        return None
    start = at + 1 if lower[at] == "who" else at + 2 if lower[at] != "what" else at + 1
    for i in range(start, len(lower)):
        if v.is_past(lower[i]) or v.is_present(lower[i]):
            return i
    for i in range(max(start, at + 2), len(lower)):
        if v.is_base(lower[i]):
            return i
    return at + 1 if lower[at] == "who" else None


def _is_about_subject(lead: Sequence[str], aux: str, tail: Sequence[str]) -> bool:
    first = tail[0].lower()
    counts = lead[0] == "how" and (len(lead) > 2 or (lead[-1] in ("many", "much") and aux in v.BE))
    if (lead[0] in v.ADVERBIAL_WH and not counts) or aux in v.DO:
        return False
    if aux in v.BE:
        return not tail[0][0].isupper() and (v.is_past(first) or v.is_progressive(first) or first in v.PREPOSITIONS)
    plain = tail[0].islower() and first not in v.DETERMINERS | v.PRONOUNS
    return plain and (v.is_base(first) or v.is_past(first) or first in v.ADVERBS or lead[0] == "who")


def _split(aux: str, words: Sequence[str]) -> tuple[str, str]:
    """The subject after an auxiliary, and what follows it."""
    lower = [word.lower().strip(",") for word in words]
    if lower and lower[0] in v.PRONOUNS - v.DETERMINERS:
        return words[0], " ".join(words[1:])
    end = _end_of_subject(aux, lower, words)
    return " ".join(words[:end]), " ".join(words[end:])


def _end_of_subject(aux: str, lower: Sequence[str], words: Sequence[str]) -> int:
    for i in range(1, len(lower)):
        if _begins_predicate(aux, lower, i) and words[i][0].islower():
            while i + 1 < len(lower) and _is_compound(lower, i, aux):  # "the trade deal end": the last of them
                i += 1
            while i > 1 and lower[i - 1] in v.ADVERBS:
                i -= 1
            return i
    if aux in v.DO | v.MODALS:  # a verb that is not in the list: the last word before a preposition
        end = next((i for i in range(2, len(lower)) if lower[i] in v.PREPOSITIONS), len(lower))
        if end > 1 and words[end - 1].islower() and lower[end - 2] not in v.DETERMINERS:
            return end - 1
    return len(words)


def _is_compound(lower: Sequence[str], i: int, aux: str) -> bool:
    return (
        aux in v.DO | v.MODALS
        and lower[i] not in ("help", "let", "make", "be", "have", "get", "want")
        and lower[i + 1] not in v.PREPOSITIONS
        and v.is_base(lower[i + 1])
        and lower[i - 1] in v.DETERMINERS | {"trade", "peace"} | v.MEETINGS
    )


def _begins_predicate(aux: str, lower: Sequence[str], i: int) -> bool:
    word, before = lower[i], lower[i - 1]
    if before.endswith(("'s", "’s")):
        return False  # "Boeing's strike"
    if before in v.DETERMINERS or before in v.PREPOSITIONS or (before in v.ADVERBS and i == 1):
        return before in ("this", "that", "these", "those") and i == 1 and v.is_base(word)
    if aux in v.DO | v.MODALS:
        return v.is_base(word)
    if aux in v.BE and word in ("a", "an", "the") and before != "and":
        return True  # "Is Sweden a member?"
    if v.is_past(word):
        return True
    return aux in v.BE and (v.is_progressive(word) or word in _ADJECTIVES)
