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

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?|[^\W_](?:[\w&]|['’](?=\w))*")
_NAME_GAP = re.compile(r"\s+|-|\s*&\s*|\s+(?:of|the|for|de|la|al|bin|van|von|der)\s+(?:the\s+)?", re.IGNORECASE)
_FRESH_START = re.compile(r"(?:\A|[.!?:;…—–•*#>(\[\"“‘]|\A\W*\d+[.)])\W*\Z")

# Words that a capital letter does not make a name: openers, titles, and what begins sentences in the news.
_COMMON = frozenset(
    """a about above according across additionally administration after again against agents ahead all allies almost
    alone along already also although altogether always amid among an analysts and another any anyone anything apart
    are around article articles as aside asked at attorneys authorities because before behind being below besides
    between beyond both briefly but by can citing companies compared consequently consumers contrary could critics
    currently data days demand despite details did discussions do doctors does domestic during each earlier early
    economists either election else elsewhere employees especially even eventually every everyone everything evidence
    executives experts exports extensions few figures finally following for foreign former fortunately from further
    furthermore generally given global government governments had half has have having he health hence her here his
    historically hours how however i if imports in indeed inflation initially insiders instead investigators investors
    is it its itself judges just key lastly late later lawmakers lawyers leaders least less like likewise local many
    may maybe me meanwhile members middle might military millions ministers minutes months more moreover most much
    multiple my national nearly negotiators neither never nevertheless new news no nobody none nonetheless nor not
    notably nothing now observers of off officers officials on once one only opponents opposition or originally other
    others otherwise our out outside over overall owners parents part participants parties partly people per perhaps
    police political previously prices prior products profits progress prosecutors protesters provided public
    questions quite rather readers recent recently regarding regardless related relations reporters reports
    representatives researchers residents respectively rising roughly sales scientists second senior separately
    several shares she shortly should similarly since so some someone something sometimes soon sources specifically
    spokespeople staff state states still stocks such supporters talks tensions than that the their them then there
    thereafter therefore these they third this those though through throughout thus till to today together tomorrow
    tonight too total towards trade traders ultimately under unfortunately union unions unless unlike until up upon us
    users using usually various victims voters was we weeks were what whatever when whenever where whereas whether
    which while who whoever whom whose why will with within without witnesses women workers would years yes yesterday
    yet you your
    ambassador chair chairman chairwoman chancellor chief congressman congresswoman deputy director doctor dr executive
    first foreign general gov governor head judge justice king lady leader lord madam mayor minister mr mrs ms
    premier president presidents prince princess prime professor prof queen rep representative reps secretary sen
    senator senators sens sir spokesman spokesperson spokeswoman vice
    april august december february friday january july june march monday november october saturday september sunday
    thursday tuesday wednesday jan feb mar apr jun jul aug sep sept oct nov dec
    one two three four five six seven eight nine ten eleven twelve hundreds thousands dozens gmt utc et est edt pm am
    ceo cfo bn""".split()
)

_SAME = {
    "u.s": "united states", "us": "united states", "u.s.a": "united states", "usa": "united states",
    "america": "united states", "american": "united states", "americans": "united states",
    "u.k": "united kingdom", "uk": "united kingdom", "britain": "united kingdom", "british": "united kingdom",
    "britons": "united kingdom", "u.n": "united nations", "un": "united nations", "e.u": "european union",
    "eu": "european union", "u.a.e": "united arab emirates", "uae": "united arab emirates", "d.c": "dc",
    "chinese": "china", "russian": "russia", "russians": "russia", "ukrainian": "ukraine", "ukrainians": "ukraine",
    "french": "france", "german": "germany", "germans": "germany", "italian": "italy", "spanish": "spain",
    "dutch": "netherlands", "greek": "greece", "turkish": "turkey", "swiss": "switzerland", "swedish": "sweden",
    "norwegian": "norway", "danish": "denmark", "finnish": "finland", "polish": "poland", "hungarian": "hungary",
    "irish": "ireland", "portuguese": "portugal", "japanese": "japan", "korean": "korea", "koreans": "korea",
    "taiwanese": "taiwan", "indian": "india", "indians": "india", "pakistani": "pakistan", "afghan": "afghanistan",
    "iranian": "iran", "iraqi": "iraq", "israeli": "israel", "israelis": "israel", "palestinian": "palestine",
    "palestinians": "palestine", "saudi": "saudi", "egyptian": "egypt", "syrian": "syria", "lebanese": "lebanon",
    "canadian": "canada", "canadians": "canada", "mexican": "mexico", "brazilian": "brazil", "cuban": "cuba",
    "venezuelan": "venezuela", "argentine": "argentina", "australian": "australia", "vietnamese": "vietnam",
    "thai": "thailand", "indonesian": "indonesia", "philippine": "philippines", "filipino": "philippines",
    "nigerian": "nigeria", "african": "africa", "european": "europe", "asian": "asia",
}  # fmt: skip


def fold(word: str) -> str:
    """One word as names are compared: no case, no accents, no possessive, no dots at the end, aliases resolved."""
    plain = _plain(word)
    return _SAME.get(plain, plain)


@lru_cache(maxsize=8192)
def _plain(word: str) -> str:
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word.replace("’", "'")) if not unicodedata.combining(c))
    return re.sub(r"'s?\Z", "", word).rstrip(".").casefold()


def vocabulary(*texts: str) -> frozenset[str]:
    """Every word of the texts folded, every acronym that their runs of capitalised words could have."""
    words: set[str] = set()
    for text in texts:
        found = list(_WORD.finditer(text))
        for match in found:
            words.update(_plain(match[0]).split(), fold(match[0]).split())
        words.update(_acronyms(text, found))
    return frozenset(words)


def _acronyms(text: str, words: list[re.Match[str]]) -> set[str]:
    initials, end, found = "", -1, set()
    for word in words:
        if not word[0][0].isupper():
            continue
        joined = end >= 0 and _NAME_GAP.fullmatch(text, end, word.start())
        initials = initials + word[0][0] if joined else word[0][0]
        end = word.end()
        found.update(initials[i:].casefold() for i in range(len(initials)) if len(initials) - i >= 2)
    return found


def find(sentence: str, is_common: Callable[[str], bool] = lambda word: False) -> list[list[str]]:
    """The runs of capitalised words that are names. `is_common` may say that a word opening a sentence is no name."""
    runs: list[list[str]] = []
    end = -1
    for match in _WORD.finditer(sentence):
        word = match[0]
        if not any(c.isupper() for c in word) or word[0].isdigit():
            continue
        bare = re.sub(r"['’]\w+\Z", "", word).casefold()
        if bare in _COMMON or len(bare) == 1:
            continue
        opens = _FRESH_START.search(sentence, 0, match.start()) and word[1:].islower()
        if opens and is_common(bare):
            continue
        if runs and end >= 0 and _NAME_GAP.fullmatch(sentence, end, match.start()):
            runs[-1].append(word)
        else:
            runs.append([word])
        end = match.end()
    return runs


def unknown(sentence: str, known: frozenset[str], is_common: Callable[[str], bool] = lambda word: False) -> list[str]:
    """The words of names in `sentence` that are not in `known`, a `vocabulary`."""
    missing = []
    for run in find(sentence, is_common):
        acronym = "".join(word[0] for word in run).casefold()
        if len(run) > 1 and acronym in known:
            continue
        missing += [word for word in run if not all(part in known for part in fold(word).split())]
    return missing
