"""The words that a question is made of, and how English verbs change: what a tagger would tell, as far as it is needed.

base_of("announced")    → "announce"        base_of("won") → "win"
participle_of("broke")  → "broken"
"""

from functools import lru_cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


AUXILIARIES = _set(
    """do does did is are was were am will would can could shall should may might must has have had
    don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't"""
)
DO = _set("do does did don't doesn't didn't")
BE = _set("is are was were am isn't aren't wasn't weren't")
HAVE = _set("has have had hasn't haven't hadn't")
MODALS = AUXILIARIES - DO - BE - HAVE
SINGULAR_OF = {"do": "does", "are": "is", "were": "was", "have": "has", "don't": "doesn't", "aren't": "isn't"}
PLURAL_OF = {singular: plural for plural, singular in SINGULAR_OF.items()}

WH = _set("who whom whose what which when where why how")
ADVERBIAL_WH = _set("when where why how")
PREPOSITIONS = _set(
    """in on at by for from to with of over under about near between against after before since until during through
    into across within without among around behind above below towards off per as despite via inside outside"""
)
QUALIFYING = _set("of between")
"""What follows these belongs to the noun before them, wherever that stands."""
DETERMINERS = _set("the a an this that these those its his her their my your our some any every each both all no")
POSSESSIVES = _set("its his her their")
PRONOUNS = _set("he she it they him her them his hers its their theirs i you we me us this that these those there")
ADVERBS = _set(
    """not also still ever never already yet now just only really actually first finally exactly again probably soon
    recently currently eventually initially originally previously always often usually even almost nearly officially"""
)
CLOSERS = _set("too also again anyway then now exactly though yet already instead so either ever")
"""What may stand after the last word that matters."""

PEOPLE = _set(
    """academic activist actor actress adviser analyst artist athlete author banker boss boy candidate captain ceo cfo champion
    chancellor chief coach commissioner convict defendant director doctor driver economist editor executive expert father
    founder general girl goalkeeper governor head judge journalist king lady lawmaker lawyer leader man manager mayor
    minister mother mp murderer officer official owner person pilot player politician pope premier president prime
    prince princess prisoner professor prosecutor queen reporter researcher runner scientist secretary senator singer
    skipper spokesman spokesperson spokeswoman star striker student suspect teacher victim witness woman worker writer"""
)
BODIES = _set(
    """agency airline alliance association authority automaker bank broadcaster bureau cabinet carmaker chain charity
    club college commission committee company congress corporation council court department federation firm fund
    government group institute institution league maker manufacturer ministry network newspaper operator organisation
    organization paper parliament party publisher regulator retailer school senate side startup supplier team union
    university"""
)
PLACES = _set(
    """area bay beach capital city continent country county district harbour island lake location nation place port
    province region river state street suburb town venue village"""
)
TIMES = _set(
    "second minute hour day night morning evening afternoon week weekend month quarter season year decade time"
)
MEETINGS = _set(
    """agreement battle call clash conflict conversation deal debate derby dispute duel fight final game match meeting
    merger partnership phone rivalry summit talk talks treaty truce war"""
)
"""What takes place between two."""
FIRMS = _set(
    """airline automaker band bank broadcaster carmaker chain charity club company firm group hotel maker manufacturer
    museum operator organisation organization publisher retailer startup supplier team university"""
)
AT_EVENTS = _set(
    """arrested attended charged convicted dead died evacuated fatalities goals happened homeless hospitalised hurt
    injured injuries involved killed lost missing protesters score scored scorers spectators survived survivors victims
    voted wounded winner"""
)
"""What asks about an event although it does not name one: "How many were injured?"."""
ATTRIBUTES = _set(
    """age amount area capital cost count date depth height hometown job length location name number owner
    percentage population price reason salary share size speed title total value weight winner"""
)
"""What a thing has, and is rarely spoken of for itself."""
PLURALS = _set("people men women children police media data")
SINGULARS = _set("news series species gas bus virus crisis analysis basis campus status census process access business")
SPEECH = _set("say tell speak talk discuss write announce think mention report state add claim ask comment agree know")
STATES = _set("be belong consist contain cost have involve last mean measure need own weigh")
MINDS = _set("say think answer tell hope believe feel fear like love hate want know wear marry speak talk meet")
"""What people do, and firms less often."""
CURRENCIES = _set("dollars euros pounds yen yuan francs crowns kroner rupees roubles won pesos")
COUNTRIES = _set(
    """afghanistan africa america argentina asia australia austria bangladesh belgium brazil britain canada chile china
    colombia croatia cuba czechia denmark egypt england estonia ethiopia europe finland france georgia germany ghana
    greece hungary iceland india indonesia iran iraq ireland israel italy japan jordan kenya korea kuwait latvia lebanon
    libya lithuania luxembourg malaysia mexico mongolia morocco nepal netherlands nigeria norway pakistan palestine peru
    philippines poland portugal qatar romania russia scotland serbia singapore slovakia slovenia spain sudan sweden
    switzerland syria taiwan thailand tunisia turkey uganda ukraine venezuela vietnam wales yemen zealand zimbabwe
    california florida texas alaska hawaii berlin paris london rome madrid oslo stockholm copenhagen helsinki vienna
    brussels amsterdam lisbon athens warsaw prague budapest kyiv moscow washington chicago boston seattle miami houston
    tokyo osaka kyoto seoul beijing shanghai taipei delhi mumbai sydney melbourne toronto cairo istanbul ankara dubai
    us u.s. usa uk u.k. uae eu gaza munich hamburg geneva zurich milan barcelona dublin edinburgh"""
)

_VERBS = _set(
    """abandon accept accuse achieve acquire act add admit adopt advise affect agree aim allow announce answer apologise
    apologize appeal appear apply appoint approve argue arrest arrive ask attack attend avoid award back ban be beat
    become begin believe belong benefit bid block blame boost borrow break bring build burn buy call cancel capture carry
    catch cause celebrate chair change charge claim clear climb close coach collapse collect come comment compare compete
    complain complete concern condemn conduct confirm consider contain continue contribute control convict cost cover
    crash create criticise criticize cross cut damage deal decide declare decline defeat defend delay deliver demand deny
    depart depend describe design destroy detain develop die differ disappear discover discuss dismiss drive drop earn
    eat elect eliminate emerge employ encourage end enforce enter erupt escape establish evacuate exceed exist expand
    expect expire explain explode explore export express extend face fail fall fear feel fight file fill find fine finish
    fire fit fix flee float fly follow force form found fund gain generate get give go govern grant grow guarantee handle
    happen hate have head hear help hide hit hold hope host hurt identify impose import improve include increase
    influence inform injure insist inspect intend introduce invade invent invest investigate invite involve issue join
    judge jump justify keep kill know land last launch lead leak learn leave lend let lie lift like limit list live lose love
    lower maintain make manage manufacture marry mean measure meet mention merge miss move name need negotiate notice
    obtain occur offer open operate oppose order organise organize overtake owe own participate pass pause pay perform
    plan play plead please postpone predict prefer prepare present prevent produce promise promote propose protect
    protest prove provide publish pull punish purchase push qualify question quit raise rank reach react read receive
    recommend record recover reduce refer refuse regain reject release rely remain remove reopen repair repeat replace
    reply report represent request require rescue research resign respond restart restore restrict result resume retire
    return reveal rise rule run sail save say score seat see seek seem sell send sentence serve set settle shake share
    shoot show shut sign sink sit skip sleep slow smell speak spend split sponsor spread stand start state stay steal
    stop strike study submit succeed sue suffer suggest supply support survive suspect suspend swim take talk target
    teach tell test thank think threaten throw touch trade train transfer travel treat trigger try turn understand unveil
    use veto violate visit vote vow wait walk want warn wash watch weaken wear weigh welcome win wish withdraw work worry
    wound write"""
)
_IRREGULAR = {
    word: base
    for line in (
        "be was were been;become became;begin began begun;beat beaten;bid;break broke broken;bring brought;build built;"
        "buy bought;catch caught;choose chose chosen;come came;cost;cut;deal dealt;do did done;draw drew drawn;"
        "drink drank drunk;drive drove driven;eat ate eaten;fall fell fallen;feel felt;fight fought;find found;"
        "flee fled;fly flew flown;forget forgot forgotten;freeze froze frozen;get got gotten;give gave given;"
        "go went gone;grow grew grown;have had;hear heard;hide hid hidden;hit;hold held;hurt;keep kept;know knew known;"
        "lead led;leave left;lend lent;lie lay lain;lose lost;make made;mean meant;meet met;overtake overtook overtaken;"
        "pay paid;put;quit;read;ride rode ridden;ring rang rung;rise rose risen;run ran;say said;see saw seen;"
        "seek sought;sell sold;send sent;set;shake shook shaken;shoot shot;show showed shown;shut;sing sang sung;"
        "sink sank sunk;sit sat;sleep slept;speak spoke spoken;spend spent;split;spread;stand stood;steal stole stolen;"
        "strike struck;swim swam swum;take took taken;teach taught;tell told;think thought;throw threw thrown;"
        "understand understood;wake woke woken;wear wore worn;win won;withdraw withdrew withdrawn;write wrote written"
    ).split(";")
    for base, *forms in [line.split()]
    for word in forms
}
_PARTICIPLES = {base: form for form, base in _IRREGULAR.items()}  # the last form of each
_PASTS = {base: form for form, base in reversed(_IRREGULAR.items())}  # the first form of each
_NO_PAST = _set("hundred need seed speed feed indeed united")
_PAST_AS_BASE = _set("put cut hit cost let quit set split spread hurt shut read run come become")


def is_base(word: str) -> bool:
    """Whether a word may be a verb as it stands after "did" or "will"."""
    return word in _VERBS or word in _PARTICIPLES


@lru_cache(maxsize=4096)
def base_of(word: str) -> str:
    """The verb that an inflected word comes from; the word itself where it seems to be none."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    guesses: list[str] = []
    for ending, others in (("ied", ("y",)), ("ed", ("", "e")), ("ying", ("y", "ie")), ("ing", ("", "e")),
                           ("ies", ("y",)), ("es", ("", "e")), ("s", ("",))):  # fmt: skip
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word.removesuffix(ending)
            guesses += [stem + other for other in others]
            if len(stem) > 2 and stem[-1] == stem[-2]:
                guesses.append(stem[:-1])
    known = next((guess for guess in guesses if is_base(guess)), None)
    if known or not guesses:
        return known or word
    if word.endswith(("ed", "ing")) and not word.endswith(("ied", "ying")):
        stem = guesses[0]
        soft = stem.endswith(("c", "s", "v", "z", "u", "dg", "rg")) and not stem.endswith("ss")
        return stem + "e" if soft else stem
    return guesses[0]


def is_past(word: str) -> bool:
    """Whether a word is a past form or a participle."""
    return (
        word in _IRREGULAR or word in _PAST_AS_BASE or (word.endswith("ed") and len(word) > 3 and word not in _NO_PAST)
    )


def is_present(word: str) -> bool:
    """Whether a word may be a verb in the third person: "owns"."""
    return word.endswith("s") and word not in _VERBS and is_base(base_of(word))


def is_progressive(word: str) -> bool:
    return word.endswith("ing") and is_base(base_of(word))


def participle_of(word: str) -> str:
    """The participle of a verb given in its past form or third person."""
    base = base_of(word)
    if base in _PARTICIPLES:
        return _PARTICIPLES[base]
    return word if word.endswith("ed") else past_of(base)


def past_of(base: str) -> str:
    if base in _PASTS or base in _PAST_AS_BASE:
        return _PASTS.get(base, base)
    if base.endswith("e"):
        return base + "d"
    return base[:-1] + "ied" if base.endswith("y") and base[-2:-1] not in "aeiou" else base + "ed"


def present_of(base: str) -> str:
    """In the third person."""
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2:-1] not in "aeiou" else base + "s"


def is_plural(noun: str) -> bool:
    word = noun.lower().strip(",.")
    if word in PLURALS or word in SINGULARS:
        return word in PLURALS
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "'s", "’s")) and noun.islower()
