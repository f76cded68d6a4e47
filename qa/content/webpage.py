"""Reads an article from a saved web page: the main text, and what the page states about it.

parse(b'<html>… <meta property="article:published_time" content="2025-09-19T23:30:00-05:00"> …')
== Draft(text="Jane Doe resigned.\\n\\n…", title="Mayor resigns", published="2025-09-19T23:30:00-05:00", …)
"""

import logging
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache, partial
from typing import Any

from qa.content import dates
from qa.content.draft import Draft, UnreadableError
from qa.content.text import decode

_META_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "dc.date.issued",
    "dc.date",
    "date",
)
_JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]*)"')
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/-])")
_ERROR_PAGE = re.compile(
    r"\W*(?:error )?(?:[45]\d\d\W+)?(?:page )?(?:not found|forbidden|access denied|service unavailable|just a moment)"
    r"\W*(?:$| [|–—-] )",
    re.IGNORECASE,
)
_LEAST_PROSE = 0.2


def parse(data: bytes) -> Draft:
    """Raises UnreadableError, also for a page that holds no article: a list of links, a form, an error message."""
    load, extract = _trafilatura()
    markup = decode(data)
    try:
        tree = load(markup)
        published = _published(tree) if tree is not None else None
        page = extract(tree)
    # Its rules of thumb meet any markup at all, and one page must not end the reading of the others.
    except Exception as error:
        raise UnreadableError(f"trafilatura cannot read this page: {type(error).__name__}") from error
    if page is None or not _holds_article(page.text or "", page.title or ""):
        raise UnreadableError("no article in this page")
    return Draft(
        # A line that goes on in lower case was broken inside a paragraph.
        text=re.sub(r"\n+(?![a-z])", "\n\n", page.text),
        title=page.title,
        published=published,
        publisher=page.sitename,
        url=page.url,
    )


@cache
def _trafilatura() -> tuple[Callable[[str], Any], Callable[[Any], Any]]:
    """Markup to a tree, and a tree to what trafilatura finds in it; either may be None."""
    # Takes a third of a second to import, which only those who index a page should pay.
    from trafilatura import bare_extraction, load_html
    from trafilatura.settings import DEFAULT_CONFIG

    # It speaks of its inner troubles on stderr, where ours are told in one line.
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    # Below its usual 250 characters it falls back on cruder ways, which tear sentences apart at every link.
    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
    return load_html, partial(bare_extraction, with_metadata=True, include_comments=False, config=config)


def _published(tree: Any) -> str | None:
    """The first stated date that is one; else the first that is none, for the caller to report."""
    stated = list(_stated_dates(tree))
    return next((date for date in stated if dates.parse(date)), stated[0] if stated else None)


def _stated_dates(tree: Any) -> Iterator[str]:
    """The dates of publication that the page states, the surest first.

    Not trafilatura's (htmldate's): where a page states none it takes the year of the copyright line, or of an image's
    address, and a made-up date is worse than none.
    """
    metas: dict[str, str] = {}
    for meta in tree.xpath("//meta[@content]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(name.lower(), meta.get("content"))
    yield from (metas[name] for name in _META_DATES if metas.get(name))
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        yield from _JSON_LD_DATE.findall(script)
    within = tree.xpath("//article//time/@datetime")
    everywhere = set(tree.xpath("//time/@datetime"))
    # Outside the article a time may be that of another story, unless all are one.
    yield from within[:1] or (everywhere if len(everywhere) == 1 else ())
    for url in tree.xpath('//link[@rel="canonical"]/@href | //meta[@property="og:url"]/@content'):
        yield from ("-".join(found) for found in _URL_DATE.findall(url))


def _holds_article(text: str, title: str) -> bool:
    """Whether enough of the lines are sentences; those of a menu, a form or a list of links are not."""
    lines = (line.rstrip("\"”’')") for line in text.split("\n"))
    prose = sum(len(line) for line in lines if line.endswith((".", "!", "?", "…")) and len(line.split()) > 3)
    return prose > _LEAST_PROSE * len(text) and not _ERROR_PAGE.match(title)
