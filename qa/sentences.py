"""Splits news prose into sentences with exact offsets.

    text = 'It ends Dec. 16. "We will see!" he said.'
    [text[a:b] for a, b in spans(text)] == ['It ends Dec. 16.', '"We will see!" he said.']

Our own, because the answer path needs it and may not wait for a language library to load; the rules are those of
news English: initials, titles, months, states and clock times do not end a sentence unless a new one plainly begins.
"""

import re

_TITLES = (
    "adm|bros|capt|cmdr|col|cpl|dr|fr|gen|gov|hon|lt|maj|messrs|mr|mrs|ms|mt|mx|prof|rep|reps|rev|sen|sens|sgt|st|supt"
)
_MONTHS = "jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"
_STATES = (
    "ala|ariz|ark|calif|colo|conn|del|fla|ga|ill|ind|kan|ky|la|mass|md|mich|minn|miss|mo|mont|neb|nev|okla|ore|pa|tenn"
    "|tex|va|vt|wash|wis|wyo"
)
_OTHERS = "approx|art|cf|ed|eds|eg|est|fig|figs|ie|pp|vol|vs|viz"
_MAY_END = "assn|ave|blvd|co|corp|dept|etc|inc|jr|ltd|plc|rd|sr|univ"

_NEVER_ENDS = re.compile(rf"(?:{_TITLES}|{_MONTHS}|{_STATES}|{_OTHERS})\Z", re.IGNORECASE)
_MAY_END_WORD = re.compile(rf"(?:{_MAY_END}|(?:\w\.)+\w)\Z", re.IGNORECASE)
_INITIAL = re.compile(r"[A-Z]\Z")
_LAST_WORD = re.compile(r"[^\s()\[\]\"“‘'—–-]+\Z")

# After "U.S." or "Inc." only a word that rarely follows a name opens a new sentence.
_OPENING_WORDS = """a after all also although an and another any as at because before both but by despite during each even
every few for from he her here his how however i if in it its last later many meanwhile more most much my neither no not
now of officials on once one only or other our people she since so some still such that the their then there these they
this those though through under until we what when where whether which while who why with yet you your"""
_OPENERS = frozenset(_OPENING_WORDS.split())

CITED = "\ue000"
"""Stands in a writer's text where evidence stood: a full stop beside it ends the sentence, whatever follows."""

_CLOSERS = r"[\"”’')\]»*_]*+"
_MAY_END_HERE = re.compile(f"[.!?…。！？\n{CITED}]")  # to look for one of these first is seven times as quick
_END = re.compile(
    # The lookbehind lets a long row of stops be tried once, not once for each of them.
    rf"(?<![.!?…])(?P<stop>[.!?…]++)(?P<close>{_CLOSERS})(?=\s|\Z)"
    rf"|{CITED}(?P<beside>[\s)\]]*+[.!?…]++{_CLOSERS})|{CITED}(?P<after>)(?=[\s)\]]*[\"“‘'(\[«*_]*[^\W\d_a-z])"
    r"|(?P<cjk>[。！？]+[」』”’]*)|(?P<newline>\n\s*)"
)
_NEXT_WORD = re.compile(rf"(?P<cited>[\s)\]{CITED}]*)" + r"(?P<open>[\"“‘'(\[«*_]*)(?P<word>[^\W_][\w'’-]*|[^\w\s])?")


def spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence in order, without the white space around it."""
    found = []
    start = 0
    for candidate in _MAY_END_HERE.finditer(text):
        match = _END.match(text, candidate.start()) if candidate.start() >= start else None
        if not match or not _ends_sentence(text, match, start):
            continue
        end = match.start() if match["newline"] else match.end()
        found.append((start, end))
        start = match.end()
    found.append((start, len(text)))
    return [span for span in (_trim(text, a, b) for a, b in found) if span[0] < span[1]]


def around(text: str, start: int, end: int, reach: int = 700) -> tuple[int, int, int]:
    """(start of the sentence before, start, end) of the smallest run of whole sentences that holds text[start:end].

    Looks at most `reach` characters to each side, which is what makes it quick in a long article.
    """
    offset = max(0, start - reach)
    inside = [(a + offset, b + offset) for a, b in spans(text[offset : end + reach])]
    touching = [i for i, (a, b) in enumerate(inside) if a < end and b > start]
    if not touching:
        return start, start, end
    first, last = inside[touching[0]][0], inside[touching[-1]][1]
    before = inside[touching[0] - 1][0] if touching[0] else first
    return min(before, start), min(first, start), max(last, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()) if piece.strip() else start


def _ends_sentence(text: str, match: re.Match[str], start: int) -> bool:
    """Whether the sentence that began at `start` ends at `match`."""
    if match["cjk"] or match["beside"]:
        return True
    following = _NEXT_WORD.match(text, match.end())
    word = (following and following["word"]) or ""
    if match["after"] is not None:
        # Evidence stands at the end of a sentence, so that a capital after it begins one, unless it stands first of all.
        return word[:1].isupper() and any(c.isalnum() for c in text[start : match.start()])
    if match["newline"]:
        # A blank line always ends; a single line break may only be a wrapped line.
        wrapped = word[:1].islower() or text[max(0, match.start() - 40) : match.start()].rstrip().endswith(",")
        return match[0].count("\n") > 1 or not wrapped
    cited = CITED in ((following and following["cited"]) or "")
    if word[:1].islower() and not cited:
        return False
    if match["stop"] != "." or not word:
        return True
    last = _LAST_WORD.search(text, max(start, match.start() - 40), match.start())
    before = last[0] if last else ""
    if before.lower() == "no":
        return not word[0].isdigit()
    if match["close"] and match["close"][0] in "\"”’'":
        return True
    return _may_end(before, word, cited, bool(following and following["open"][:1] in ("“", '"')))


def _may_end(before: str, word: str, cited: bool, quoted: bool) -> bool:
    """Whether a full stop between these words ends a sentence: "Dec. 16" and "U.S. officials" tell of abbreviations."""
    if _NEVER_ENDS.match(before):
        return before.lower() in ("miss", "mass", "ill", "art", "ed", "wash", "mar") and before.islower()
    if _INITIAL.match(before):
        return (word.lower() in _OPENERS and before != "I") or (cited and word[0].isupper())
    if _MAY_END_WORD.match(before):
        return word.lower() in _OPENERS or quoted or (cited and word[0].isupper())
    return True
