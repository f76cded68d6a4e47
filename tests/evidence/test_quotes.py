"""A quote is located in the stored text, or told to be fabricated, stitched or thin."""

import pytest
from evidence.checking import article, check, failures, retrieved, seeds, verdicts
from hypothesis import given
from hypothesis import strategies as st

from qa.domain import Evidence
from qa.evidence import locate
from qa.evidence.gate import Gate, Grounded
from qa.evidence.markup import Statement

TEXT = (
    "“We’re speaking to President Xi on Friday,” said Trump — who, in\nOsaka, met him.\n\nThe co-operation ended: 140 "
    "people, 11.5 million, 1,500 metres; it was “non-binding” approval of the 'deal'. It cost $30 million. See Dec. 16, 2024."
)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("speaking to President Xi", "speaking to President Xi"),
        # white space
        ("in Osaka, met   him", "in\nOsaka, met him"),
        ("met him.\tThe co-operation", "met him.\n\nThe co-operation"),
        # quotation marks, single and double, straight and curly
        ("\"We're speaking to", "“We’re speaking to"),
        ("'We‘re speaking to", "“We’re speaking to"),
        ('of the "deal".', "of the 'deal'."),
        ("it was «non-binding» approval", "it was “non-binding” approval"),
        # dashes, with and without blanks around them
        ("said Trump - who, in", "said Trump — who, in"),
        ("said Trump—who, in", "said Trump — who, in"),
        ("said Trump -- who, in", "said Trump — who, in"),
        ("The co‑operation ended", "The co-operation ended"),
        # case
        ("THE CO-OPERATION ENDED", "The co-operation ended"),
        # where words and figures begin and end
        ("140 people, 11.5 million", "140 people, 11.5 million"),
        ("$30 million. See Dec. 16", "$30 million. See Dec. 16"),
    ],
)
def test_folded_are_white_space_quotation_marks_dashes_and_case(quote, found):
    place = locate.find(quote, TEXT)
    assert place
    assert TEXT[slice(*place)] == found


@pytest.mark.parametrize(
    "quote",
    [
        "speaking to president Trump",
        "speaking, to President Xi",  # nothing else is folded: no commas
        "We’re speaking to President Xi on Friday.",  # no full stops
        "met him… The co-operation",  # no dots
        "cooperation ended: 140 people",  # no hyphens
        "We are speaking to President Xi",
        "40 people, 11.5 million",  # cut inside a figure
        "1.5 million, 1,500 metres",
        "500 metres; it was",
        "people, 11.5 mill",  # cut inside a word
        "re speaking to President",
        "eration ended: 140 people",
        "people, 11.5 million, 1",
        "binding” approval of the",  # "non-binding" cut to its contrary
        "approval of the 'deal'. It cost $30 million. See Dec. 16, 20",
        "",
    ],
)
def test_anything_else_is_not_the_same(quote):
    assert locate.find(quote, TEXT) is None


SOURCE = article(
    "The lower rates expire on Nov. 10 unless there is a deal. Officials in Beijing were quiet about it all. "
    "The extension of the deadline was granted on Tuesday. Its end was moved to Dec. 16, officials said.",
    id="one",
)
OTHER = article(
    "Farmers in Ohio asked for help on Monday. The price of soybeans fell again.", id="two", title="Soybeans"
)


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("the rates were cut to nothing at all", "fabricated"),
        ("Nov. 10", "thin"),
        ("expire on", "thin"),
        ("is a deal", "thin"),  # three words, but under 12 characters
        ("Beijing were", "thin"),  # 12 characters, but two words
        ("were quiet about", "grounded"),
        ("officials said", "thin"),
        ("Elon Musk", "fabricated"),  # what is found in none is fabricated, however short
        ("", "thin"),
        ("…", "thin"),
        ("The lower rates expire on Nov. 10 … moved to Dec. 16", "stitched"),
        ("The lower rates expire on Nov. 10 ... moved to Dec. 16", "stitched"),
        ("The lower rates expire on Nov. 10 [...] moved to Dec. 16", "stitched"),
        ("The lower rates expire was moved to Dec. 16", "stitched"),
        ("The lower rates expire, Its end was moved", "stitched"),
        ("The lower rates expire on Nov. 10 … Farmers in Ohio asked", "stitched"),  # from two articles
        ("Farmers in Ohio asked officials in Beijing were quiet", "stitched"),
        ("The lower rates expire … and Trump resigned", "fabricated"),
        ("The extension of the rates expire", "fabricated"),
    ],
)
def test_fabricated_stitched_and_thin(quote, why):
    assert check(f'Something happened [1: "{quote}"].', SOURCE, OTHER) == [why]


def test_the_reason_names_the_quote():
    assert failures(verdicts('It ended [1: "never said by anyone"].', SOURCE)) == [
        ("fabricated", "never said by anyone")
    ]


def test_one_bad_quote_among_good_ones_fails_the_sentence():
    reply = 'It ends [1: "The lower rates expire on Nov. 10"] [1: "this stands nowhere at all"].'
    assert check(reply, SOURCE) == ["fabricated"]


@pytest.mark.parametrize("number", ["2", "0", "7", "99999999999999999999", "00"])
def test_a_wrong_number_is_corrected(number):
    """Found in another article than it names, or under a number that names none."""
    (verdict,) = verdicts(f'The lower rates expire [{number}: "The lower rates expire on Nov. 10"].', SOURCE, OTHER)
    assert isinstance(verdict, Grounded)
    assert verdict.spans[0].article.id == "one"
    assert verdict.spans[0].quote == "The lower rates expire on Nov. 10"


def test_the_article_that_is_named_comes_first():
    twin = article(SOURCE.text, id="twin")
    (verdict,) = verdicts('The lower rates expire [2: "The lower rates expire on Nov. 10"].', SOURCE, twin)
    assert isinstance(verdict, Grounded)
    assert verdict.spans[0].article.id == "twin"


def test_of_two_places_the_one_that_the_writer_saw_is_taken():
    text = "Bob spoke first. It was a very long day. Jane spoke then. It was a very long day."
    source = article(text)
    (row,) = retrieved(source)
    later = row.__class__(row.passage.__class__("p", "a", 41, len(text)), source, 1.0)
    statement = Statement("Jane had a long day.", (Evidence(1, "It was a very long day"),), (19,))
    verdict = Gate("what?", [later]).check(statement)
    assert isinstance(verdict, Grounded)
    assert verdict.spans[0].start == text.rindex("It was")


@given(st.data())
def test_whole_words_of_an_article_are_found_character_for_character(data):
    text = data.draw(st.sampled_from(seeds())).text
    words = text.split(" ")
    first = data.draw(st.integers(0, len(words) - 2))
    last = data.draw(st.integers(first + 1, min(len(words), first + 40)))
    quote = " ".join(words[first:last])
    place = locate.find(quote, text)
    if quote.strip():
        assert place
        assert locate.fold(text[slice(*place)]).split() == locate.fold(quote).split()


@given(st.text(alphabet="ab -—'\"“’.\n1", max_size=30), st.text(alphabet="ab -—'\"“’.\n1", max_size=200))
def test_what_is_found_is_what_was_asked_for(quote, text):
    if place := locate.find(quote, text):
        start, end = place
        assert 0 <= start < end <= len(text)

        def bare(words: str) -> str:
            return "".join(c for c in locate.fold(words) if not c.isspace() and c != "-")

        assert bare(text[start:end]) == bare(quote)


@given(st.text(max_size=50))
def test_folding_keeps_every_offset(text):
    assert len(locate.fold(text)) == len(text)
    assert len(locate.lower(text)) == len(text)
