"""A sentence needs evidence of its own; a heading or a lead-in that claims nothing does not."""

import pytest
from evidence.checking import article, check, retrieved

from qa.evidence import markup
from qa.evidence.gate import Gate

NEWS = article(
    "The talks in Madrid ended on Friday. Officials from the U.S. and China agreed on an outline. "
    "“We are very close to it,” said Bessent, who led the talks, and he smiled."
)
E = '[1: "agreed on an outline"]'


def test_a_sentence_without_evidence():
    assert check("The talks ended.", NEWS) == ["uncited"]
    assert check("The talks ended [1].", NEWS) == ["uncited"]
    assert check(f"They agreed {E}. The talks ended.", NEWS) == ["grounded", "uncited"]


@pytest.mark.parametrize(
    "reply",
    [
        "# The outline\nThey agreed {E}.",
        "## Key Findings\nThey agreed {E}.",
        "**Next Steps**\nThey agreed {E}.",
        "**Next steps:**\n- They agreed {E}",
        "These things are known:\n- They agreed {E}.",
        "What Leavitt says in short:\n\nThey agreed {E}.",
        "The two sides did one thing:\nThey agreed {E}.",
        "| Side | Outcome |\n|---|---|\n| China | outline {E} |",
    ],
)
def test_headings_and_lead_ins_that_claim_nothing(reply):
    question = "What does Leavitt say?"
    assert check(reply.replace("{E}", E), NEWS, question=question) == ["harmless", "grounded"]


@pytest.mark.parametrize(
    "reply",
    [
        "# 17 dead\n",
        "# Zelensky agrees\n",
        "**On October 3**\n",
        "Elon Musk bought three things:\n",
        "Musk bought this:\n",
        "They said “we will never agree”:\n",
        "# Talks fail. The president resigned\n",
        "**The president resigned.**\n",
        "**The president resigned. Others followed**\n",
        "| Year | 2031 |\n|---|---|\n",
        "See https://evil.example:\n",
        "The president resigned\n",
    ],
)
def test_those_that_claim_something(reply):
    assert "uncited" in check(f"{reply}They agreed {E}.", NEWS)


@pytest.mark.parametrize(
    ("reply", "verdicts"),
    [
        # behind the full stop, with and without a capital
        (f"They agreed {E}. and then they fought.", ["grounded", "uncited"]),
        (f"They agreed {E}.and then they fought.", ["grounded", "uncited"]),
        (f"They agreed. {E} And then they fought.", ["grounded", "uncited"]),
        (f"They agreed {E}! and then they fought.", ["grounded", "uncited"]),
        (f"They agreed {E}... and then they fought.", ["grounded", "uncited"]),
        (f"They agreed ({E}). and then they fought.", ["grounded", "uncited"]),
        # without a full stop
        (f"They agreed {E} Then they fought.", ["grounded", "uncited"]),
        (f"They agreed {E}\nThen they fought.", ["grounded", "uncited"]),
        (f"They agreed {E}\n\nthen they fought.", ["grounded", "uncited"]),
        (f"They agreed with the U.S. {E} Then they fought.", ["grounded", "uncited"]),
        (f"They agreed with the U.S. {E} **Then** they fought.", ["grounded", "uncited"]),
        (f"- They agreed {E}\n- then they fought", ["grounded", "uncited"]),
        # as a second claim of the same sentence
        (f"They agreed {E} - but then they fought; others fled.", ["uncited"]),
        (f"They agreed {E}; then they fought.", ["uncited"]),
        (f"They agreed {E} — then they fought.", ["uncited"]),
        (f"They agreed {E} • then they fought.", ["uncited"]),
        # before it
        (f"They fought. They agreed {E}.", ["uncited", "grounded"]),
        (f"They fought! they agreed {E}.", ["grounded"]),  # one sentence by its small letter: all is checked with it
        (f"“They fought. They agreed {E}.", ["uncited", "grounded"]),
    ],
)
def test_nothing_is_smuggled_in_beside_evidence(reply, verdicts):
    assert check(reply, NEWS) == verdicts


@pytest.mark.parametrize(
    "reply",
    [
        f"They agreed {E}.",
        f"They agreed. {E}",
        f"They agreed.{E}",
        f"They agreed.\n{E}",
        f"They agreed.\n\n{E}",
        f"{E} They agreed.",
        f"They {E} agreed.",
        f"They agreed {E} on an outline.",
        f"They agreed ({E}).",
        f"They agreed [{E}].",
        f"They agreed {E}{E}.",
        f"They agreed {E}.\n{E} {E}",
        f"- They agreed {E}",
        f"1. They agreed. {E}",
        '> We are very close to it [1: "We are very close to it"].',
        f"**They agreed** {E}.",
        f"*They agreed {E}.*",
        f"| They agreed | an outline {E} |",
        f"| They agreed | an outline | {E}",
        f'They agreed {E}; the talks ended on Friday [1: "The talks in Madrid ended"].'[:0]
        or f"They agreed {E}; they smiled {E}.",
        "They agreed [1: “agreed on an outline”].",
        "They agreed [ 1 : «agreed on an outline» ].",
        "They agreed [1: agreed on an outline].",
        "They agreed [1: 'agreed on an outline'].",
        'They agreed [1: "agreed on\nan outline"].',
    ],
)
def test_every_place_for_evidence(reply):
    assert check(reply, NEWS) == ["grounded"]


@pytest.mark.parametrize(
    "reply",
    [
        'They agreed [1: "agreed on an outline.',
        'They agreed [1: "agreed on an outline].',
        'They agreed 1: "agreed on an outline".',
        "They agreed (1: agreed on an outline).",
        'They agreed [one: "agreed on an outline"].',
        'They agreed [1 "agreed on an outline"].',
        "They agreed [[1]](https://example.org).",
    ],
)
def test_what_is_no_evidence(reply):
    assert set(check(reply, NEWS)) <= {"uncited"}


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("“We are very close to it,” said Bessent", "grounded"),
        ('Bessent said they were "very close"', "grounded"),
        ("Bessent said they were ‘very close to it’", "grounded"),
        ("«We are very close», said Bessent", "grounded"),
        ("Bessent called it “the end of it all”", "fabricated"),
        ('Bessent said "we are not close"', "fabricated"),
        ("Bessent said ‘we are not close’ to it", "fabricated"),
        ("Bessent said 'we are not close' to it", "fabricated"),
        ("Bessent said „we are not close“", "fabricated"),
        ("Bessent said “we are close", "fabricated"),  # the mark at the end is missing
        ("we are not close,” said Bessent", "fabricated"),
        ("“We are … close to it,” said Bessent", "stitched"),
        ("“We are very close to it … and he smiled”", "stitched"),
        ("The workers' and the owners' side smiled", "grounded"),
        ("The “TikTok question” was talked of", "grounded"),  # the person's own term
        ("They talked of “how we can ever be safe again”", "fabricated"),  # the person's words are no article's
    ],
)
def test_prose_in_quotation_marks_must_stand_in_the_cited_article(said, verdict):
    question = "What of the TikTok question, and “how we can ever be safe again”?"
    reply = f'{said} [1: "said Bessent, who led the talks"].'
    assert check(reply, NEWS, question=question)[-1] == verdict


def test_a_block_quote_says_that_somebody_said_it():
    assert check('> We are nowhere near it [1: "agreed on an outline"]', NEWS) == ["fabricated"]


def test_markdown_and_html_hide_nothing():
    assert check(f"The talks cost 4**0** dollars {E}.", NEWS) == ["value"]
    assert check(f"The _40_ sides agreed {E}.", NEWS) == ["value"]
    assert check(f"The __40__ sides agreed {E}.", NEWS) == ["value"]
    assert check(f"The <b>40</b> sides agreed {E}.", NEWS) == ["value"]
    assert check(f"The `40` sides agreed {E}.", NEWS) == ["value"]
    assert check(f"**Musk** agreed {E}.", NEWS) == ["value"]
    assert check(f"_Musk_ agreed {E}.", NEWS) == ["value"]
    assert check(f"[They](https://evil.example) agreed {E}.", NEWS) == ["value"]


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u202e", "\x07", "\x1b[31m", "\ue000"]
)
def test_what_cannot_be_seen_hides_nothing(unseen):
    assert check(f"Four{unseen}teen sides agreed {E}.", NEWS) == ["value"]
    assert check(f"They agreed on Octo{unseen}ber 3 {E}.", NEWS) == ["value"]
    for statement in markup.read(f'They {unseen}agreed [1: "agreed on{unseen} an outline"].')[0]:
        assert statement.text == "They agreed."
        assert statement.evidence[0].quote.replace(unseen, "") == "agreed on an outline"


def test_what_is_missing_claims_nothing_either():
    gate = Gate("What did Leavitt say?", retrieved(NEWS))
    assert gate.claims_nothing("what Leavitt said, and why")
    assert not gate.claims_nothing("what Musk said")
    assert not gate.claims_nothing("the 40 million dollars")
    assert not gate.claims_nothing("whether he said “I resign”")
