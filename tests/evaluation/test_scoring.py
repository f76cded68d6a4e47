"""Right, wrong, or cannot tell: one table of answers a kind of gold, short ones and whole sentences that say more."""

from datetime import date
from decimal import Decimal

import pytest

from qa.evaluation import hazards, wording
from qa.evaluation.gold import Accept, DateIs, ListOf, NumberIs, Regex, Text, Turn, YesNo
from qa.evaluation.scoring import Verdict, combine, score

RIGHT, WRONG, UNSURE = "right", "wrong", "cannot tell"
FRIDAY = date(2025, 9, 19)


def turn(question: str, *accept: Accept, reject: tuple[str, ...] = ()) -> Turn:
    return Turn(question, accept, reject)


END = turn(
    "When does the TikTok extension end?", DateIs(2025, 12, 16), Text("Dec. 16"), reject=("December 15", "Nov. 10")
)
CALL = turn("On which date did Trump and Xi speak by phone?", DateIs(2025, 9, 19), Text("Friday"))
SOLD = turn("What deadline did Congress set?", DateIs(2025, 1, None, year_required=True), reject=("Dec. 16",))
BEGAN = turn("When did TikTok begin?", DateIs(2016, None, None, year_required=True))
START = turn("what time did the call start", Text("8 a.m."))
USERS = turn(
    "How many users has TikTok?", NumberIs(Decimal(170_000_000), "users", Decimal("0.01")), reject=("17 million",)
)
COST = turn("How much did it cost?", NumberIs(Decimal("3.8e9"), "dollars"))
PLAIN = turn("How many were there?", NumberIs(Decimal("3.8e9")))
TARIFF = turn("how high did the tariffs get", NumberIs(Decimal(145), "%"))
TIMES = turn("How many times has Trump put off the ban?", NumberIs(Decimal(4), "times"))
LENGTH = turn("How long did the call last?", NumberIs(Decimal(90), "minutes"))
CALLS = turn("How many calls were there?", NumberIs(Decimal(2), "calls"))
RANK = turn("Where does China rank among trading partners?", Text("third"))
CHIEF = turn("Who is the chief of the treasury?", Text("Scott Bessent"), reject=("Janet Yellen",))
KING = turn("Who gave the speech?", Text("Martin Luther King Jr."))
COUNTRY = turn(
    "In which country will they meet?", Text("South Korea"), Text("Republic of Korea"), reject=("North Korea",)
)
CITY = turn("Where was it filmed?", Text("Paris, Texas"))
FIRM = turn("Which bank does she work for?", Text("the American bank Wells Fargo"))
ISSUES = turn("On which issues was there progress?", ListOf(("trade", "fentanyl", "Ukraine", "TikTok")))
FINAL = turn("Is the TikTok deal final?", YesNo(False))
TRAVEL = turn("does trump plan to travel to china next year?", YesNo(True))
FEAR = turn("Why hasn't he enforced the ban?", Regex(r"(?i)\balienat\w*"), Regex("TikTok’s"))
REASON = turn("Why is it hard to sell?", Text("a closely guarded trade secret"))

TABLE: list[tuple[Turn, str, str]] = [
    # dates, by meaning
    (END, "Dec. 16", RIGHT),
    (END, "It ends on 16 December 2025 [2].", RIGHT),
    (END, "2025-12-16", RIGHT),
    (END, "Tuesday, December 16th", RIGHT),
    (END, "the sixteenth of December", RIGHT),
    (END, "On the sixteenth.", RIGHT),
    (END, "the seventeenth", WRONG),
    (END, "December 17", WRONG),
    (END, "December 16, 2024", WRONG),
    (END, "In December.", UNSURE),
    (END, "some time in 2025", UNSURE),
    (END, "", WRONG),
    (END, "The articles do not say.", WRONG),
    (CALL, "On Friday.", RIGHT),
    (CALL, "It was on Thursday [1].", WRONG),
    (CALL, "They spoke on 20 September.", WRONG),
    (SOLD, "January 2025", RIGHT),
    (SOLD, "January 19, 2025", RIGHT),
    (SOLD, "January", UNSURE),
    (SOLD, "January 2024", WRONG),
    (SOLD, "Dec. 16", WRONG),
    (BEGAN, "in 2016", RIGHT),
    (BEGAN, "in September 2016", RIGHT),
    (BEGAN, "in the 2010s", UNSURE),
    (BEGAN, "in the 1990s", WRONG),
    (BEGAN, "2017", WRONG),
    (START, "at 8:00 a.m. EDT (1200 GMT)", RIGHT),
    (START, "at 8 p.m.", WRONG),
    # a longer sentence: other values, denials, alternatives, what was before
    (END, "Trump signed an order on Sept. 16 that extends the deadline to Dec. 16.", RIGHT),
    (END, "On December 16, not December 15.", RIGHT),
    (END, "Not on December 16 but on December 17.", WRONG),
    (END, "December 15 or December 16", UNSURE),
    (END, "It is not known whether it ends on December 16.", UNSURE),
    (END, "Either December 16 or December 17.", UNSURE),
    (END, "It was moved from December 16 to December 17.", UNSURE),
    (END, "It runs from December 16 to December 18.", RIGHT),
    (END, "The talks went on, but it ends on December 16.", RIGHT),
    (END, "It ends on December 17, but one article says December 16.", UNSURE),
    (END, "The extension ends on December 17. The old deadline was December 16.", UNSURE),
    (END, "The truce expires Nov. 10 and TikTok's extension ends Dec. 16.", UNSURE),
    (END, "It ends on December 15.", WRONG),
    # numbers, with scales and units
    (USERS, "170 million", RIGHT),
    (USERS, "About 170,000,000 Americans use it.", RIGHT),
    (USERS, "one hundred and seventy million", RIGHT),
    (USERS, "171 million", RIGHT),
    (USERS, "175 million", UNSURE),
    (USERS, "180 million", WRONG),
    (USERS, "170 thousand", WRONG),
    (USERS, "17 million", WRONG),
    (USERS, "$170 million", WRONG),
    (USERS, "170 million minutes a day", WRONG),
    (COST, "3.8bn dollars", RIGHT),
    (COST, "$3.8 billion", RIGHT),
    (COST, "3.8 million dollars", WRONG),
    (COST, "€3.8bn", WRONG),
    (COST, "3.8 billion", UNSURE),
    (PLAIN, "3.8bn", RIGHT),
    (PLAIN, "3.8 million", WRONG),
    (TARIFF, "145 percent", RIGHT),
    (TARIFF, "They reached 145% before falling to 30%.", RIGHT),
    (TARIFF, "145", UNSURE),
    (TARIFF, "from 145% to 30%", UNSURE),
    (TARIFF, "30%", WRONG),
    (TIMES, "four", RIGHT),
    (TIMES, "It was the fourth extension.", RIGHT),
    (TIMES, "40 times", WRONG),
    (LENGTH, "1.5 hours", RIGHT),
    (LENGTH, "90 days", WRONG),
    (CALLS, "They spoke twice.", RIGHT),
    (CALLS, "Just one.", WRONG),
    (RANK, "China is the third-largest.", RIGHT),
    (RANK, "China has three partners.", UNSURE),
    # names
    (CHIEF, "Bessent", RIGHT),
    (CHIEF, "Treasury Secretary Scott K. H. Bessent", RIGHT),
    (CHIEF, "SCOTT BESSENT", RIGHT),
    (CHIEF, "Scott Besent", RIGHT),
    (CHIEF, "It is Scott Bessent, not Janet Yellen.", RIGHT),
    (CHIEF, "Scott Kennedy", WRONG),
    (CHIEF, "John Bessent", WRONG),
    (CHIEF, "It used to be another, but it is Scott Bessent.", UNSURE),
    (CHIEF, "Scott Bessent or Howard Lutnick", UNSURE),
    (CHIEF, "Yellen", WRONG),
    (CHIEF, "Howard Lutnick", WRONG),
    (KING, "Dr. Martin Luther King", RIGHT),
    (KING, "Martin Luther", UNSURE),
    (COUNTRY, "In Gyeongju, South Korea, not in North Korea.", RIGHT),
    (COUNTRY, "the Republic of Korea", RIGHT),
    (COUNTRY, "Korea", UNSURE),
    (COUNTRY, "North Korea", WRONG),
    (CITY, "In Paris.", RIGHT),
    (CITY, "In Paris, France.", UNSURE),
    (FIRM, "Wells Fargo", RIGHT),
    # lists, yes and no, patterns, reasons
    (ISSUES, "Trade, fentanyl, the war in Ukraine and Tik Tok.", RIGHT),
    (ISSUES, "Trade and TikTok.", WRONG),
    (ISSUES, "Trade, fentanyl and TikTok, but not Ukraine.", WRONG),
    (FINAL, "No, it is not [1].", RIGHT),
    (FINAL, "The TikTok deal is not final.", RIGHT),
    (FINAL, "The TikTok deal is final.", WRONG),
    (FINAL, "Yes.", WRONG),
    (FINAL, "yesterday", UNSURE),
    (FINAL, "No one knows.", UNSURE),
    (TRAVEL, "Yes, in early 2026.", RIGHT),
    (TRAVEL, "Trump plans to travel to China next year.", RIGHT),
    (TRAVEL, "Trump does not plan to travel to China next year.", WRONG),
    (TRAVEL, "Trump met Xi.", UNSURE),
    (FEAR, "He fears alienating its users.", RIGHT),
    (FEAR, "TikTok’s users", RIGHT),
    (FEAR, "He forgot.", WRONG),
    (REASON, "It is a trade secret, closely guarded.", RIGHT),
    (REASON, "It is a secret.", UNSURE),
    (REASON, "It is too expensive.", WRONG),
    (REASON, "Experts say " + "that nobody outside may see how the thing works " * 6, UNSURE),
]


@pytest.mark.parametrize(("asked", "answer", "expected"), TABLE)
def test_verdict(asked: Turn, answer: str, expected: str) -> None:
    verdict = score(asked, answer, as_of=FRIDAY)
    assert verdict.outcome == expected, verdict.reason
    assert verdict.reason


def test_a_weekday_without_a_date_to_count_from_is_no_date() -> None:
    only = turn("On which date did they speak?", DateIs(2025, 9, 19))
    assert score(only, "On Friday.", as_of=FRIDAY).outcome == RIGHT
    assert score(only, "On Friday.").outcome == WRONG


def test_a_fuller_accepted_date_settles_what_a_shorter_one_leaves_open() -> None:
    either = turn("When was it abolished?", Text("1976"), Text("July 14, 1976"))
    assert score(either, "In 1976.").outcome == RIGHT
    assert score(either, "On July 26, 1976.").outcome == WRONG


def test_what_the_question_says_is_no_answer() -> None:
    battery = turn("what is the main mineral in lithium batteries", Text("lithium"))
    assert score(battery, "The main mineral in lithium batteries is cobalt.").outcome == UNSURE
    assert score(battery, "Lithium.").outcome == RIGHT


def test_another_sentence_may_be_the_answer() -> None:
    fight = turn("who wins the final fight in the film", Text("Zeus"))
    assert score(fight, "The final fight in the film is won by Atom. His rival was Zeus.").outcome == UNSURE
    assert (
        score(fight, "There is one final fight in the film. The one who wins the fight in it is Zeus.").outcome == RIGHT
    )


ABSTAINED = [
    (True, True, "", WRONG),
    (True, False, "The articles do not say.", WRONG),
    (False, True, "The articles do not say.", RIGHT),
    (False, False, "$14 billion", WRONG),
    (False, False, "", WRONG),
    (False, False, "The articles do not give a price.", UNSURE),
]


@pytest.mark.parametrize(("answerable", "abstained", "text", "expected"), ABSTAINED)
def test_abstention(answerable: bool, abstained: bool, text: str, expected: str) -> None:
    asked = turn("How much was paid?", *([NumberIs(Decimal(14))] if answerable else []))
    assert score(asked, text, abstained).outcome == expected


def test_a_conversation_is_as_right_as_its_worst_turn() -> None:
    right, unsure, wrong = Verdict(RIGHT, "r"), Verdict(UNSURE, "u"), Verdict(WRONG, "w")
    assert combine([right]) == right
    assert combine([right, right]).outcome == RIGHT
    assert combine([right, unsure]) == Verdict(UNSURE, "turn 2: u")
    assert combine([unsure, wrong, right]) == Verdict(WRONG, "turn 2: w")
    assert combine([]).outcome == UNSURE


# ------------------------------------------------------------------------------------ normalising, EM and F1


@pytest.mark.parametrize(
    ("text", "normal"),
    [("The Beatles!", "beatles"), ("  a  U.S.-led\tplan ", "usled plan"), ("an A", ""), ("Thea", "thea")],
)
def test_squad_normalisation(text: str, normal: str) -> None:
    assert wording.normalise(text) == normal


def test_exact_match_and_f1_take_the_best_accepted_text() -> None:
    assert wording.exact_match("the Beatles.", ["Wings", "Beatles"])
    assert not wording.exact_match("Beatles band", ["Beatles"])
    # 1 of 2 stated words, 1 of 1 accepted: 2 · 1/2 · 1 / (1/2 + 1) = 2/3
    assert wording.f1("the green Beatles", ["Beatles", "Wings"]) == pytest.approx(2 / 3)
    # A word counts as often as it stands in both: {a·2, b} and {a, b·2} share a and b; 2 · 2 / 6.
    assert wording.f1("x x y", ["x y y"]) == pytest.approx(2 / 3)
    assert wording.f1("", ["Beatles"]) == 0
    assert wording.f1("the", ["a"]) == 1  # both normalise to nothing, as in SQuAD's script
    assert wording.f1("x", []) == 0


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("The B. J. Thomas song, twenty-one’s third [2].", ["bj", "thoma", "song", "21", "3"]),
        ("U.S., US and us", ["unit", "state", "unit", "state", "u"]),
        ("World War II; Mark O’Meara", ["world", "war", "2", "mark", "omeara"]),
        ("Röntgen’s 2,579 steps", ["rontgen", "2579", "step"]),
        ("ended in 19971. inNew York12.", ["end", "in", "1997", "in", "new", "york", "12"]),
        ("the 1979–80 season", ["1979", "1980", "season"]),
        ("²", ["2"]),
    ],
)
def test_words_are_made_alike(text: str, keys: list[str]) -> None:
    assert [word.key for word in wording.read(text).words] == keys


def test_odd_text_does_no_harm() -> None:
    for text in ("9" * 5000, "①②", "\x00", "½ ⅓", "[1][2]", "*" * 99, "٣ مليون", "🦊" * 20):
        score(END, text)
        score(USERS, text)


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("I'm sorry, but I couldn't find any information about it.", True),
        ("The articles do not say when it ends.", True),
        ("It is not known.", True),
        ("There is no information on the price.", True),
        ("As an AI language model, I do not have access to the news. It ends on Friday.", False),
        ("It does not end before December 16.", False),
        ("Nobody objected.", False),
    ],
)
def test_what_is_a_refusal(text: str, refuses: bool) -> None:
    assert hazards.refuses(wording.read(text).text) is refuses
