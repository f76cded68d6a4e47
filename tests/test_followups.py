"""Follow-ups made to stand alone without a service: over sport, business, courts, weather, science and the seeds."""

import time
from collections.abc import Sequence

import pytest

from qa.conversing import Conversation, Numbers
from qa.domain import Answer, Citation, Turn
from qa.followups import FollowUps

Said = tuple[str, str]
"""A question and its answer, a sentence of an article; an empty answer is an abstention."""


def conversation(turns: Sequence[Said]) -> Conversation:
    talk = Conversation()
    for n, (question, answer) in enumerate(turns, 1):
        cited = (Citation(n, "a", "A title", None, None, None, answer, 0, len(answer)),) if answer else ()
        text = f"{answer} [{n}]" if answer else "The articles do not say."
        given = Answer(question, "answered" if answer else "abstained", text, cited)
        talk.add(Turn(question, given), Numbers())
    return talk


def understood(turns: Sequence[Said], question: str) -> str:
    return FollowUps().stand_alone(question, conversation(turns), time.monotonic() + 5)


EXTENSION = (
    "When does the TikTok extension end?",
    "On Tuesday Trump formally granted a fourth extension of the deadline for a deal on TikTok, moving it to Dec. 16.",
)
CALL = (
    "When did Trump and Xi talk by phone?",
    "In a phone call on Friday, Presidents Donald Trump and Xi Jinping sought to break the deadlock.",
)
FINAL = (
    "Who won the Danish Cup final?",
    "Silkeborg won the final in Copenhagen on Thursday, beating AGF 1-0 in front of 35,000 people.",
)
COACH = (
    "Who is the new coach of Ajax?",
    "Ajax have appointed Italian Francesco Farioli as their new coach on a three-year contract.",
)
MERGER = (
    "Which company bought Figma?",
    "Adobe agreed to buy Figma, the design firm, for about $20 billion in cash and stock.",
)
VERDICT = (
    "Who was convicted of fraud in the Wirecard trial?",
    "A Munich court on Friday convicted former chief executive Markus Braun of fraud.",
)
STORM = (
    "Where did Hurricane Otis make landfall?",
    "Hurricane Otis made landfall near Acapulco early on Wednesday with winds of 165 miles per hour.",
)
PROBE = (
    "When did the Parker probe fly past the Sun?",
    "NASA's Parker Solar Probe flew past the Sun on Dec. 24, closer than any spacecraft before it.",
)
BRIDGE = (
    "Why was the Kerch bridge closed?",
    "The Kerch bridge was closed after an explosion, officials said on Monday.",
)
TARIFF = (
    "How high are the tariffs on goods from China?",
    "New tariffs imposed by the U.S. on goods from China are capped at 30%.",
)
STRIKE = (
    "How many workers went on strike at Boeing?",
    "About 33,000 workers walked out at Boeing's plants near Seattle on Friday.",
)
FINE = (
    "How much was Meta fined by the Irish regulator?",
    "Ireland's Data Protection Commission fined Meta 1.2 billion euros on Monday.",
)
VACCINE = (
    "Which vaccine did the WHO approve for malaria?",
    "The World Health Organization on Monday approved R21, a malaria vaccine developed by the University of Oxford.",
)
SUMMIT = (
    "Where is the APEC summit held?",
    "This year it will be held in Gyeongju, South Korea, from Friday, October 31st.",
)
RATE = (
    "Did the Bank of England cut interest rates?",
    "The Bank of England cut interest rates by a quarter point to 4% on Thursday, Governor Andrew Bailey said.",
)
EARTHQUAKE = (
    "How many people died in the Noto earthquake?",
    "At least 240 people died in the earthquake that struck the Noto peninsula on Jan. 1.",
)
PLANT = (
    "Why did Volkswagen close its plant in Brussels?",
    "Volkswagen said the Audi plant in Brussels had been losing money for years.",
)
RECORD = (
    "Who broke the women's marathon world record?",
    "Ruth Chepngetich broke the women's marathon world record in Chicago, running 2:09:56.",
)
TRUCE = (
    "When do the lower tariff rates expire?",
    "Those lower rates are due to expire on Nov. 10 unless there is a deal or the trade truce gets another extension.",
)
FRAMEWORK = (
    "Who said that a framework had been struck?",
    "The day before, Treasury Secretary Scott Bessent had said that Washington and Beijing had struck a “framework”.",
)
MAO = (
    "Which banker did China let go back to the United States?",
    "China before the call let Chenyue Mao, a Wells Fargo banker who had been barred from leaving the country, go back.",
)
REACTOR = (
    "When will the first reactor at Olkiluoto restart?",
    "Operator TVO said the first reactor at Olkiluoto would restart in May.",
)
MAYOR = (
    "When did Ekrem Imamoglu go to prison?",
    "Istanbul mayor Ekrem Imamoglu was jailed on March 23 pending trial on corruption charges.",
)
EUROS = ("How much did the stadium in Bergen cost?", "The stadium in Bergen cost 900 million crowns to build.")
NOTHING = ("How much will the buyers pay for TikTok?", "")

FOLLOW_UPS: list[tuple[list[Said], str, str | tuple[str, ...]]] = [
    # a bare question word takes the place of the last one
    ([EXTENSION], "why?", "Why does the TikTok extension end?"),
    ([PROBE], "Where?", "Where did the Parker probe fly past the Sun?"),
    ([BRIDGE], "And when?", "When was the Kerch bridge closed?"),
    ([BRIDGE], "since when?", "Since when was the Kerch bridge closed?"),
    ([RATE], "when?", "When did the Bank of England cut interest rates?"),
    ([RATE], "by how much?", "By how much did the Bank of England cut interest rates?"),
    ([FINAL], "when?", ("When did Silkeborg win the Danish Cup final?", "When was the Danish Cup final won?")),
    ([FINAL], "And where?", ("Where did Silkeborg win the Danish Cup final?", "Where was the Danish Cup final won?")),
    ([MERGER], "why?", "Why did Adobe buy Figma?"),
    ([MERGER], "for how much?", "For how much did Adobe buy Figma?"),
    ([EARTHQUAKE], "when?", ("When did people die in the Noto earthquake?", "When was the Noto earthquake?")),
    ([STRIKE], "why?", "Why did workers go on strike at Boeing?"),
    ([TARIFF], "why?", "Why are the tariffs on goods from China so high?"),
    ([FINE], "what for?", "What was Meta fined by the Irish regulator for?"),
    ([FINE], "why?", "Why was Meta fined by the Irish regulator?"),
    ([VACCINE], "when?", "When did the WHO approve the vaccine for malaria?"),
    ([SUMMIT], "when exactly?", "When exactly is the APEC summit held?"),
    ([CALL], "at what time?", "At what time did Trump and Xi talk by phone?"),
    ([NOTHING], "when?", "When will the buyers pay for TikTok?"),
    ([PLANT], "when did that happen?", "When did Volkswagen close its plant in Brussels?"),
    ([RECORD], "where was that?", (
        "Where did Ruth Chepngetich break the women's marathon world record?",
        "Where was the women's marathon world record broken?",
    )),
    ([RATE], "why did they do that?", "Why did the Bank of England cut interest rates?"),
    ([VERDICT], "when?", ("When was Markus Braun convicted of fraud in the Wirecard trial?",)),
    ([FINE], "who says so?", (
        "Who said that Ireland's Data Protection Commission fined Meta 1.2 billion euros on Monday?",
    )),
    ([("What did Xi say about TikTok?", "The government respects the will of companies.")], "what else?",
     "What else did Xi say about TikTok?"),
    ([("Did France sign the treaty?", "France did not sign the treaty.")], "why not?", "Why did France not sign the treaty?"),
    # what is named takes the place of what is like it
    ([TARIFF], "What about Japan?", "How high are the tariffs on goods from Japan?"),
    ([TARIFF], "and from the EU?", "How high are the tariffs on goods from the EU?"),
    ([FINE], "in dollars?", "How much was Meta fined by the Irish regulator in dollars?"),
    ([EUROS], "in euros?", "How much did the stadium in Bergen cost in euros?"),
    ([EUROS], "and in Oslo?", "How much did the stadium in Oslo cost?"),
    ([EUROS], "how about Oslo", "How much did the stadium in Oslo cost?"),
    ([STRIKE], "and in 2008?", "How many workers went on strike at Boeing in 2008?"),
    ([("How many people visited the Louvre in 2023?", "The Louvre had 8.9 million visitors in 2023.")], "and in 2024?",
     "How many people visited the Louvre in 2024?"),
    ([("How many people visited the Louvre in 2023?", "The Louvre had 8.9 million visitors in 2023.")],
     "What about the Prado?", "How many people visited the Prado in 2023?"),
    ([("What does Trump want from Xi?", "Trump wants Xi to approve the deal.")], "And Xi?", "What does Xi want from Trump?"),
    ([REACTOR], "what about the second one?", (
        "When will the second reactor at Olkiluoto restart?", "When will the second reactor restart?",
    )),
    ([REACTOR], "what about the other one?", (
        "When will the other reactor at Olkiluoto restart?", "When will the other reactor restart?",
    )),
    ([TRUCE], "and the trade truce?", "When does the trade truce expire?"),
    ([("What is the population of Norway?", "Norway has 5.6 million people.")], "and the capital?",
     "What is the capital of Norway?"),
    ([("What is the population of Norway?", "Norway has 5.6 million people.")], "And Sweden?",
     "What is the population of Sweden?"),
    ([("Did Germany sign the treaty?", "Germany signed the treaty on Monday.")], "did Poland?", "Did Poland sign the treaty?"),
    ([("Who won the men's final?", "Jannik Sinner won.")], "and the women's final?", "Who won the women's final?"),
    # pronouns
    ([EXTENSION], "and who announced it?", "Who announced the TikTok extension?"),
    ([EXTENSION], "How long is it?", "How long is the TikTok extension?"),
    ([CALL], "where will they meet?", "Where will Trump and Xi meet?"),
    ([COACH], "How old is he?", "How old is Francesco Farioli?"),
    ([COACH], "Where did he work before?", "Where did Francesco Farioli work before?"),
    ([COACH], "How long is his contract?", "How long is Francesco Farioli's contract?"),
    ([RECORD], "Has she run in Chicago before?", "Has Ruth Chepngetich run in Chicago before?"),
    ([MERGER], "What did it pay?", "What did Adobe pay?"),
    ([STORM], "How many people live there?", ("How many people live near Acapulco?", "How many people live in Acapulco?")),
    ([STORM], "how strong was it?", "How strong was Hurricane Otis?"),
    ([PROBE], "Who built it?", "Who built the Parker probe?"),
    ([BRIDGE], "Has it reopened?", "Has the Kerch bridge reopened?"),
    ([VERDICT], "How long must he stay in prison?", "How long must Markus Braun stay in prison?"),
    ([TRUCE], "Who imposed them?", "Who imposed the lower tariff rates?"),
    ([TRUCE], "What happens to them then?", (
        "What happens to the lower tariff rates then?", "What happens to the lower tariff rates on Nov. 10?",
    )),
    ([FRAMEWORK], "What is his job?", "What is Scott Bessent's job?"),
    ([MAO], "Which bank does she work for?", "Which bank does Chenyue Mao work for?"),
    ([MAYOR], "What is he accused of?", "What is Ekrem Imamoglu accused of?"),
    ([SUMMIT], "Who is going there?", ("Who is going to Gyeongju?", "Who is going to the APEC summit?")),
    ([VACCINE], "who developed it?", "Who developed R21?"),
    ([EUROS], "how much is that in dollars?", "How much is the stadium in Bergen in dollars?"),
    ([EUROS], "Who paid for it?", "Who paid for the stadium in Bergen?"),
    ([STRIKE], "Did they get a raise?", ("Did the workers get a raise?", "Did workers get a raise?")),
    ([COACH, ("How old is Francesco Farioli?", "Farioli is 35.")], "Who did he coach before Ajax?",
     "Who did Francesco Farioli coach before Ajax?"),
    ([EXTENSION, FINAL], "How many people watched it?", "How many people watched the Danish Cup final?"),
    # a definite phrase with what qualifies it
    ([("When was the call between Trump and Xi?", "It was on Friday.")], "How long did the call last?",
     "How long did the call between Trump and Xi last?"),
    ([CALL], "How long did the call last?", "How long did the call between Trump and Xi last?"),
    ([BRIDGE], "How long is the bridge?", "How long is the Kerch bridge?"),
    ([MERGER], "Where is the company based?", "Where is Adobe based?"),
    ([VERDICT], "How long did the trial last?", "How long did the Wirecard trial last?"),
    ([EARTHQUAKE], "How strong was the earthquake?", "How strong was the Noto earthquake?"),
    ([VACCINE], "Is the vaccine expensive?", ("Is R21 expensive?", "Is the malaria vaccine expensive?",
                                              "Is the R21 vaccine expensive?")),
    ([REACTOR], "Who operates the reactor?", "Who operates the first reactor at Olkiluoto?"),
    ([("Who is going to the summit in Seoul?", "Trump will go to the summit in Seoul.")], "Is Xi going too?",
     "Is Xi going to the summit in Seoul too?"),
    ([EARTHQUAKE], "How many were injured?", "How many people were injured in the Noto earthquake?"),
    ([FINAL], "What was the score?", ("What was the score of the Danish Cup final?",
                                      "What was the score in the Danish Cup final?")),
]  # fmt: skip

LAUREATES = (
    "Who won the Nobel Prize in Physics?",
    "John Hopfield and Geoffrey Hinton won the Nobel Prize in Physics on Tuesday.",
)
HEAT = (
    "When will the heat wave end?",
    "The heat wave in southern Spain will end on Sunday, the national weather agency Aemet said.",
)
APPEAL = (
    "Why did the court reject the appeal?",
    "The court in Lyon rejected the appeal because it was filed too late, Judge Anne Morel said.",
)
TRANSFER = (
    "Which club did Alexander Isak join?",
    "Alexander Isak joined Liverpool from Newcastle for 125 million pounds.",
)
COMET = ("Who discovered the comet 3I/ATLAS?", "The ATLAS telescope in Chile discovered the comet 3I/ATLAS on July 1.")
FIRE = (
    "Was anyone injured in the Riverside mill fire?",
    "Two firefighters were injured in the fire at the Riverside mill on Sunday.",
)
USERS = ("how many users does tiktok have in the U.S.?", "TikTok has an estimated 170 million active users in the U.S.")
FOLLOW_UPS += [
    ([LAUREATES], "where do they work?", "Where do John Hopfield and Geoffrey Hinton work?"),
    ([LAUREATES], "and in chemistry?", "Who won the Nobel Prize in chemistry?"),
    ([HEAT], "how hot will it get?", "How hot will the heat wave in southern Spain get?"),
    ([HEAT], "who said that?", "Who said that the heat wave in southern Spain will end on Sunday?"),
    ([HEAT], "What about Portugal?", "When will the heat wave end in Portugal?"),
    ([APPEAL], "who filed it?", "Who filed the appeal?"),
    ([TRANSFER], "Who is their manager?", "Who is Liverpool's manager?"),
    ([TRANSFER], "and Wirtz?", "Which club did Wirtz join?"),
    ([COMET], "how was it found?", "How was the comet 3I/ATLAS found?"),
    ([FIRE], "how many?", "How many people were injured in the Riverside mill fire?"),
    ([FIRE], "who owns the mill?", "Who owns the Riverside mill?"),
    ([USERS], "and worldwide?", "How many users does TikTok have worldwide?"),
    ([USERS], "Since when?", "Since when does TikTok have users in the U.S.?"),
]

FED = (
    "Did the Federal Reserve cut interest rates?",
    "The Federal Reserve cut its key rate by a quarter point on Wednesday.",
)
ORDER = ("What did Congress order?", "Congress ordered that the app be closed to American users by January 2025.")
THEFT = (
    "What was stolen from the Louvre?",
    "Eight pieces of jewellery worth 88 million euros were stolen from the Louvre.",
)
MUSEUM = ("What time does the museum open?", "The ferry museum of Oslo opens at noon, at 12 p.m. on weekdays.")
STATION = (
    "How long did the astronauts stay on the station?",
    "Butch Wilmore and Suni Williams spent nine months there.",
)
BOEING = ("Who is the chief executive of Boeing?", "Kelly Ortberg became chief executive of Boeing in August 2024.")
MARATHON = ("Who won the Boston Marathon?", "John Korir of Kenya won the Boston Marathon on Monday in 2:04:45.")
WANTS = ("What does Trump want from Xi?", "Trump wants Xi to buy more soybeans.")
MEETING = ("When will Trump and Xi meet in person?", "Trump and Xi will meet in South Korea, Trump said on Friday.")
FOLLOW_UPS += [
    ([USERS], "who said that?", "Who said that TikTok has an estimated 170 million active users in the U.S.?"),
    ([USERS], "and outside the U.S.?", "How many users does TikTok have outside the U.S.?"),
    ([MUSEUM], "at 9 a.m.?", "What time does the museum open at 9 a.m.?"),
    ([MUSEUM], "and close?", "What time does the museum close?"),
    ([FED], "Will they cut again?", "Will the Federal Reserve cut again?"),
    ([ORDER], "When?", "When did Congress order that?"),
    ([WANTS], "Where?", "Where does Trump want that from Xi?"),
    ([STATION], "Why so long?", "Why did the astronauts stay on the station so long?"),
    ([BOEING], "Who was it before him?", "Who was it before Kelly Ortberg?"),
    ([MARATHON], "Where is he from?", "Where is John Korir from?"),
    ([RATE], "what year?", "In what year did the Bank of England cut interest rates?"),
    ([TARIFF], "and cars?", "How high are the tariffs on cars from China?"),
    (
        [("What is the population of Norway?", "Norway has 5.6 million people.")],
        "and its area?",
        "What is Norway's area?",
    ),
    (
        [("When will Boeing's strike end?", "The strike may end on Friday.")],
        "who leads it?",
        "Who leads Boeing's strike?",
    ),
    ([("Did any banks fail?", "Two banks failed.")], "how many?", "How many banks failed?"),
    ([BRIDGE], "how big?", "How big is the Kerch bridge?"),
    ([VERDICT], "by whom?", "By whom was Markus Braun convicted of fraud in the Wirecard trial?"),
    ([PLANT], "who said that?", "Who said that Volkswagen closed its plant in Brussels?"),
    ([FINE], "in the first quarter?", "How much was Meta fined by the Irish regulator in the first quarter?"),
    ([COMET], "how?", "How was the comet 3I/ATLAS discovered?"),
    ([RATE], "When was that decided?", "When did the Bank of England cut interest rates?"),
    (
        [("What happened to Charlie Kirk?", "Kirk was shot on a campus in Utah.")],
        "where did it happen?",
        "Where did that happen to Charlie Kirk?",
    ),
]

NOT_YET: list[tuple[list[Said], str, str, str]] = [
    ([TRANSFER], "which one?", "Which club did Alexander Isak join?", "which one of what was asked for is not told"),
    ([("Has Denmark banned phones in schools?", "Denmark will ban mobile phones in schools from next year.")],
     "Does it apply to tablets?", "Does the ban on phones in schools apply to tablets?", "a pronoun for a whole event"),
    ([("How much did the Louvre robbers steal?", "Thieves stole jewels worth 88 million euros from the Louvre.")],
     "who did it?", "Who were the Louvre robbers?", "a pronoun for a whole event"),
    ([("Which country won the most medals in Paris?", "The United States won the most medals in Paris with 126.")],
     "What about China?", "How many medals did China win in Paris?", "another answer to the same question"),
    ([("What did the Federal Reserve decide?", "The Federal Reserve cut its benchmark rate by a quarter point.")],
     "how did markets react?", "How did markets react to the decision of the Federal Reserve?", "nothing shows that it leans"),
]  # fmt: skip

ALONE: list[tuple[list[Said], str]] = [
    ([EXTENSION], "Who won the Danish Cup final?"),
    ([EXTENSION], "What did ByteDance say in its statement?"),
    ([EXTENSION], "And how many users does TikTok have in the U.S.?"),
    ([FINAL], "When will the Bank of England cut interest rates?"),
    ([FINAL], "Did Trump say that he would travel to China?"),
    ([FINAL], "How long does it take to fly to Mars?"),
    ([COACH], "Who is the president of France?"),
    ([COACH], "Is there a new vaccine for malaria?"),
    ([MERGER], "What caused the fire at Notre-Dame?"),
    ([MERGER], "which countries signed the Paris agreement"),
    ([VERDICT], "How many moons does Jupiter have?"),
    ([STORM], "Is it true that Boeing workers are on strike?"),
    ([STORM], "What is the unemployment rate in Spain?"),
    ([TARIFF], "When did Apple release its first phone?"),
    ([TARIFF], "Why did Volkswagen close its plant in Brussels?"),
    ([STRIKE], "How do vaccines work?"),
    ([STRIKE], "Which team won the Champions League in 2024?"),
    ([FINE], "Who are the leaders that will meet in Seoul?"),
    ([FINE], "What is inflation?"),
    ([VACCINE], "when does the school year start in Bavaria?"),
    ([SUMMIT], "Will there be an election in Japan this year?"),
    ([RATE], "What happened in Kyiv on Monday?"),
    ([EARTHQUAKE], "How much does a litre of milk cost in Denmark?"),
    ([EARTHQUAKE], "tariffs on steel from Canada"),
    ([NOTHING], "Where was the G20 summit of 2019 held?"),
    ([CALL], "What did Congress order, and who voted against the ban on TikTok?"),
]

# A pronoun for what was done, and not for a thing, is left alone; so is one whose thing has no name.
ALONE += [
    ([FED], "Was that expected?"),
    ([FED], "What does that mean for mortgages?"),
    ([FED], "Is it true?"),
    ([FED], "Did Trump welcome it?"),
    ([FED], "Who voted against it?"),
    ([MERGER], "Was this expected by analysts?"),
    ([VERDICT], "Was that justified?"),
    ([BRIDGE], "Was this planned?"),
    ([CALL], "Was it recorded?"),
    ([ORDER], "Was it legal?"),
    ([MERGER], "how many?"),
    ([FED], "how much in 2023?"),
    ([MEETING], "Who proposed it?"),
    ([WANTS], "When will they meet?"),
    ([THEFT], "How much was it worth?"),
    ([THEFT], "Have they been found?"),
    ([STRIKE], "Was that announced today?"),
    (
        [("Did Manchester United lose to Grimsby?", "Manchester United lost to Grimsby on penalties.")],
        "What was the score?",
    ),
]


@pytest.mark.parametrize(("turns", "question", "expected"), FOLLOW_UPS, ids=[case[1] for case in FOLLOW_UPS])
def test_a_follow_up_is_made_to_stand_alone(turns: list[Said], question: str, expected: str | tuple[str, ...]) -> None:
    assert understood(turns, question) in ((expected,) if isinstance(expected, str) else expected)


@pytest.mark.parametrize(("turns", "question"), ALONE, ids=[case[1] for case in ALONE])
def test_what_stands_alone_comes_back_as_it_was(turns: list[Said], question: str) -> None:
    assert understood(turns, question) == question


@pytest.mark.parametrize(
    ("turns", "question", "expected"),
    [pytest.param(*case, marks=pytest.mark.xfail(reason=reason, strict=True)) for *case, reason in NOT_YET],
    ids=[case[1] for case in NOT_YET],
)
def test_what_is_not_understood_yet(turns: list[Said], question: str, expected: str) -> None:
    assert understood(turns, question) == expected


def test_the_first_question_of_a_conversation_stands_alone() -> None:
    assert understood([], "and why?") == "and why?"
    assert FollowUps().usage is None


@pytest.mark.parametrize(
    "question", ["?", "and?", "it", "the", "who", "why not", "of the", "and and and?", "what about?", "'s", "In"]
)
@pytest.mark.parametrize(
    "turn", [NOTHING, EXTENSION, ("tiktok", ""), ("Why?", ""), ("is it", "A b."), ("who", "Xi did.")]
)
def test_nothing_makes_it_fail(turn: Said, question: str) -> None:
    assert understood([turn], question).strip()
