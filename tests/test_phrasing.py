"""How the keyless answer is worded: when the words alone will do, and when the sentence is the safer answer."""

import pytest

from qa import phrasing


def short(question: str, sentence: str, words: str, title: str = "") -> str | None:
    start = sentence.index(words)
    return phrasing.short(question, sentence, start, start + len(words), title)


@pytest.mark.parametrize(
    ("question", "sentence", "words", "answer"),
    [
        ("How long will it last?", "It is to last about 26 months.", "26 months", "About 26 months."),
        ("How many were hurt?", "At least 12 people were hurt.", "12", "At least 12."),
        ("When does it end?", "It will end on December 16th.", "December 16th", "December 16th."),
        ("By when must it be paid?", "It must be paid by October 31.", "October 31", "By October 31."),
        ("Where was it held?", "It was held in Osaka, Japan.", "Osaka, Japan", "Osaka, Japan."),
        ("Where does he live?", "He lives in Washington, D.C.", "Washington, D.C.", "Washington, D.C."),
    ],
)
def test_the_words_are_the_answer_with_what_qualifies_them(
    question: str, sentence: str, words: str, answer: str
) -> None:
    assert short(question, sentence, words) == answer


@pytest.mark.parametrize(
    ("question", "sentence", "words", "answer"),
    [
        ("Who will head the inquiry?", "The inquiry, which Marta Olsen will head, …", "Marta Olsen",
         "Marta Olsen will head the inquiry."),
        ("Who was arrested in Lyon?", "Police in Lyon arrested Ann Lee.", "Ann Lee", "Ann Lee was arrested in Lyon."),
        # Nothing that the quote does not say is made of the question: it may be wrong.
        ("Who won the race in March?", "Ann Lee won the race.", "Ann Lee", "Ann Lee."),
        ("Who did Ann Lee call?", "Ann Lee called Bob Roy.", "Bob Roy", "Bob Roy."),
        ("Who is the judge?", "The judge is Bob Roy.", "Bob Roy", "Bob Roy."),
        ("Who was she calling?", "She was calling Bob Roy.", "Bob Roy", "Bob Roy."),
    ],
)  # fmt: skip
def test_a_sentence_is_made_of_the_question_where_the_quote_says_all_of_it(
    question: str, sentence: str, words: str, answer: str
) -> None:
    assert short(question, sentence, words) == answer


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("How many fell ill?", "Officials denied that 42 people fell ill.", "42"),
        ("How many fell ill?", "It did not say whether 42 people fell ill.", "42"),
        ("When will it open?", "It could open on Monday.", "Monday"),
        ("Why did it close?", "It closed because of the storm.", "because of the storm"),
        ("What did he say?", "He said it was fine.", "it was fine"),
        ("Who met Xi?", "Xi Jinping spoke on Friday.", "Xi Jinping"),
        ("How much did it cost?", "It cost a good deal.", "a good deal"),
        ("Who spoke?", "Ann Lee, Bob Roy, Cid Poe, Dan Moe and Eve Low spoke.", "Ann Lee, Bob Roy, Cid Poe, Dan Moe and Eve Low"),
    ],
)  # fmt: skip
def test_the_whole_sentence_is_the_answer_where_its_words_might_mislead(
    question: str, sentence: str, words: str
) -> None:
    assert short(question, sentence, words) is None
