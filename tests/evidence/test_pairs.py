"""Sentences as models write them: the honest must pass, each dishonest variant of them must not.

A row is a quote, what is honestly said with it, and what is not: a changed figure, name, unit, month, year or scale.
"""

import pytest
from evidence.checking import article, check, seeds

# source number, quote, honest sentences, dishonest sentences
SEEDS = [
    (
        3,
        "the latest extension, which was approved on Tuesday, will end on December 16th",
        [
            "The extension ends on December 16.",
            "The latest extension, approved on Tuesday, ends Dec. 16.",
            "It will end on the sixteenth of December.",
            "The extension runs until 16 December 2025.",
            "The extension was approved on September 16, 2025.",
            "Approved on Tuesday, September 16, the extension ends on Tuesday, December 16.",
            "The deadline is now 2025-12-16.",
            "The extension that Trump approved lasts until 12/16/2025.",
        ],
        [
            "The extension ends on December 15.",
            "The extension ends on November 16.",
            "The extension ends on December 16, 2026.",
            "It will end on the seventeenth of December.",
            "The extension was approved on Wednesday.",
            "The extension was approved on September 15, 2025.",
            "The extension was approved on September 23.",
            "The latest extension ends on Monday, December 16.",
            "The deadline is now 2024-12-16.",
            "Elon Musk's extension ends on December 16.",
            "The extension lasts 16 months.",
        ],
    ),
    (
        3,
        "Trump has delayed putting that law into effect four separate times",
        [
            "Trump has delayed the law four times.",
            "Trump put the law off 4 times.",
            "This is the fourth delay by Trump.",
        ],
        [
            "Trump has delayed the law five times.",
            "Trump put the law off 14 times.",
            "This is the third delay by Trump.",
        ],
    ),
    (
        4,
        "TikTok has an estimated 170 million or so active users in the U.S.",
        [
            "TikTok has about 170 million active users in the United States.",
            "About 170m people in the US use TikTok.",
            "TikTok’s American users number 170,000,000 or so.",
            "Some 170 million Americans use TikTok.",
        ],
        [
            "TikTok has about 170 billion active users in the United States.",
            "TikTok has about 107 million active users in the U.S.",
            "TikTok has about 170 thousand users in the U.S.",
            "TikTok has about 170 active users in the U.S.",
            "Instagram has about 170 million active users in the U.S.",
            "TikTok has about 170 million users in Brazil.",
            "TikTok is worth $170 million in the U.S.",
            "TikTok has about 170 million or so active users in the UK.",
        ],
    ),
    (
        4,
        "new tariffs imposed by the U.S. on goods from China are capped at 30%",
        [
            "New U.S. tariffs on Chinese goods are capped at 30 percent.",
            "American tariffs on goods from China can reach at most thirty per cent.",
            "Tariffs on China’s goods are limited to 30%.",
        ],
        [
            "New U.S. tariffs on Chinese goods are capped at 10 percent.",
            "New U.S. tariffs on Chinese goods are capped at 30 percentage points.",
            "New U.S. tariffs on Chinese goods are capped at $30.",
            "New U.S. tariffs on Chinese goods are capped at 3%.",
            "New U.S. tariffs on Mexican goods are capped at 30%.",
            "New EU tariffs on Chinese goods are capped at 30%.",
        ],
    ),
    (
        4,
        "they talked for about 90 minutes with trade as the focus",
        ["They talked for about 90 minutes.", "Trump and Xi talked for some ninety minutes about trade."],
        [
            "They talked for about 90 hours.",
            "They talked for about 19 minutes.",
            "Trump and Putin talked for 90 minutes.",
        ],
    ),
    (
        2,
        "The official said it started at 8 a.m. Eastern time (1200 GMT)",
        [
            "The call started at 8 a.m. Eastern time.",
            "The call began at 08:00 Eastern time, or 12:00 GMT.",
            "It started at noon GMT, an official said.",
            "The call began at eight in the morning, Eastern time.",
        ],
        [
            "The call started at 8 p.m. Eastern time.",
            "The call began at 9 a.m. Eastern time.",
            "The call began at 08:30.",
            "The call started at 8 a.m. Pacific time.",
            "It started at 1300 GMT.",
        ],
    ),
    (
        1,
        "the Asia-Pacific Economic Cooperation (APEC) summit runs from October 30 to November 1",
        [
            "The APEC summit runs from October 30 to November 1.",
            "The APEC summit in South Korea runs from Oct. 30 through Nov. 1, 2025.",
            "The summit begins on October 30th.",
            "The summit ends on 1 November.",
            "The Asia-Pacific Economic Cooperation summit starts on Oct. 30.",
        ],
        [
            "The APEC summit runs from October 31 to November 1.",
            "The APEC summit runs from October 30 to November 2.",
            "The APEC summit runs from September 30 to November 1.",
            "The APEC summit ran from October 30 to November 1, 2024.",
            "The ASEAN summit runs from October 30 to November 1.",
            "The G20 summit begins on October 30.",
        ],
    ),
    (
        3,
        "He was last there in 2017, in the course of his first term in office",
        ["Trump was last in China in 2017.", "Trump last visited China in 2017, during his first term."],
        [
            "Trump was last in China in 2018.",
            "Trump last visited China in 2017, in his second term.",
            "Biden was there in 2017.",
        ],
    ),
    (
        3,
        "A visit by Trump to China will also follow in 2026",
        ["Trump will visit China in 2026.", "Trump is to travel to China in 2026."],
        ["Trump will visit China in 2027.", "Trump will visit Russia in 2026.", "Trump will visit China in May 2026."],
    ),
    (
        4,
        "that he would travel to China early next year",
        ["Trump will travel to China early next year.", "Trump plans to go to China in early 2026."],
        [
            "Trump will travel to China in 2025.",
            "Trump will travel to China next month.",
            "Trump will travel to Russia next year.",
        ],
    ),
    (
        5,
        "that starts at the end of next month, and next year he would travel to China",
        ["The forum starts at the end of October.", "The forum starts at the end of October 2025."],
        ["The forum starts at the end of September.", "The forum starts in October 2026."],
    ),
    (
        4,
        "helping him to win last year’s election for president",
        ["Trump credits the app with helping him win the 2024 election.", "It helped him win last year's election."],
        ["It helped him win the 2020 election.", "It helped him win this year's election."],
    ),
    (
        4,
        "In April, when trade tensions were at their height, the tariff rates of the U.S. and China went up to as much as 145%",
        [
            "Tariffs reached as much as 145% in April.",
            "In April 2025, U.S. and Chinese tariffs rose to 145 percent.",
            "Both countries' tariff rates went up to 145 per cent.",
        ],
        [
            "Tariffs reached as much as 154% in April.",
            "Tariffs reached as much as 145% in May.",
            "In April 2024, U.S. and Chinese tariffs rose to 145 percent.",
            "In April 2026, tariffs rose to 145 percent.",
            "Tariffs reached as much as 45% in April.",
        ],
    ),
    (
        4,
        "Those lower rates are due to expire on Nov. 10 unless there is a deal",
        ["The lower rates expire on November 10.", "The lower tariffs run out on the tenth of November."],
        [
            "The lower rates expire on November 11.",
            "The lower rates expire on October 10.",
            "The rates expire on December 16.",
        ],
    ),
    (
        4,
        "The day before, Treasury Secretary Scott Bessent had said that Washington and Beijing had struck a “framework”",
        [
            "Treasury Secretary Scott Bessent said a “framework” had been struck.",
            "Scott Bessent, the Treasury secretary, spoke of a framework between Washington and Beijing.",
            'Bessent\'s announcement concerned a "framework".',
        ],
        [
            "Treasury Secretary Janet Yellen said a “framework” had been struck.",
            "Commerce Secretary Scott Bessent said a framework had been struck.",
            "Bessent called it a “final settlement”.",
            "Zelensky said that a framework had been struck.",
        ],
    ),
    (
        3,
        "This year it will be held in Gyeongju, South Korea, from Friday, October 31st, through Saturday, November 1st",
        [
            "The summit takes place in Gyeongju, South Korea.",
            "The APEC summit is held in Gyeongju from October 31 to November 1, 2025.",
            "It begins on Friday, Oct. 31.",
            "This year’s APEC summit ends on Saturday, 1 November.",
        ],
        [
            "The summit takes place in Busan, South Korea.",
            "The summit takes place in Gyeongju, North Korea.",
            "It begins on Thursday, Oct. 31.",
            "The APEC summit is held from October 31 to November 2.",
            "It begins on September 19.",
        ],
    ),
    (
        2,
        "“I like TikTok; it helped get me elected,” he said Thursday",
        [
            "“I like TikTok; it helped get me elected,” Trump said on Thursday.",
            'Trump said on Thursday that he likes TikTok, because "it helped get me elected".',
            "On September 18 Trump said that TikTok had helped to get him elected.",
        ],
        [
            "“I love TikTok; it helped get me elected,” Trump said on Thursday.",
            "Trump said on Friday that he likes TikTok.",
            "Trump said that TikTok “won me the election”.",
            "Trump said ‘I will ban TikTok’ on Thursday.",
        ],
    ),
    (
        4,
        "chairman, Rep. John Moolenaar, R-Mich., and the ranking member, Rep. Raja Krishnamoorthi, D-Ill.",
        [
            "John Moolenaar chairs the House Select Committee on the Chinese Communist Party.",
            "Rep. Raja Krishnamoorthi is the committee’s ranking member.",
            "Raja Krishnamoorthi is the ranking member.",
        ],
        [
            "Mike Gallagher chairs the House Select Committee.",
            "Rep. Raja Krishnamoorthi of Texas is the ranking member.",
        ],
    ),
    (
        2,
        "Washington has pressed China to purchase more Boeing aircraft and American soybeans",
        [
            "Washington wants China to buy more Boeing aircraft and American soybeans.",
            "Boeing aircraft and soybeans are named.",
        ],
        ["Washington wants China to buy more Airbus aircraft.", "Washington wants China to buy 500 Boeing aircraft."],
    ),
    (
        2,
        "Limited agreements have paused the tariff war since May",
        ["Limited agreements have paused the tariff war since May.", "Agreements paused the tariff war in May 2025."],
        ["Limited agreements have paused the tariff war since June.", "Agreements paused the tariff war in May 2024."],
    ),
    (
        4,
        "less likely to go on growing, than it was five years ago",
        ["TikTok is less likely to grow than five years ago.", "TikTok is less likely to grow than it was in 2020."],
        ["TikTok is less likely to grow than six years ago.", "TikTok is less likely to grow than five months ago."],
    ),
]

BUDGET = article(
    "Paris’s council passed a €4.5bn budget on Wednesday, by 3-2 in committee and with two-thirds of members in favour. "
    "Mayor Anne Hidalgo’s plan adds 1,250 homes, or 12.5 percent more than in 2024, and lifts pay by 2 to 3 percent. "
    "Unemployment fell 0.4 percentage points to 7.3%, the statistics office INSEE said.",
    title="Paris adopts its budget",
)
CRASH = article(
    "A bus carrying 52 people, among them a 45-year-old teacher, overturned near Lima at 4:30 p.m. on Sept. 3, killing "
    "eleven and injuring dozens, Peru’s police said. It was the third such crash in two weeks. "
    "Temperatures had dropped to 3°C. Damage came to an estimated $1.2 million to $1.5 million.",
    title="Bus crash in Peru",
)
COMPANY = article(
    "Apple said on Thursday that iPhone sales rose 8 percent to $46.2 billion in the third quarter, its best since 2021. "
    "About half of buyers were in China. Chief executive Tim Cook, 64, said the company would hire 20,000 people and "
    "spend more than half a million dollars a day through the end of the 2020s. McDonald’s and AT&T ordered 1.5m devices.",
    title="Apple beats forecasts",
)
UNDATED = article(
    "The museum reopens on Friday after 18 months. It will close on Dec. 24.", published=None, title="Museum"
)

OTHERS = [
    (
        BUDGET,
        "passed a €4.5bn budget on Wednesday, by 3-2 in committee and with two-thirds of members in favour",
        [
            "The budget of 4.5 billion euros was passed on Wednesday.",
            "The council passed a €4,500,000,000 budget on September 17.",
            "The committee voted 3–2, and two thirds of the members were in favour.",
            "The committee’s vote was three to two.",
        ],
        [
            "The budget of 4.5 million euros was passed on Wednesday.",
            "The council passed a $4.5bn budget.",
            "The council passed a £4.5 billion budget.",
            "The council passed a €5.4bn budget.",
            "The committee voted 3-1.",
            "The committee voted 2-2.",
            "The committee voted 3-3.",
            "Three quarters of the members were in favour.",
            "The Berlin council passed a €4.5bn budget.",
        ],
    ),
    (
        BUDGET,
        "adds 1,250 homes, or 12.5 percent more than in 2024, and lifts pay by 2 to 3 percent",
        [
            "The plan adds 1250 homes, 12.5% more than last year.",
            "Hidalgo's plan lifts pay by 2-3%.",
            "Pay rises by 2% to 3%.",
        ],
        [
            "The plan adds 12,500 homes.",
            "The plan adds 125 homes.",
            "The plan adds 1.25 homes.",
            "The plan adds 12 percent more homes.",
            "Pay rises by 2 to 4 percent.",
            "Pay rises by 2 to 3 percentage points.",
        ],
    ),
    (
        BUDGET,
        "Unemployment fell 0.4 percentage points to 7.3%",
        [
            "Unemployment fell by 0.4 percentage points, to 7.3 percent.",
            "Unemployment is 7.3 per cent, according to INSEE.",
        ],
        [
            "Unemployment fell by 0.4 percent, to 7.3 percent.",
            "Unemployment is 7.3 percentage points.",
            "It fell by 4 points.",
        ],
    ),
    (
        CRASH,
        "overturned near Lima at 4:30 p.m. on Sept. 3, killing eleven and injuring dozens",
        [
            "The bus overturned near Lima at 16:30 on September 3.",
            "Eleven people were killed near Lima on 3 September 2025.",
            "The crash killed 11 and injured dozens of people.",
            "Dozens were injured in Peru.",
        ],
        [
            "The bus overturned near Lima at 4:30 a.m. on September 3.",
            "The bus overturned near Lima at 14:30.",
            "Twelve people were killed near Lima.",
            "The crash killed 11 and injured hundreds of people.",
            "The crash was on September 13.",
            "The bus overturned near Quito.",
            "Police in Bolivia said that dozens were injured.",
        ],
    ),
    (
        CRASH,
        "A bus carrying 52 people, among them a 45-year-old teacher",
        [
            "Among the 52 on board was a teacher aged 45.",
            "Fifty-two people were on the bus.",
            "A 45-year-old teacher was there.",
        ],
        [
            "Among the 25 on board was a teacher aged 45.",
            "Fifty-three people were on the bus.",
            "A 54-year-old teacher was there.",
        ],
    ),
    (
        CRASH,
        "It was the third such crash in two weeks. Temperatures had dropped to 3°C.",
        [
            "This was the 3rd such crash within two weeks.",
            "It was 3 degrees Celsius.",
            "Temperatures dropped to three degrees.",
        ],
        ["This was the fourth such crash.", "It was the third crash in two months.", "It was 3 degrees Fahrenheit."],
    ),
    (
        CRASH,
        "Damage came to an estimated $1.2 million to $1.5 million",
        ["Damage is put at $1.2m to $1.5m.", "The damage may be 1.5 million dollars."],
        ["Damage is put at $1.2bn to $1.5bn.", "The damage may be €1.5 million.", "Damage is put at $12 million."],
    ),
    (
        COMPANY,
        "iPhone sales rose 8 percent to $46.2 billion in the third quarter, its best since 2021",
        [
            "Apple's iPhone sales rose by eight percent to 46.2 billion dollars.",
            "Sales of the iPhone were $46.2bn in the third quarter.",
            "The third quarter was Apple’s best since 2021.",
        ],
        [
            "Apple's iPad sales rose by eight percent.",
            "Sales of the iPhone were $46.2m.",
            "Sales of the iPhone were $46.2bn in the second quarter.",
            "The quarter was Apple’s best since 2012.",
            "Samsung's sales rose by 8 percent.",
            "iPhone sales rose by 80 percent.",
        ],
    ),
    (
        COMPANY,
        "About half of buyers were in China. Chief executive Tim Cook, 64, said the company would hire 20,000 people",
        [
            "About 50% of buyers were in China.",
            "Tim Cook is 64 years old.",
            "The company will hire twenty thousand people, said CEO Tim Cook.",
            "Cook said that the company would hire 20k people.",
        ],
        [
            "About a quarter of buyers were in China.",
            "About half of buyers were in India.",
            "Tim Cook is 46 years old.",
            "The company will hire 2,000 people.",
            "CEO Satya Nadella said the company would hire 20,000 people.",
        ],
    ),
    (
        COMPANY,
        "spend more than half a million dollars a day through the end of the 2020s",
        [
            "It will spend more than $500,000 a day.",
            "Apple spends half a million dollars a day until the end of the 2020s.",
        ],
        [
            "It will spend more than a million dollars a day.",
            "It will spend $500 million a day.",
            "It runs to the end of the 2030s.",
        ],
    ),
    (
        COMPANY,
        "McDonald’s and AT&T ordered 1.5m devices",
        ["AT&T and McDonald's ordered 1.5 million devices.", "McDonald’s was among the buyers."],
        [
            "Verizon ordered 1.5 million devices.",
            "AT&T ordered 1.5bn devices.",
            "McDonnell ordered 1.5 million devices.",
        ],
    ),
    (
        UNDATED,
        "The museum reopens on Friday after 18 months. It will close on Dec. 24",
        ["The museum reopens on Friday.", "It will close on December 24.", "The museum reopens after eighteen months."],
        [
            "The museum reopens on September 19.",
            "It will close on December 24, 2025.",
            "It will close on Wednesday, December 24.",
        ],
    ),
]

PAIRS = [(seeds(), n, quote, honest, false) for n, quote, honest, false in SEEDS] + [
    ([source], 1, quote, honest, false) for source, quote, honest, false in OTHERS
]
HONEST = [(sources, n, quote, said) for sources, n, quote, honest, _ in PAIRS for said in honest]
DISHONEST = [(sources, n, quote, said) for sources, n, quote, _, false in PAIRS for said in false]


def _with_evidence(said: str, n: int, quote: str) -> str:
    return f'{said[:-1]} [{n}: "{quote}"].'


@pytest.mark.parametrize(("sources", "n", "quote", "said"), HONEST, ids=[row[3] for row in HONEST])
def test_the_honest_pass(sources, n, quote, said):
    assert check(_with_evidence(said, n, quote), *sources) == ["grounded"]


@pytest.mark.parametrize(("sources", "n", "quote", "said"), DISHONEST, ids=[row[3] for row in DISHONEST])
def test_the_dishonest_do_not(sources, n, quote, said):
    assert check(_with_evidence(said, n, quote), *sources)[0] in ("value", "fabricated")


@pytest.mark.parametrize(("sources", "n", "quote", "said"), HONEST, ids=[row[3] for row in HONEST])
def test_a_made_up_quote_never_carries_an_honest_sentence(sources, n, quote, said):
    made_up = quote.replace(" the ", " a quite different ", 1) if " the " in quote else f"it is said that {quote}"
    assert check(_with_evidence(said, n, made_up), *sources)[0] in ("fabricated", "stitched")


def test_there_are_enough_of_them():
    assert len(HONEST) >= 60
    assert len(DISHONEST) >= 60
