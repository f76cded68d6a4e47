"""Names and noun phrases, and what kind of thing each stands for: a person, a place, a thing, several.

names_in("Treasury Secretary Scott Bessent spoke in Madrid")  → [Name("Scott Bessent", titled), Name("Madrid", "in")]
Known(texts).kind("Madrid")                                   → "place"
noun_phrases("won the final of the Danish Cup in Oslo")       → ["the final of the Danish Cup", "Oslo"]
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.evidence import lexicon, names, values
from qa.followups import vocabulary as v

Kind = Literal["person", "place", "thing", "several", "time", "unknown"]

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_][\w&]*(?:[-’'](?!s\b)[^\W_]\w*)*")
_GAP = re.compile(r" |-| (?:of|of the|of an?|for the|de|la|van|von|der|bin|al|&) ")
_FRESH = re.compile(r"(?:\A|[.!?:;“”\"‘(—–]['’\s]*)\Z")
_DEMONYM = re.compile(r"(?:ese|ian|ean|can|ish|nch|sh|lch|tch|ni|li|qi|wi|ans|eek|utch|talian|lic|nch|iss)\Z")
_ARTICLE = re.compile(r"\b(?:the|The)\s+\Z")
_LOCATED = re.compile(r"\b(in|at|near|from|outside|to|across)\s+\Z", re.IGNORECASE)
_SPEAKS = re.compile(r"\A,?\s(?:has |had |have |also )?(?:said|says|told|wrote|added|who|whose)\b|\A,?\s\(?\d\d\)?,")
_SELVES = frozenset("himself herself itself themselves".split())
_GOVERNED = _SELVES | (v.DETERMINERS | v.PRONOUNS) - frozenset({"this", "that", "these", "those"})
_CAMEL = re.compile(r"[A-Z]{2,}|[a-z][A-Z]|\d")


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words in a text, at [start, end)."""

    text: str
    start: int
    end: int
    titled: bool = False
    """A title stands before it, as before people's names: President, Judge."""
    located: str = ""
    """The preposition of place before it."""

    @property
    def words(self) -> frozenset[str]:
        return frozenset(names.fold(word) for word in self.text.split())


def names_in(text: str) -> list[Name]:
    """In order. Peoples ("Chinese") are left out unless they belong to a longer name."""
    runs: list[list[re.Match[str]]] = []
    titled = False
    titles: list[bool] = []
    end = -1
    for token in _TOKEN.finditer(text):
        lower = token[0].lower()
        if not token[0][0].isupper() or _is_common(text, token):
            titled = lower in lexicon.TITLES
            continue
        if end >= 0 and _GAP.fullmatch(text, end, token.start()):
            runs[-1].append(token)
        else:
            runs.append([token])
            titles.append(titled)
        titled, end = False, token.end()
    found = []
    for run, has_title in zip(runs, titles, strict=True):
        if len(run) > 2 and _is_people(run[0][0]):
            run = run[1:]  # "Italian Francesco Farioli"; but "Danish Cup"
        if len(run) == 1 and _is_people(run[0][0]):
            continue
        start, stop = run[0].start(), run[-1].end()
        located = _LOCATED.search(text, max(0, start - 14), start)
        found.append(Name(text[start:stop], start, stop, has_title, located[1].lower() if located else ""))
    return found


def _is_common(text: str, token: re.Match[str]) -> bool:
    word, lower = token[0], token[0].lower()
    if word in lexicon.NAMES_LIKE_WORDS:
        return False
    if lower in lexicon.NEVER_NAMES or len(word) < 2:
        return True
    return bool(_FRESH.search(text[max(0, token.start() - 3) : token.start()])) and (
        lexicon.is_ordinary(lower) and word[1:].islower()
    )


def _is_people(word: str) -> bool:
    return names.fold(word) != word.lower() and bool(_DEMONYM.search(word.lower())) and "." not in word


@dataclass(frozen=True, slots=True)
class Case:
    """How words that are typed without capitals are written: "tiktok" is "TikTok"."""

    written: Mapping[str, str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Case":
        words = [word for text in texts for name in names_in(text) for word in _TOKEN.findall(name.text)]
        written = {
            word.lower(): word for word in reversed(words) if len(word) > 1 and not lexicon.is_ordinary(word.lower())
        }
        places = {place: place.upper() if len(place) < 4 else place.capitalize() for place in v.COUNTRIES - {"us"}}
        return cls(places | written)

    def restored(self, text: str) -> str:
        return _TOKEN.sub(lambda found: self.written.get(found[0], found[0]), text)


@dataclass(frozen=True, slots=True)
class Known:
    """What the texts of a conversation tell of the things that they name."""

    texts: Sequence[str]

    def kind(self, phrase: str) -> Kind:
        """Of a name or a noun phrase."""
        if " and " in phrase and len(names_in(phrase)) > 1 and not names_in(phrase)[0].located:
            return "several"
        lower = phrase.lower()
        words = head_of(phrase).split()
        noun = words[-1].lower().rstrip(".,") if words else ""
        if re.fullmatch(r"(?:the )?[\w .’'&-]+", phrase) and self._is_name(phrase):
            return self._kind_of_name(phrase)
        if values.find(phrase) and any(isinstance(m, values.Date) for m in values.find(phrase)[0].meanings):
            return "time"
        if noun in v.TIMES:
            return "time"
        if noun in v.PEOPLE or (noun.endswith("s") and noun[:-1] in v.PEOPLE):
            return "person" if noun in v.PEOPLE else "several"
        if (words and v.is_plural(words[-1])) or lower.startswith(("these ", "those ", "both ")):
            return "several"
        return "place" if noun in v.PLACES else "thing"

    def _is_name(self, phrase: str) -> bool:
        found = names_in(f"x {phrase}")
        return len(found) == 1 and found[0].text == re.sub(r"\Athe ", "", phrase, flags=re.IGNORECASE)

    def _kind_of_name(self, phrase: str) -> Kind:
        name = re.sub(r"\Athe ", "", phrase, flags=re.IGNORECASE)
        words = [word.lower() for word in re.findall(r"[\w.]+", name)]
        votes: dict[Kind, float] = {"unknown": 0.5, "person": 0.0, "place": 0.0, "thing": 0.0}
        if set(words) & v.BODIES or set(words) & v.MEETINGS or words[-1] in ("cup", "prize", "act", "league"):
            votes["thing"] += 3
        if (
            words[-1] in v.PLACES
            or name.lower() in v.COUNTRIES
            or (words[-1] in v.COUNTRIES and len(words) == 2)
            or names.fold(name) in ("united states", "united kingdom")
        ):
            votes["place"] += 4
        if _CAMEL.search(name) or "The " in phrase or "the " in phrase:
            votes["thing"] += 1.5
        folded = frozenset(names.fold(word) for word in name.split())
        for text in self.texts:
            for other in names_in(text):
                if not (folded <= other.words or other.words <= folded):
                    continue
                votes["person"] += 3 * other.titled + bool(_SPEAKS.match(text[other.end : other.end + 20]))
                votes["place"] += 1.0 * (other.located in ("in", "near", "outside") and len(other.words) < 3)
                asked = (
                    text[: other.start].lower().rpartition(" ")[0].rpartition(" ")[2]
                    or text[: other.start].lower().strip()
                )
                speaks = v.base_of(text[other.end :].split(" ")[1].strip("?., ")) if " " in text[other.end :] else ""
                votes["person"] += 0.7 * (asked in v.AUXILIARIES and speaks in v.MINDS)
                votes["thing"] += 0.6 * bool(_ARTICLE.search(text, 0, other.start))
                plain = not other.located and not any(
                    lexicon.is_ordinary(word) or word in v.BODIES for word in other.words
                )
                votes["person"] += 0.6 * (plain and 1 < len(other.words) < 4)
        return max(votes, key=lambda kind: votes[kind])


def head_of(phrase: str) -> str:
    """A noun phrase up to its last noun, without what a preposition adds: "the price of milk" → "the price"."""
    words = phrase.split()
    end = next(
        (i for i, word in enumerate(words) if i and word.lower() in v.PREPOSITIONS | {"that", "who", "which"}), None
    )
    return " ".join(words[:end])


def noun_phrases(text: str) -> list[str]:
    """The noun phrases of the words after a verb, in order; those of time are left out."""
    found: list[list[str]] = []
    fresh = True
    words = text.split()
    for i, word in enumerate(words):
        lower = word.lower().rstrip(",;")
        nominal = not (
            lower in _SELVES | v.PREPOSITIONS | v.AUXILIARIES | v.ADVERBS | v.WH | v.CLOSERS
            or (lower in v.PRONOUNS and lower not in v.DETERMINERS)
            or lower in ("and", "or", "that", "to", "if", "whether", "because", "than", "when")
        )
        capital = word[0].isupper() and i > 0
        following = words[i + 1].lower() if i + 1 < len(words) else ""
        governs = i > 0 and v.is_base(lower) and words[i - 1][0].isupper() and following in _GOVERNED
        # A participle is the noun's own only just after its determiner: "the injured striker".
        ended = v.is_past(lower) and word.islower() and not fresh and words[i - 1].lower() not in v.DETERMINERS
        if (lower in v.QUALIFYING and found and not fresh) or (
            lower == "and" and found and not fresh and words[i + 1 : i + 2] and words[i + 1][0].isupper()
        ):
            found[-1].append(word)
        elif not nominal or governs or ended or (_is_verbal(lower) and not capital and (fresh or i == 0)):
            fresh = True
        elif lower in v.DETERMINERS and not (found and not fresh and found[-1][-1].lower() in (*v.QUALIFYING, "and")):
            found.append([word])
            fresh = False
        else:
            if fresh:
                found.append([])
            found[-1].append(word.rstrip(",;"))
            fresh = word.endswith((",", ";"))
    phrases = [" ".join(words) for words in found if any(word.lower() not in v.DETERMINERS for word in words)]
    return [phrase for phrase in phrases if not _is_time(phrase)]


def _is_verbal(word: str) -> bool:
    return v.is_past(word) or v.is_progressive(word) or v.is_base(word) or v.is_present(word)


def _is_time(phrase: str) -> bool:
    found = values.find(phrase)
    return bool(found) and len(found[0].text) >= len(phrase) - 5


def definite(phrase: str) -> str:
    """ "A bridge" once spoken of is "the bridge"."""
    return re.sub(r"\A(?:an?|some|any|its|their|his|her|this|these|those|that)\s+", "the ", phrase, flags=re.IGNORECASE)


def possessive(phrase: str) -> str:
    return phrase + ("'" if v.is_plural(head_of(phrase).split()[-1]) else "'s")
