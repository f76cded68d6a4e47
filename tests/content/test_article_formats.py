"""Each format: bytes to a Draft, or a reason why not."""

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.content import jsonl, markdown, plain, webpage
from qa.content.draft import Draft, UnreadableError

PARSERS: list[Callable[[bytes], Draft]] = [plain.parse, markdown.parse, webpage.parse, jsonl.parse]

PROSE = "SPRINGFIELD — Mayor Jane Doe resigned on Friday, her office said."


# Plain text


@pytest.mark.parametrize(
    ("raw", "published", "text"),
    [
        (f" date 2025-09-19 {PROSE}\nMore.", "2025-09-19", f"{PROSE}\nMore."),
        (f"\n\n  DATE: 2025-09-19\n{PROSE}", "2025-09-19", PROSE),
        (f"date 2025-09-19T23:30:00-05:00 {PROSE}", "2025-09-19T23:30:00-05:00", PROSE),
        (f"Date: 19 September 2025\n\n{PROSE}", "19 September 2025", PROSE),
        (f"date 2025-13-45 {PROSE}", "2025-13-45", PROSE),
        (f"Date: yesterday\n{PROSE}", "yesterday", PROSE),
        ("Date night is back, couples say.", None, "Date night is back, couples say."),
        ("Date 12.5 million is no date.", None, "Date 12.5 million is no date."),
        (f"Update 2025-09-19 {PROSE}", None, f"Update 2025-09-19 {PROSE}"),
    ],
)
def test_plain_date(raw: str, published: str | None, text: str) -> None:
    draft = plain.parse(raw.encode())
    assert (draft.published, draft.text) == (published, text)


@pytest.mark.parametrize(
    ("raw", "headline"),
    [
        (f"Mayor resigns\n{PROSE}", "Mayor resigns"),
        (f"Will the mayor resign?\n\n{PROSE}", "Will the mayor resign?"),
        (f" date 2025-09-19 Mayor resigns\n{PROSE}", "Mayor resigns"),
        (f"Advertisement\n\nMayor resigns\n\n{PROSE}", "Mayor resigns"),
        (f"{PROSE}\nMore.", None),
        ("Mayor resigns", None),
        (f"“I am tired.”\n{PROSE}", None),
        (f"CNN —\n{PROSE}", None),
        (f"{'very ' * 30}long\n{PROSE}", None),
        ("SPRINGFIELD — Mayor Jane Doe resigned on\nFriday, citing health reasons that had\nkept her away.", None),
    ],
)
def test_plain_headline(raw: str, headline: str | None) -> None:
    draft = plain.parse(raw.encode())
    assert draft.headline == headline
    assert headline is None or headline in draft.text


# Markdown


def test_markdown_with_front_matter() -> None:
    source = """---
id: 007
title: Mayor resigns
date: 2025-09-19
source: The Daily
url: https://daily.example/mayor
tags: [a, b]
---
# What happened

Mayor [Jane Doe](https://x.example) *resigned*
on **Friday**. ![photo](a.jpg) <b>So</b> it was&mdash;at last.

- One thing
- Another

  thing
  - nested

> She wrote: `bye`

| Vote | Share |
|------|-------|
| Yes  | 52%   |

<div>an advert</div>

    code
"""
    assert markdown.parse(source.encode()) == Draft(
        text=(
            "What happened\n\nMayor Jane Doe resigned on Friday.  So it was—at last.\n\n"
            "One thing\nAnother\nthing\nnested\n\nShe wrote: bye\n\nVote | Share\nYes | 52%\n\ncode"
        ),
        id="007",
        title="Mayor resigns",
        published="2025-09-19",
        publisher="The Daily",
        url="https://daily.example/mayor",
        headline="What happened",
    )


def test_markdown_without_front_matter() -> None:
    assert markdown.parse(b"# Mayor *resigns*\n\nShe left.") == Draft(
        "Mayor resigns\n\nShe left.", headline="Mayor resigns"
    )
    assert markdown.parse(b"She left.\n\n# Later\n\nShe came.").headline is None
    assert markdown.parse(b"---\nOnly prose\n---\nbetween rules.").text == "Only prose\n\nbetween rules."
    assert markdown.parse(b"---\n---\nShe left.") == Draft("She left.")


@pytest.mark.parametrize(
    ("front_matter", "reason"),
    [
        ("title: [a\n", "front matter is not YAML: .*, line 3"),
        ("title: a: b\n", "front matter is not YAML: .*, line 2"),
        ("id: [a, b]\n", "“id” is not text"),
        ("publisher:\n  name: AP\n", "“publisher” is not text"),
    ],
)
def test_markdown_front_matter_that_cannot_be_read(front_matter: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        markdown.parse(f"---\n{front_matter}---\nShe left.".encode())


# Web pages

BODY = """<article><h1>Mayor resigns</h1>
<p>SPRINGFIELD — Mayor <a href="/j">Jane Doe</a> resigned on <b>Friday</b>, her office said.</p>
<p>“I am <i>tired</i>,” she said.</p><p>Advertisement</p><p>The council meets on<br>Monday.</p></article>"""


def page(head: str = "", body: str = BODY) -> bytes:
    chrome = "<nav><a href='/'>Home</a> <a href='/w'>World</a></nav>{}<footer>© 2024 The Daily. 12/11/2024</footer>"
    return f"<html><head><title>Mayor resigns</title>{head}</head><body>{chrome.format(body)}</body></html>".encode()


def test_webpage() -> None:
    head = """<meta property="og:site_name" content="The Daily">
        <link rel="canonical" href="https://daily.example/2025/09/18/mayor">
        <script type="application/ld+json">{"datePublished": "2025-09-19T23:30:00-05:00"}</script>"""
    assert webpage.parse(page(head)) == Draft(
        text=(
            "Mayor resigns\n\nSPRINGFIELD — Mayor Jane Doe resigned on Friday, her office said.\n\n"
            "“I am tired,” she said.\n\nAdvertisement\n\nThe council meets on\n\nMonday."
        ),
        title="Mayor resigns",
        published="2025-09-19T23:30:00-05:00",
        publisher="The Daily",
        url="https://daily.example/2025/09/18/mayor",
    )


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("", None),
        ('<meta property="article:modified_time" content="2025-09-20">', None),
        ('<meta property="article:published_time" content="2025-09-19T10:00:00Z">', "2025-09-19T10:00:00Z"),
        ('<meta itemprop="datePublished" content="Sept. 19, 2025">', "Sept. 19, 2025"),
        ('<meta name="date" content="2025"><meta name="pubdate" content="2025-09-19">', "2025-09-19"),
        ('<meta name="date" content="2025-13-45">', "2025-13-45"),
        ('<link rel="canonical" href="https://daily.example/news/2025/9/19/mayor">', "2025-9-19"),
        ('<meta property="og:url" content="https://daily.example/2025-09-19/mayor.html">', "2025-09-19"),
        ('<link rel="canonical" href="https://daily.example/2025/mayor">', None),
    ],
)
def test_webpage_date_is_one_that_the_page_states(head: str, published: str | None) -> None:
    assert webpage.parse(page(head)).published == published


def test_webpage_time_elements() -> None:
    stamped = BODY.replace(
        "</h1>", '</h1><time datetime="2025-09-19">Friday</time><time datetime="2025-09-21">ago</time>'
    )
    assert webpage.parse(page(body=stamped)).published == "2025-09-19"
    ticker = '<div><time datetime="2025-09-20">now</time></div>'
    assert webpage.parse(page(body=BODY + ticker)).published == "2025-09-20"
    assert webpage.parse(page(body=BODY + ticker + ticker.replace("20", "21"))).published is None


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "plain words only",
        "http://127.0.0.1:9/article",
        "<html><body><script>var a = 1;</script></body></html>",
        "<title>Log in</title><body><form><label>User</label><button>Log in</button></form></body>",
        "<title>404 Not Found</title><body><p>The page you wanted was not found here.</p></body>",
        "<html><body>" + "<div><p><a href='/a'>Section and more news about it</a></p></div>" * 30 + "</body></html>",
        "<html><body>" + "<div>" * 20000 + "</body></html>",
    ],
)
def test_webpage_without_an_article(markup: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnreadableError, match="no article in this page"):
        webpage.parse(markup.encode())
    assert capfd.readouterr() == ("", "")


# JSON Lines


def test_jsonl() -> None:
    record = {"id": 7, "title": "T", "date": 20250919, "publisher": "AP", "url": "u", "text": "She left.", "more": [1]}
    assert jsonl.parse(json.dumps(record).encode()) == Draft("She left.", "7", "T", "20250919", "AP", "u")
    assert jsonl.parse(b'{"text": "She left.", "id": null, "title": ""}') == Draft("She left.")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "cut of', "not JSON: .* at column 10"),
        (b'["text"]', "not a JSON object"),
        (b"12", "not a JSON object"),
        (b'{"title": "T"}', "no “text”"),
        (b'{"text": null}', "“text” is not text"),
        (b'{"text": "a", "id": true}', "“id” is not text"),
        (b'{"text": "a", "published": {"year": 2025}}', "“published” is not text"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}', "a number too long"),
        (b'{"text": "\xff"}', "byte 0xff at offset 10"),
    ],
)
def test_jsonl_that_cannot_be_read(line: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        jsonl.parse(line)


FRAGMENTS = [
    "<p>",
    "</p>",
    "<article>",
    "<a href='x'>",
    "</a>",
    "Some words here that end.",
    "\n",
    "---\n",
    "id: [a\n",
    "# h\n",
    "| a |\n|---|\n",
    "- x\n",
    "\x00",
    "\x1b[31m",
    "<time datetime='2025'>",
    "<meta name='date' content='x'>",
    "&#27;",
    "<script type='application/ld+json'>",
    '"datePublished":"x"',
    '{"text":',
    '"a"',
    "}",
    "[",
    " date 2025-13-45 ",
]
DATA = (
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=9), max_size=30).map("".join).map(str.encode) | st.binary()
)


@pytest.mark.parametrize("parse", PARSERS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=DATA)
def test_any_bytes_are_a_draft_or_a_reason(parse: Callable[[bytes], Draft], data: bytes) -> None:
    try:
        parse(data)
    except UnreadableError as error:
        reason = str(error)
        assert "\n" not in reason
