"""How the keyless answer is worded: when the words alone will do, and when the sentence is the safer answer."""

import pytest

from qa import phrasing


def short(question: str, sentence: str, words: str) -> str | None:
    start = sentence.index(words)
    return phrasing.short(question, sentence, start, start + len(words))


@pytest.mark.parametrize(
    ("question", "sentence", "words", "answer"),
    [
        ("How long will it last?", "It is to last about 26 months.", "26 months", "About 26 months."),
        ("How many were hurt?", "At least 12 people were hurt.", "12", "At least 12."),
        ("When does it end?", "It will end on December 16th.", "December 16th", "December 16th."),
        ("By when must it be paid?", "It must be paid by October 31.", "October 31", "By October 31."),
        ("Where was it held?", "It was held in Osaka, Japan.", "Osaka, Japan", "Osaka, Japan."),
        ("Who owns the Post?", "The Post is owned by Rupert Murdoch.", "Rupert Murdoch", "Rupert Murdoch."),
        ("When will it open?", "It will open on May 12.", "May 12", "May 12."),
        ("When will it open?", "It will open in mid-October.", "mid-October", "Mid-October."),
        ("Where does he live?", "He lives in Washington, D.C.", "Washington, D.C.", "Washington, D.C."),
    ],
)
def test_the_words_are_the_answer_with_what_qualifies_them(
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
        ("How many were freed?", "Half of the 48 hostages were freed.", "48"),
        ("How many were freed?", "All but 3 of the 48 were freed.", "3"),
        ("How high is inflation?", "Inflation is below 3%.", "3%"),
        ("How much did it earn?", "It earned $4 million to $6 million.", "$4 million"),
        ("How much did it earn?", "It earned $5.2 billion.", "$5.2"),
        ("How many were there?", "There were 30,000 people.", "30"),
        ("When was she born?", "She was born three days before March 4, 1980.", "March 4, 1980"),
        ("How many were killed?", "The ministry claimed that 42 people were killed.", "42"),
        ("When does it expire?", "It was due to expire on Dec. 16.", "Dec. 16"),
        ("When is it?", "It was postponed from Friday to Monday.", "Friday"),
        ("Who was hurt?", "Ann Lee and Bob Roy were hurt.", "Bob Roy"),
        ("Who killed Ann Lee?", "Bob Roy was charged with the killing of Ann Lee.", "Bob Roy"),
        ("Who spoke?", "Ann Lee, Bob Roy, Cid Poe, Dan Moe and Eve Low spoke.", "Ann Lee, Bob Roy, Cid Poe, Dan Moe and Eve Low"),
    ],
)  # fmt: skip
def test_the_whole_sentence_is_the_answer_where_its_words_might_mislead(
    question: str, sentence: str, words: str
) -> None:
    assert short(question, sentence, words) is None
