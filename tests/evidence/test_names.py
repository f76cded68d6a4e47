"""Proper names: known from the quotes, the quote's sentence or the one before, the title or the question; else caught."""

import pytest
from evidence.checking import article, check, failures, verdicts
from hypothesis import given
from hypothesis import strategies as st

from qa.evidence import lexicon, names

TEXT = (
    "Farmers in Iowa cheered. Treasury Secretary Scott Bessent met He Lifeng in Madrid, a U.S. official said. "
    "The two agreed on the outline of a deal. Beijing’s embassy had no comment. "
    "The Asia-Pacific Economic Cooperation forum meets in October. Beyoncé, al-Assad, J.K. Rowling and Jean-Luc Picard "
    "are customers of McDonald’s, AT&T and the makers of the iPhone and the F-16. Germans watched."
)
NEWS = article(TEXT, title="Oracle in the running for TikTok")
AGREED = "The two agreed on the outline of a deal"
CUSTOMERS = "are customers of McDonald’s, AT&T and the makers"
FORUM = "Cooperation forum meets in October"


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("Bessent and He Lifeng agreed on an outline", AGREED),  # the sentence before
        ("Scott Bessent agreed to a deal in Madrid", AGREED),
        ("Oracle may profit from the deal", AGREED),  # the title
        ("Karoline Leavitt has a deal, it is said", AGREED),  # the question
        ("U.S. officials agreed", AGREED),
        ("US officials agreed", AGREED),
        ("The United States agreed", AGREED),
        ("America agreed", AGREED),
        ("American negotiators agreed", AGREED),
        ("The U.S agreed", AGREED),
        ("Bessent’s deal was outlined", AGREED),
        ("BESSENT agreed in MADRID", AGREED),
        ("The deal was Treasury Secretary Bessent's work", AGREED),
        ("Secretary Bessent agreed", AGREED),
        ("Mr. Bessent agreed", AGREED),
        ("The APEC forum meets", FORUM),
        ("Apec meets in October", FORUM),
        ("Asian-Pacific economies meet in October", FORUM),
        ("Beyonce is a customer of McDonald's", CUSTOMERS),
        ("Bashar’s enemy al-Assad likes the iPhone", CUSTOMERS.replace("are ", "")),
        ("JK Rowling is an AT&T customer", CUSTOMERS),
        ("Jean-Luc Picard has an iPhone and an F-16", CUSTOMERS),
    ],
)
def test_known_names(said, quote):
    question = "What did Karoline Leavitt and Bashar say?"
    assert check(f'{said} [1: "{quote}"].', NEWS, question=question) == ["grounded"]


@pytest.mark.parametrize(
    ("said", "quote", "name"),
    [
        ("Janet Yellen agreed on an outline", AGREED, "Janet"),
        ("The outline was agreed by Janet Bessent", AGREED, "Janet"),
        ("The two agreed in Geneva", AGREED, "Geneva"),
        ("Zelensky agreed", AGREED, "Zelensky"),
        ("Microsoft agreed on the outline", AGREED, "Microsoft"),
        ("“Google agreed", AGREED, "Google"),
        ("Officials said: Google agreed", AGREED, "Google"),
        ("Bill Clark agreed on the outline", AGREED, "Bill"),
        ("UK officials agreed", AGREED, "UK"),
        ("EU officials agreed", AGREED, "EU"),
        ("The WHO agreed", AGREED, "WHO"),
        ("NASA agreed", AGREED, "NASA"),
        ("Commerce Secretary Bessent agreed", AGREED, "Commerce"),
        ("Rep. Greene agreed", AGREED, "Greene"),
        ("Iowa agreed", AGREED, "Iowa"),  # two sentences before
        ("Beijing agreed", AGREED, "Beijing"),  # the sentence after
        ("The G7 forum meets in October", FORUM, "G7"),
        ("ASEAN meets in October", FORUM, "ASEAN"),
        ("They are customers of McDonnell", CUSTOMERS, "McDonnell"),
        ("They are makers of the F-35", CUSTOMERS, "F-35"),
        ("They are makers of the iPad", CUSTOMERS, "iPad"),
        ("Erdoğan is a customer", CUSTOMERS, "Erdoğan"),
        ("Adam Schiff is a customer", CUSTOMERS, "Adam"),  # "as" in the text is no acronym of his
        ("See https://evil.example/login for the makers", CUSTOMERS, "https://evil.example/login"),
    ],
)
def test_unknown_names(said, quote, name):
    question = "What did Karoline Leavitt say?"
    found = verdicts(f'{said} [1: "{quote}"].', NEWS, question=question)
    if "“" in said:
        assert failures(found)[0][0] == "fabricated"  # words that nobody said
    else:
        assert failures(found) == [("value", name)]


@pytest.mark.parametrize(
    "opener",
    """Negotiators Lawmakers Critics Tariffs Relations Uncertainty Economically Despite Following Forty Twenty-five
    Don't It’s They've Meanwhile Analysts Prices Soybeans Investors Reportedly Former Mid-October Imposing Talks Diplomats
    Earlier Nobody Shares Voters Wildfires Separately Yes Overall""".split(),
)
def test_an_ordinary_word_has_its_capital_from_its_place(opener):
    assert names.find(f"{opener} the deal was close.") == []
    assert names.find(f"It was so: {opener} the deal was close.") == []


@pytest.mark.parametrize(
    "name", "Zelensky Merkel Oracle Berlin Putin Modi Gaza Netflix Ghana Senate Republicans".split()
)
def test_a_name_is_one_at_the_start_of_a_sentence_too(name):
    assert names.find(f"{name} was close to a deal.") == [[name]]


def test_a_word_that_the_articles_write_small_is_no_name():
    tweets = article("The gerbils slept. Some gerbil news came later in the day.")
    assert check('Gerbils slept [1: "Some gerbil news came later"].', tweets) == ["grounded"]
    assert check('Gerbils slept [1: "Some gerbil news came later"].', NEWS, tweets) == ["grounded"]
    assert check('Weasels slept [1: "Some gerbil news came later"].', tweets) == ["value"]


def test_the_pronoun_us_is_no_country():
    quote = "he told us of it in some detail"
    assert check(f'He told the U.S. of it [1: "{quote}"].', article("And " + quote)) == ["value"]
    # but in a question typed without capitals it may be
    known = names.vocabulary("how high did the tariffs of the us get")
    assert names.unknown("U.S. tariffs", known) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("U.S.", "United States"), ("UK", "Britain"), ("Chinese", "China"), ("Müller’s", "Muller"), ("Germans", "German")],
)
def test_names_that_fold_to_one(one, other):
    assert names.unknown(one, names.vocabulary(other)) == names.unknown(other, names.vocabulary(one)) == []


def test_acronyms_both_ways():
    known = names.vocabulary("the Federal Bureau of Investigation and the Department of Justice")
    assert names.unknown("The FBI and the DOJ agreed.", known) == []
    known = names.vocabulary("APEC")
    assert names.unknown("the Asia-Pacific Economic Cooperation", known) == []
    assert names.unknown("Alan Parker Ernest Carter", names.vocabulary("ape c")) == [
        "Alan",
        "Parker",
        "Ernest",
        "Carter",
    ]


@given(st.text(max_size=80))
def test_every_text_knows_its_own_names(text):
    assert names.unknown(text, names.vocabulary(text)) == []


def test_the_word_list_is_in_order():
    words = lexicon._ORDINARY_WORDS.split()
    assert words == sorted(set(words))
    assert not set(words) & lexicon.NEVER_NAMES
