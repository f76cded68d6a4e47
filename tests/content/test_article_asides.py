"""What is an aside, to the character; and prose that only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.content.asides import find, first_line
from qa.content.text import clean


def asides(text: str) -> list[str]:
    return [text[start:end] for start, end in find(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "ADVERTISEMENT",
        "Story continues below advertisement",
        "Xi speaks on Friday. (Photo by Leon Neal/Getty Images)",
        "(L) Trump speaks. (Photo by Leon Neal/Getty Images) / (R) Xi speaks. (Photo by Lintao Zhang/Getty Images)",
        "Fans cheer in Kyiv (Image credit: Milos Bicanski/Getty Images)",
        "Gas prices in Sacramento, Calif., Friday, May 27, 2022. (AP Photo/Rich Pedroncelli)",
        "Princess Beatrice arrives on October 12, 2018. (Steve Parsons/Pool via Reuters)",
        "Police form a cordon in Beijing on November 27. Kevin Frayer/Getty Images",
        "Russell celebrates after winning. NELSON ALMEIDA/AFP/AFP via Getty Images",
        "“It hurts,” he said. Kim Hong-ji/Reuters",
        "Ng Han Guan/AP",
        "The leaders spoke on Friday. © ANDREW CABALLERO-REYNOLDS and SUO TAKEKUMA / various sources / AFP",
        "© 2025 The Daily. All rights reserved.",
        "Copyright 2024 Capital & Main",
        "Photograph: Jane Doe/The Guardian",
        "Photo by J. Scott Applewhite, AP",
        "PHOTOS: Concussions and the NFL",
        "Read more",
        "Read More: Who is Xi Jinping?",
        "MORE:Ford recalls 350,000 SUVs for engine fire risk",
        "More: What's in the U.S. TikTok deal",
        "For more on this story, listen to ‘Here’s the Scoop,’ a daily evening podcast.",
        "Click here to see more photos.",
        "Sign up for our newsletter",
        "Sign up for CNN's Wonder Theory science newsletter.",
        "Subscribe to our daily podcast on Apple Podcasts!",
        "Subscribe now",
        "SPORTS NEWSLETTER:Sign up now to get top sports headlines delivered daily",
        "A version of this story appeared in CNN’s Meanwhile in China newsletter. Sign up here.",
    ],
)
def test_a_line_that_is_an_aside(line: str) -> None:
    assert asides(line) == [line]
    assert asides(f"The deal is done.\n\n{line}\nThe app stays.") == [line]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("“… the TikTok deal,” the president wrote. Advertisement", ["Advertisement"]),
        ("The app is banned in the U.S. Advertisement", ["Advertisement"]),
        ("Nine were wounded. Read more.", ["Read more."]),
        ("Nine were wounded. Sign up here for updates from the U.S. newsroom.", None),
        ("Can't see the map? Click here to view it.", ["Click here to view it."]),
        ("Want more? Sign up for our newsletter. It is free.", ["Sign up for our newsletter."]),
        (
            "Talks go on. Xi spoke. (Photo by Lintao Zhang/Getty Images) Trump left for Rome.",
            ["Xi spoke. (Photo by Lintao Zhang/Getty Images)"],
        ),
        ("The picture (Photo by Leon Neal/Getty Images) went viral.", ["(Photo by Leon Neal/Getty Images)"]),
        (
            f"{'The two sides talked for hours about trade. ' * 12}Xi spoke. (Photo by Leon Neal/Getty Images)",
            ["Xi spoke. (Photo by Leon Neal/Getty Images)"],
        ),
    ],
)
def test_an_aside_inside_a_paragraph(paragraph: str, expected: list[str] | None) -> None:
    assert asides(paragraph) == (expected or [paragraph.partition(". ")[2]])


@pytest.mark.parametrize(
    "line",
    [
        "The advertisement ran for three weeks.",
        "Advertisement spending fell 3% in June.",
        "He was hired through an advertisement",
        "Photos show protesters covering their faces with masks.",
        "The photo, taken by Leon Neal of Getty Images, shows Xi.",
        "Charlotte (photographed by her mother) turned seven.",
        "A Reuters/Ipsos poll found that 52% disapprove. (The margin of error was 3 points.)",
        "He works for Reuters and AP.",
        "Copyright law is changing, publishers say.",
        "The © sign is no longer required.",
        "The newsletter went to 3,000 readers, who can sign up on its site.",
        "Sign up for Medicare by May 1, she said.",
        "Oregonians can sign up for alerts.",
        "Subscribe to fewer streaming services",
        "The mail said: “Your account is locked. Click here to win it back.”",
        "“Act now. Click here to win,” the scammer wrote.",
        "Click the start button first.",
        "Read more books, teachers told the children.",
        "More than 100 people read more.",
        "More: I saw him at the bank that night.",
        "For more than a decade, listeners tuned in every morning.",
        "For more information call 865-657-1700.",
        "Watch the skies on Friday night, astronomers say.",
        "This story first appeared in 1912.",
        "Credit card rates rose to 24.66%.",
    ],
)
def test_prose_is_no_aside(line: str) -> None:
    assert asides(line) == []
    assert asides(f"It was so. {line} And it stayed so.\nIndeed.") == []


def test_the_first_line_that_is_no_aside() -> None:
    text = "Advertisement\n\n  Mayor resigns\nShe left."
    assert text[slice(*first_line(text, find(text)))] == "Mayor resigns"
    assert first_line("Advertisement", find("Advertisement")) == (0, 0)


PIECES = [
    "\n",
    " ",
    "Advertisement",
    "The deal is done.",
    "(Photo by Leon Neal/Getty Images)",
    "Ng Han Guan/AP",
    "©",
    "A",
    "/",
    ".",
    "(",
    ")",
    "U.S.",
    "“",
    "”",
    "Sign up for our newsletter.",
    "Click here",
    "Read more",
    "More:",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join).map(clean))
def test_asides_are_ordered_apart_and_trimmed(text: str) -> None:
    last = -1
    for start, end in find(text):
        assert last < start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        last = end
