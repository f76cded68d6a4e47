"""Proper names in a sentence, and whether the evidence knows them.

    find("Yesterday Scott Bessent met U.S. officials.")     → [["Scott", "Bessent"], ["U.S."]]
    unknown("Elon Musk agreed.", known=vocabulary("Musk said he agreed to it"))  → ["Elon"]

A name is known when each of its words is; "U.S." is "United States", "Chinese" is of China, "APEC" is Asia-Pacific
Economic Cooperation.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from qa.evidence import lexicon

_WORD = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])\.?|[^\W\d_]\w*-\d\w*|[^\W_](?:[\w&]|['’](?=\w))*")
_GAP = re.compile(
    r"\.?\s+|-|\s*&\s*|\s+(?:of|the|for|and|on|in|to|de|la|al|bin|van|von|der)\s+(?:the\s+)?", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"['’]s?\Z")
_CONTRACTION = re.compile(r"(?:n['’]t|['’]\w+)\Z")
_FRESH = frozenset('!?:;…—–•*#>([{"“„«‘|/')
_NOT_DECOMPOSED = str.maketrans("øØłŁđĐıß", "oOlLdDis")
_LONGEST_ACRONYM = 8

# One name for what has several; two words on the right are two names that must both be known.
_ALIASES = (
    "united states: u.s us u.s.a usa america american americans; united kingdom: u.k uk britain british britons;"
    "united nations: u.n un; european union: e.u eu; united arab emirates: u.a.e uae emirati; dc: d.c;"
    "north atlantic treaty organization: nato; eastern: et est edt; pacific: pt pst pdt; gmt: utc;"
    "china: chinese; russia: russian russians; ukraine: ukrainian ukrainians; france: french; germany: german germans;"
    "italy: italian italians; spain: spanish spaniards; netherlands: dutch; greece: greek greeks; turkey: turkish turks;"
    "switzerland: swiss; sweden: swedish swedes; norway: norwegian norwegians; denmark: danish danes; finland: finnish;"
    "poland: polish poles; hungary: hungarian hungarians; ireland: irish; portugal: portuguese; czechia: czech;"
    "austria: austrian austrians; belgium: belgian belgians; england: english; scotland: scottish scots; wales: welsh;"
    "japan: japanese; korea: korean koreans; taiwan: taiwanese; india: indian indians; pakistan: pakistani pakistanis;"
    "afghanistan: afghan afghans; iran: iranian iranians; iraq: iraqi iraqis; israel: israeli israelis;"
    "palestine: palestinian palestinians; egypt: egyptian egyptians; syria: syrian syrians; lebanon: lebanese;"
    "jordan: jordanian; yemen: yemeni; qatar: qatari; kuwait: kuwaiti; libya: libyan; sudan: sudanese; kenya: kenyan;"
    "ethiopia: ethiopian; nigeria: nigerian nigerians; ghana: ghanaian; canada: canadian canadians; mexico: mexican mexicans;"
    "brazil: brazilian brazilians; cuba: cuban cubans; venezuela: venezuelan venezuelans; argentina: argentine argentinian;"
    "chile: chilean; colombia: colombian colombians; peru: peruvian; australia: australian australians; vietnam: vietnamese;"
    "thailand: thai; indonesia: indonesian; malaysia: malaysian; philippines: philippine filipino filipinos; nepal: nepali;"
    "bangladesh: bangladeshi; africa: african africans; europe: european europeans; asia: asian asians;"
    "covid: covid19 coronavirus; republican: republicans gop; democrat: democrats democratic; islam: islamic; catholic: catholics"
)
_SAME = {
    alias: name
    for name, aliases in (pair.split(":") for pair in _ALIASES.split(";"))
    for alias in aliases.split()
}  # fmt: skip


def fold(word: str) -> str:
    """One word as names are compared: no case, no accents, no possessive, no dot at the end, aliases resolved."""
    plain = _plain(word)
    if plain == "us" and not word[:1].isupper():
        return plain  # the pronoun
    return _SAME.get(plain, plain)


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.translate(_NOT_DECOMPOSED))
        word = "".join(c for c in word if not unicodedata.combining(c))
    return _POSSESSIVE.sub("", word).rstrip(".").replace("-", "").casefold()


def vocabulary(*texts: str) -> frozenset[str]:
    """Every word of the texts folded; the acronyms in them as they stand, and those their capitalised words could have."""
    words: set[str] = set()
    for text in texts:
        if text.islower():  # a question typed without capitals: "the us" may well be the country
            text = re.sub(r"\bus\b", "US", text)
        found = list(_WORD.finditer(text))
        for match in found:
            words.update((_plain(match[0]), *fold(match[0]).split(), *_joined_initials(match[0])))
            words.update(_plain(match[0].partition("-")[0]).split())
            if match[0].isupper() and len(match[0]) > 2:
                words.add(match[0].replace(".", ""))
        words.update(_acronyms(text, found))
    return frozenset(words)


def _joined_initials(word: str) -> tuple[str, ...]:
    return (word.replace(".", "").casefold(),) if "." in word else ()


def _acronyms(text: str, words: list[re.Match[str]]) -> set[str]:
    """What the initials of a run of capitalised words spell, with and without the small words in it."""
    found: set[str] = set()
    short = long = ""
    end = -1
    for word in words:
        if not word[0][0].isupper():
            continue
        gap = text[end : word.start()] if end >= 0 and word.start() - end < 16 else "\0"
        if _GAP.fullmatch(gap):
            small = "".join(w[0] for w in gap.replace("-", " ").replace("&", " ").split() if w[0].isalpha())
            short, long = short + word[0][0], long + small + word[0][0]
        else:
            short = long = word[0][0]
        short, long, end = short[-_LONGEST_ACRONYM:], long[-_LONGEST_ACRONYM:], word.end()
        found.update(run[i:].casefold() for run in {short, long} for i in range(len(run) - 1))
    return found


def find(sentence: str, is_common: Callable[[str], bool] = lambda _: False) -> list[list[str]]:
    """The runs of capitalised words that are names. `is_common` may say that a word opening a sentence is no name."""
    runs: list[list[str]] = []
    end = -1
    found = list(_WORD.finditer(sentence))
    for i, match in enumerate(found):
        word = match[0]
        if word.islower() or not _may_be_name(word):
            continue
        bare = _CONTRACTION.sub("", word).casefold()
        beside = i + 1 < len(found) and sentence[match.end() : found[i + 1].start()].isspace()
        following = found[i + 1][0] if beside else ""
        if _is_fresh(sentence, match.start()) and word[1:].islower() and _is_opener(bare, following, is_common):
            continue
        if runs and end >= 0 and _GAP.fullmatch(sentence, end, match.start()):
            runs[-1].append(word)
        else:
            runs.append([word])
        end = match.end()
    return runs


def _may_be_name(word: str) -> bool:
    if word[0].isdigit() or not any(c.isupper() for c in word):
        return False
    bare = _CONTRACTION.sub("", word)
    head, code = bare.partition("-")[::2]  # "F-16", but not "Mid-2025"
    return len(bare) > 1 and (
        bare in lexicon.NAMES_LIKE_WORDS or bool(code and len(head) == 1) or head.casefold() not in lexicon.NEVER_NAMES
    )


def _is_opener(word: str, following: str, is_common: Callable[[str], bool]) -> bool:
    if following[:1].isupper() and following.casefold() in lexicon.TITLES and not word.endswith("ly"):
        return False  # "Commerce Secretary"
    if lexicon.is_ordinary(word):
        return True
    # "Bill Clark" is a name even where a bill is spoken of.
    return not (following[:1].isupper() and _may_be_name(following)) and is_common(word)


def _is_fresh(sentence: str, at: int) -> bool:
    """Whether a word here has its capital from its place: first of all, after a colon, a bracket, a quotation mark."""
    before = sentence[max(0, at - 8) : at].rstrip()
    while before and not before[-1].isalnum() and before[-1] not in _FRESH:
        before = before[:-1].rstrip()
    return not before or before[-1] in _FRESH


def unknown(sentence: str, known: frozenset[str], is_common: Callable[[str], bool] = lambda _: False) -> list[str]:
    """The words of names in `sentence` that are not in `known`, a `vocabulary`."""
    missing = []
    for run in find(sentence, is_common):
        if len(run) > 2 and "".join(word[0] for word in run) in known:
            continue  # "Asia-Pacific Economic Cooperation", where the text has APEC
        missing += [word for word in run if not _is_known(word, known)]
    return missing


def _is_known(word: str, known: frozenset[str]) -> bool:
    folded = fold(word)
    if all(part in known for part in folded.split()):
        return True
    if " " not in folded and any(initials in known for initials in _joined_initials(word)):
        return True  # "J.K." where the text has "JK"; but "U.S." is not "us"
    return len(folded) > 3 and (folded + "s" in known or (folded.endswith("s") and folded[:-1] in known))
