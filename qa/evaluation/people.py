"""Names of people and their like, as they are written differently: short forms, initials, middle names, slips.

Wilhelm Conrad Röntgen   Wilhelm Röntgen, W. C. Rontgen          middle name left out, initials, accents
Kathleen Erin Walsh      Kate Walsh, Erin Walsh                  a short form; called by the middle name
B. R. Ambedkar           Bhimrao Ramji Ambedkar                  initials spelled out
Scott Bessent            Bessent, but not John Bessent           the last name alone, if a person is asked for
"""

from functools import lru_cache

from qa.evaluation.wording import Reading, Word

# As keys, that is stemmed; numerals stand for "III".
HONORIFICS = frozenset(
    """mr mrs ms dr doctor sir dame lord ladi king queen presid prince princess emperor empress pope saint professor prof
    captain gener senat governor colonel reverend""".split()
)
_SUFFIXES = frozenset({"junior", "senior", "2", "3", "4", "esq"})
_ASK_PERSON = frozenset({"who", "whom", "whose", "actor", "actress", "singer", "author"})
_LINKS = frozenset({"of", "for", "in", "on", "at", "to", "by", "from", "with"})

# Short forms that are not the beginning of the full name; those that are need no list.
_SHORT = [
    frozenset(group.split())
    for group in (
        "andrew andy drew", "anthony tony", "barbara barb babs", "charles charlie chuck chas", "david dave davy",
        "dorothy dot dolly", "edward ed eddie ted ned", "eleanor nell nora ellie", "elizabeth liz beth betty bess lisa",
        "frances fran frank franny", "francis frank", "frederick fred freddie", "george georgie", "gerald gerry jerry",
        "harold hal harry", "henry harry hank", "isabella bella", "jacob jake", "james jim jimmy jamie",
        "john jack johnny jon", "jonathan jon jonny", "joseph joe joey", "katherine catherine kathleen kate katie kathy cathy",
        "lawrence laurence larry", "leonard len lenny leo", "louis lewis lou", "margaret maggie meg peggy greta",
        "mary molly polly", "matthew matt", "michael mike mick mickey", "nicholas nick", "patricia pat patty trish",
        "peter pete", "philip phillip phil", "rebecca becky", "richard rick dick ricky", "robert rob bob bobby robbie",
        "ronald ron ronnie", "rudolph rudy", "samuel sam sammy", "sarah sally sara", "stephen steven steve",
        "susan sue susie", "theodore ted teddy theo", "theresa terry tess", "thomas tom tommy", "victoria vicky tori",
        "vincent vince vinny", "walter walt wally", "william will bill billy willie liam",
    )
]  # fmt: skip


def find(name: tuple[Word, ...], answer: Reading, asked: frozenset[str]) -> tuple[int, int, str] | None:
    """[first, last) word of the answer that states the name in other dress, and in which; or None.

    `asked` are the keys of the question: a name that only repeats it is not looked for alone.
    """
    bare = _bare(name)
    if len(bare) < 2:
        return None
    *givens, family = bare
    person = not _ASK_PERSON.isdisjoint(asked)
    alone = person and family.key not in asked and _LINKS.isdisjoint(w.key for w in bare)
    for at, word in enumerate(answer.words):
        slip = family.key != word.key
        if not word.capital or (slip and not misspelled(family.plain, word.plain, 4)):
            continue
        if first := _given_before(at, givens, person, slip, answer):
            return at - first, at + 1, "name"
        if alone and not slip and not _beside(at, answer):
            return at, at + 1, "last name"
    return None


def _bare(name: tuple[Word, ...]) -> list[Word]:
    bare = list(name)
    while len(bare) > 1 and bare[0].key in HONORIFICS:
        bare.pop(0)
    while len(bare) > 1 and bare[-1].key in _SUFFIXES:
        bare.pop()
    return bare


def _given_before(at: int, givens: list[Word], person: bool, slip: bool, answer: Reading) -> int:
    """How many words before the last name the first name stands, with only capitalised ones between; 0 for nowhere."""
    before: list[Word] = []
    for back in range(1, min(at, 3) + 1):
        other = answer.words[at - back]
        if not other.capital:
            return 0
        before.insert(0, other)
        # Of a person, a middle name will do for the first if it stands right before the last.
        known = givens if person and back == 1 else givens[:1]
        if any(other.key == given.key or (not slip and _same_given(given.plain, other.plain)) for given in known):
            return back
        if not slip and _initials([w.plain for w in before], [w.plain for w in givens]):
            return back
    return 0


def _same_given(a: str, b: str) -> bool:
    short = min(len(a), len(b))
    if short == 1:
        return a[0] == b[0]
    # "Jo" for "Joanne", "Bill" for "William", "Cyndi" for "Cindy".
    clipped = a.startswith(b) or b.startswith(a)
    return clipped or any(a in group and b in group for group in _SHORT) or (short >= 5 and misspelled(a, b, 5, 2))


def _initials(a: list[str], b: list[str]) -> bool:
    """Whether one of them is the other's initials, which a reading runs together: "br" and "bhimrao ramji"."""
    pairs = ((a, b), (b, a))
    return any(len(x) == 1 and len(y) > 1 and x[0] == "".join(word[0] for word in y) for x, y in pairs)


def _beside(at: int, answer: Reading) -> bool:
    """Whether another name stands beside the word, as it would in another person's name or in "Post-War"."""
    word = answer.words[at]
    before = answer.words[at - 1] if at else None
    after = answer.words[at + 1] if at + 1 < len(answer.words) else None
    led = (
        before
        and before.capital
        and before.key not in HONORIFICS
        and answer.text[before.end : word.start] in (" ", "-")
    )
    return bool(led or (after and after.capital and answer.text[word.end : after.start] in (" ", "-")))


def in_another_name(at: int, own: frozenset[str], answer: Reading) -> bool:
    """Whether the word stands in a longer name, some of whose words are not in `own`: "Scott" in "Scott Kennedy"."""
    first = last = at
    while first and _runs_on(first - 1, answer):
        first -= 1
    while last + 1 < len(answer.words) and _runs_on(last, answer):
        last += 1
    return any(word.key not in own and word.key not in HONORIFICS for word in answer.words[first : last + 1])


def _runs_on(at: int, answer: Reading) -> bool:
    """Whether the word and the next are capitalised words of one sentence with a blank alone between them."""
    word, after = answer.words[at], answer.words[at + 1]
    # The first word of a sentence is capitalised for that alone.
    opens = at == 0 or answer.sentence(answer.words[at - 1].start) != answer.sentence(word.start)
    common = opens and after.capital and word.plain in _OPENERS
    return word.capital and after.capital and not common and answer.text[word.end : after.start] == " "


_OPENERS = frozenset("the a an in on at by it its he she his her they this that actor actress president singer".split())


def alike(gold: Word, stated: Word) -> bool:
    """The same word but for its ending or a slip of spelling."""
    if gold.key == stated.key:
        return True
    a, b = gold.plain, stated.plain
    short = min(len(a), len(b))
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), short)
    ending = same >= max(5, short - 2) and abs(len(a) - len(b)) <= 3 and not a[0].isdigit()
    return ending or misspelled(a, b)


def misspelled(a: str, b: str, least: int = 5, slips: int = 1) -> bool:
    """So many slips, or two in nine letters; the first letter right, and `least` letters in all."""
    short = min(len(a), len(b))
    if short < least or a[0] != b[0] or a[0].isdigit() or abs(len(a) - len(b)) > 2:
        return False
    return distance(a, b) <= max(slips, 2 if short >= 9 else 1)


@lru_cache(maxsize=16384)
def distance(a: str, b: str) -> int:
    """Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours (Damerau 1964)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
