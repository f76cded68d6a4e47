"""What a writer writes is read the same whole and in pieces; nothing else than it wrote comes out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.domain import Evidence
from qa.evidence.markup import Reader, Statement, read


def shown(reply: str) -> list[str]:
    """Each statement as a person sees it, its evidence numbered from 1."""
    return [s.lead + s.shown(list(range(1, len(s.marks) + 1))) for s in read(reply)[0]]


@pytest.mark.parametrize(
    ("reply", "seen"),
    [
        ('It ends [1: "a b c"].', ["It ends [1]."]),
        ('It ends. [1: "a b c"]', ["It ends. [1]"]),
        ('It ends [1: "a b c"] [2: "d e f"].', ["It ends [1][2]."]),
        ('It ends [1: "a"] in May [2: "b"], he said.', ["It ends [1] in May [2], he said."]),
        ('It ends [1: "a"]. So it does [2: "b"].', ["It ends [1].", " So it does [1]."]),
        ('[1: "a"] It ends.', ["It ends. [1]"]),
        ('- One [1: "a"]\n- Two [2: "b"]', ["- One [1]", "\n- Two [1]"]),
        ('1. One. [1: "a"]\n2) Two [2: "b"]', ["1. One. [1]", "\n2) Two [1]"]),
        ('# Head\n\nIt ends\nin May [1: "a"].', ["# Head", "\n\nIt ends in May [1]."]),
        ('**Head**\nIt ends [1: "a"].', ["**Head**", "\nIt ends [1]."]),
        ('It ends [1: "a"].\n\nSo it does [1: "a"].', ["It ends [1].", "\n\nSo it does [1]."]),
        ('It ends in Dec. 2025 by Mr. X. [1: "a"]', ["It ends in Dec. 2025 by Mr. X. [1]"]),
        ('It [2] ends [3, 4] [1: "a"].', ["It ends [1]."]),  # a number without words shows nothing
        (
            '| A | B |\n|:--|--:|\n| x | 3 [1: "a"] |\n| y. Z | 4 | [2: "b"]\nEnd [1: "c"].',
            ["| A | B |\n|:--|--:|", "\n| x | 3 [1] |", "\n| y. Z | 4 | [1]", "\nEnd [1]."],
        ),
        ('It ends [1: "the "new" one"]!', ["It ends [1]!"]),
        ('It ends [1: "a]. No end to it', ["It ends"]),
        ("```\n---\n***\n", []),
    ],
)
def test_what_is_shown(reply, seen):
    assert shown(reply) == seen


@pytest.mark.parametrize(
    ("reply", "quote"),
    [
        ('X [1: "ends at the first one"] of two"].', "ends at the first one"),
        ('X [1: "with [brackets] in it"].', "with [brackets] in it"),
        ('X [1: "He said “no”"].', "He said “no”"),
        ('X [1: “He said "no"”].', 'He said "no"'),
        ("X [1: ““No,” he said”].", "“No,” he said"),
        ('X [1: "over\ntwo lines"].', "over\ntwo lines"),
        ("X [1 : «in guillemets»].", "in guillemets"),
        ('X [1: ""].', ""),
        ("X [1: without marks].", "without marks"),
    ],
)
def test_where_evidence_ends(reply, quote):
    (statement,) = read(reply)[0][:1]
    assert statement.evidence == (Evidence(1, quote),)


@pytest.mark.parametrize(
    ("reply", "texts", "missing"),
    [
        ('It ends [1: "a"].\nINSUFFICIENT: the price', ["It ends."], "the price"),
        ('It ends [1: "a"]. INSUFFICIENT: the price', ["It ends."], "the price"),
        ("INSUFFICIENT: all of it", [], "all of it"),
        ("INSUFFICIENT", [], ""),
        ("INSUFFICIENT:", [], ""),
        ("**INSUFFICIENT:** the price", [], "the price"),
        ("**INSUFFICIENT**: the price", [], "the price"),
        ("INSUFFICIENT:\n- the price\n- the date", [], "- the price - the date"),
        ('INSUFFICIENT: the price [1: "a"]. It is high [1: "a"].', [], "the price . It is high ."),
        ('INSUFFICIENT: the price\nIt ends [1: "a"].\nINSUFFICIENT: the day', ["It ends."], "the price the day"),
        ('It ends [1: "INSUFFICIENT: it says"].', ["It ends."], None),
        ('It ends [1: "a"].', ["It ends."], None),
        ('The funds were insufficient: it ends [1: "a"].', ["The funds were insufficient: it ends."], None),
    ],
)
def test_what_is_missing(reply, texts, missing):
    statements, insufficient = read(reply)
    assert [s.text for s in statements] == texts
    assert insufficient == missing


PIECES = st.sampled_from(
    """True|A lie| |.|\n|\n\n|- |1. |# |**|[1: "words copied here"]|[2: “curly words”]|[|1|:|"|]|“|”| [3]|INSUFFICIENT
    |: || a | b |\n|||---|---|\n|U.S.|Dec. 16|the|…|!|?|(|)|e.g.|\t|iPhone|40|3.5|No. 5|*|_|\u200b|\x1b[31m|。|«|»|[1: bare
    |[12|> |\ue000|Mr. |"]|--|—|;|é|"A""".replace("\n    ", "")
    .replace("\\n", "\n")
    .split("|")
)
REPLIES = st.lists(PIECES | st.sampled_from(["| a | b |\n", "|---|---|\n", "|"]), max_size=25).map("".join)


def streamed(reply: str, cuts: list[int]) -> tuple[list[Statement], str | None]:
    reader, out, at = Reader(), [], 0
    for size in cuts:
        out += reader.feed(reply[at : at + size])
        at += size
    return out + reader.feed(reply[at:]) + reader.close(), reader.insufficient


@settings(max_examples=600)
@given(REPLIES, st.lists(st.integers(0, 9), max_size=60))
def test_any_chunking_gives_the_same_as_the_whole(reply, cuts):
    assert streamed(reply, cuts) == read(reply)


@settings(max_examples=300)
@given(REPLIES)
def test_character_by_character_gives_the_same_as_the_whole(reply):
    assert streamed(reply, [1] * len(reply)) == read(reply)


@given(REPLIES)
def test_a_statement_holds_no_more_evidence_than_marks(reply):
    for statement in read(reply)[0]:
        assert len(statement.evidence) == len(statement.marks)
        assert all(0 <= mark <= len(statement.text) for mark in statement.marks)
        assert "\ue000" not in statement.text
        assert "\x1b" not in statement.text


def test_a_sentence_comes_out_before_the_next_one_ends():
    reader = Reader()
    assert reader.feed('It ends [1: "a b c"]. So') == []
    assert [s.text for s in reader.feed(" it")] == ["It ends."]
