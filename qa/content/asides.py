"""Finds the asides of an article: the stretches that stand in its text and are not its prose.

    text = "“… the TikTok deal,” the president wrote. Advertisement\\n\\nXi smiled. (Photo by Leon Neal/Getty Images)"
    [text[a:b] for a, b in find(text)] == ["Advertisement", "Xi smiled. (Photo by Leon Neal/Getty Images)"]

A rule names the form of the thing, never its subject: prose about advertisements, photographs and newsletters is prose.
Prose taken for an aside can never be cited, an aside taken for prose does little harm; so in doubt it is prose.
"""

import re
from collections.abc import Iterator

from qa.sentences import spans

Span = tuple[int, int]

# A promo holds no double quotation marks: what a scammer's mail says ("Click here to win") belongs to the reporter.
_PROMO = (
    r"(?:Click here(?: (?:to|for)\b[^“”\"]{2,150})?"
    # "Sign up here.", "Subscribe to our newsletter."; not "Sign up for Medicare by May", "Subscribe to fewer services"
    r"|(?:Sign up|Subscribe)(?: now| today)? (?:here|now|today|(?:for|to) our)\b[^“”\"]{0,150}"
    r"|(?:Sign up|Subscribe)(?: now| today)? (?:for|to)\b[^“”\"]{0,80}\b(?:newsletter|podcast|inbox)\b[^“”\"]{0,150})"
)
_PROMO_SENTENCE = re.compile(rf"{_PROMO}[)\]]*")
_MAYBE_PROMO = re.compile(r"Click here|Sign up|Subscribe")
_READ_MORE = r"Read [Mm]ore(?: here)?[.:]?"
_TAIL = re.compile(rf"(?<=[.!?…”\"’)]) (Advertisement|ADVERTISEMENT|{_READ_MORE})$")
_LINE = re.compile(
    "|".join(
        (
            r"(?i:advertisement|(?:story|article) continues (?:after|below)\b.{0,40})",
            r"(?:©|Copyright (?:©|\(c\)|\d{4})).{0,300}",
            # "Photograph: Jane Doe/AP", "Photo by Jane Doe", "PHOTOS: Concussions and the NFL"
            (
                r"(?:Photos?|PHOTOS?|Photographs?|Image|Picture|Illustration|Video|VIDEO|Gallery|GALLERY|Credit)"
                r"(?:(?: credits?| by)?: ?| by (?=[A-Z])).{2,150}(?<![.!?”\"])"
            ),
            _READ_MORE,
            # A link to another article: "Read more: …", "MORE:Ford recalls …". After the shorter labels a full stop
            # tells of a transcript ("More: I saw it.") or a recipe.
            (
                r"(?:Read [Mm]ore|READ MORE|See also|SEE ALSO|Also read|Read also|Read next|READ NEXT|Related|RELATED)"
                r"(?: (?:on|about|from) [^:\n]{1,60})?:.{0,200}"
            ),
            r"(?:More|MORE|READ|WATCH|LISTEN):.{2,200}(?<![.!”\"])",
            # "For more on this story, listen to …"
            (
                r"For more (?:on|about) (?:this|the|our)\b[^.!?\n]{0,60}"
                r"\b(?:listen|tune in|watch|read|click|visit|sign up|subscribe)\b[^.!?\n]{1,250}[.!]?"
            ),
            # "A version of this story appeared in CNN’s … newsletter. Sign up here."
            (
                r"(?:Editor[’']s [Nn]ote: )?(?:A version of this|This) (?:story|article|column) (?:first )?appeared in "
                r"[^.\n]{1,80}\bnewsletter\b.{0,300}"
            ),
            # "SPORTS NEWSLETTER: Sign up now for …"
            rf"[A-Z][^.:!?\n“”\"]{{2,60}}: ?{_PROMO}",
        )
    )
)

_AGENCY = (
    r"(?:Getty(?: Images)?|AFP|AP(?: Photo| Images)?|Associated Press|Reuters|REUTERS|EPA(?:-EFE)?|EFE|Shutterstock|"
    r"i[Ss]tock(?:photo)?|Adobe Stock|Alamy(?: Stock Photo| Live News)?|Zuma(?: Press)?|ZUMA(?: Press)?|Sipa(?: ?USA)?|"
    r"SIPA(?: ?USA)?|Bloomberg|Xinhua|dpa|PA(?: Images| Wire)?|Anadolu(?: Agency)?|NurPhoto|Imagn(?: Images)?|CNN|"
    r"USA TODAY(?: Sports| Network)?|Redux|TASS|Kyodo(?: News)?|Press Association|UPI|Pool)"
)
_WORD = r"[^\s.!?/()“”\"]+"
# "Leon Neal/Getty Images", "Steve Parsons/Pool via Reuters", "GABRIEL BOUYS/AFP/AFP via Getty Images"
_SIGNED = rf"(?=[A-Z@]){_WORD}(?:\.? {_WORD}){{0,5}} ?/(?:[^.!?()“”\"\n]{{0,60}}[/ ])?{_AGENCY}"
_CREDIT = re.compile(
    r"\((?:"
    r"(?:Photos?|Photographs?|Images?|Picture|Illustration)(?: credits?)?(?: by| courtesy| via|:)[^()\n]{2,150}"
    r"|(?:AP|AFP|EPA|Reuters|File|Handout|Courtesy) (?:[Pp]hotos?|[Ii]mages?)\b[^()\n]{0,120}"
    r"|(?:Credit|Courtesy|Courtesy of):? [A-Z][^()\n]{2,100}"
    rf"|REUTERS/[^()\n]{{2,80}}|{_SIGNED})\)"
    rf"|(?:^|(?<=[.!?…”\")] ))(?:{_SIGNED}|© ?[A-Z\d][^.!?\n]{{2,120}})$"
)
_MAYBE_CREDIT = re.compile(r"[/©]|\([A-Z]")
_LONGEST_CAPTION = 400


def find(text: str) -> tuple[Span, ...]:
    """The (start, end) spans of the asides of a cleaned text, in order; none touches another."""
    found: list[Span] = []
    start = 0
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        if _LINE.fullmatch(line, indent):
            found.append((start + indent, start + len(line)))
        else:
            found += [(start + a, start + b) for a, b in _joined(line, [*_captions(line), *_promos(line)])]
        start += len(line) + 1
    return tuple(found)


def first_line(text: str, found: tuple[Span, ...]) -> Span:
    """The first line of a cleaned text that is no aside and does not begin with one; empty where there is none."""
    not_prose = {start for start, _ in found}
    start = 0
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        if line and start + indent not in not_prose:
            return start + indent, start + len(line)
        start += len(line) + 1
    return 0, 0


def _promos(line: str) -> Iterator[Span]:
    """The promos among the sentences of a paragraph."""
    if tail := _TAIL.search(line):
        yield tail.span(1)
    if _MAYBE_PROMO.search(line):
        yield from (span for span in spans(line) if _PROMO_SENTENCE.fullmatch(line, *span))


def _captions(line: str) -> Iterator[Span]:
    """Each photo credit, with the caption before it."""
    credits = list(_CREDIT.finditer(line)) if _MAYBE_CREDIT.search(line) else []
    ends_in_credit = bool(credits) and credits[-1].end() == len(line)
    after = 0
    for credit in credits:
        before = line[after : credit.start()]
        if ends_in_credit and len(before) <= _LONGEST_CAPTION:
            start = after
        elif before.rstrip().endswith((".", "!", "?", "”", '"')):
            start = after + spans(before)[-1][0]  # what stands before that sentence may be prose
        else:
            start = credit.start()
        yield start, credit.end()
        after = credit.end()


def _joined(line: str, parts: list[Span]) -> list[Span]:
    """The parts in order, without white space in front; those that overlap or stand side by side made one."""
    joined: list[Span] = []
    for start, end in sorted(parts):
        if joined and not line[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((end - len(line[start:end].lstrip()), end))
    return joined
