"""Words that a capital letter does not make a name.

    is_ordinary("negotiators") → True        is_ordinary("zelensky") → False

They are what begins sentences in the news. A word that is as often a surname or a firm (Brown, Target) is left out: a
made-up name must not be let through, and an ordinary word asked after in vain costs only a second try.
"""

_FUNCTION_WORDS = """a about above across after against ago ahead all almost alone along already also although always am
amid amidst among amongst an and another any anybody anyone anything anywhere apart are aren around as aside at away
back be because been before behind being below beneath beside besides between beyond both but by can cannot could
couldn despite did didn do does doesn doing don done down due during each either else elsewhere enough even ever every
everybody everyone everything everywhere except few fewer for from further had hadn half has hasn have haven having he
hence her here hers herself him himself his how however i if in including indeed inside instead into is isn it its
itself just last late later least less lest let like likely many may maybe me mere might mine more moreover most mostly
much must my myself near nearby nearly neither never nevertheless next no nobody none nonetheless nor not nothing now
nowhere of off often on once only onto or other others otherwise ought our ours ourselves out outside over overall own
past per perhaps plus quite rather really same shall she should shouldn since so some somebody somehow someone something
sometimes somewhere soon still such than that the their theirs them themselves then there thereafter thereby therefore
these they this those though through throughout thus till to together too toward towards under underneath unless unlike
until unto up upon us versus very via was wasn we well were weren what whatever when whenever where whereas whereby
wherever whether which whichever while who whoever whole whom whose why will with within without won would wouldn yes
yet you your yours yourself ve ll re mid pre non anti
ex former outgoing incoming incumbent acting interim"""

_TITLE_WORDS = """admiral ambassador archbishop attorney baroness bishop captain chair chairman chairperson chairwoman
chancellor chief colonel commander commissioner congressman congresswoman councilman councilwoman councillor deputy
director doctor dr duchess duke emperor executive father first general gov governor head judge justice king lady
lieutenant lord madam major mayor messrs minister miss mr mrs ms officer pope premier president presidents prince
princess prime prof professor queen rabbi rep reporter representative representatives rev reverend sec secretary sen
senator senators sergeant sheikh sheriff sir speaker spokesman spokesperson spokeswoman sultan treasurer vice"""

_CALENDAR_AND_FIGURES = """january february march april may june july august september october november december jan
feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed
thu thur thurs fri sat sun mondays tuesdays wednesdays thursdays fridays saturdays sundays today tomorrow tonight
yesterday noon midnight zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds dozen dozens
thousand thousands million millions billion billions trillion trillions second third fourth fifth sixth seventh eighth
ninth tenth am pm ad bc ceo cfo coo cto bn mn usd eur gbp celsius fahrenheit gdp"""

TITLES = frozenset(_TITLE_WORDS.split())
NEVER_NAMES = TITLES | frozenset(f"{_FUNCTION_WORDS} {_CALENDAR_AND_FIGURES}".split())
"""Never part of a name that needs to be known, wherever it stands."""

NAMES_LIKE_WORDS = frozenset({"US", "WHO", "IT"})
"""In capitals these are names all the same."""

_ORDINARY_WORDS = """able abroad absence absent absolutely abstract abundant academic acceptance access accident accidental accord account
act action active activist actor actress actual add additional addressing adequate adjust adult advance advantage
advertiser advice adviser advisor advocate aerial affair affected affordable afternoon afterward again age agency
agenda agent aggressive aid air aircraft airfare airline airport alarm album alcohol alert algorithm alleged alliance
allowing ally alongside alternative altogether amateur amount analysing analysis analyst analyzing ancient anger angry
animal anniversary annual answer anyway app apparently appeal appearance appearing applying approach approval
approving approximately archaeological archaeologist archive area arm armistice arrest arrival arriving art article
artificial artist ash ask aspect assault asset assistance assistant associate assuming asteroid astronaut astronomer
asylum athlete atmosphere attack attacker attempt attendance attendee auction audience audio audit author authorized
automaker automatic autumn available avalanche average avoid award aware baby backer background backlash bacteria bad
bail balance ballot ban banker bankruptcy banks bar barely bargaining based basic batsman battery battle become
beforehand beginning behavior behaviour belief believed benefit better betting bid bidder big bigger biggest
billionaire biological biologist bipartisan birds birth blackout blame blast blockade blood board boat body bomb bond
bone bonuse book booster border born borrowing boss bottom bowler box boy brain breakfast breaking bridge briefly
bring broad broadcast broadcaster broader broken broker brother brutal budget builder building built bullet burial
burning bus busy buy buyer cable calendar call calm cameras campaign campaigner cancer candidate capital captive
captor car carbon care career cargo carmaker carrier carrying case cases casino casualty catch cattle cause cave
ceasefire celebrate cell cemetery censorship census center central centre century ceremony certain challenge champion
championship change chaos chapter character charge charger charity chart chat cheap cheaper check chemical chemist
chemistry childhood children chip choice chronic church circuit cited citing citizen citizenship city civil civilian
claim class classic classroom clean cleanup clear clearance client climate clinic clip close closer closure clothing
cloud club coach coal coast coastal code coffee cold collapse colleague college colony column combat combined
combining come comedy comet command comment commentator commerce commercial committee common communique commuter
companion company comparable compared comparing comparison competing competitor complaint complex compliance component
comprehensive compromise computer concern concert conference confidence conflict consensus consent consequence
consequently conservative consider constant constitutional consumer contact contemporary contest context continued
continuing contract contractor contrary contrast contributor control controversial controversy conventional conversely
convicted cooler cop copy copyright core corn coronavirus corporate correct correspondence corresponding cost costume
counsel count counterfeit counterpart countries country coup couple courage course court courtesy cover coverage crack
crash cream creating creator credit creditor crew cricket crime criminal crisis critic critical crop crowd crucial
cruise cultural culture curator curfew currency current curriculum custody customer cut cyber cycle cyclist cyclone
daily dairy dam damage dancing danger data date daughter daylight days dead deadline deal dealer dealership dear death
debate debris debt decade decline deep deeper defeat defect defence defendant defender defending defense defensive
deficit definitely degree delay delegate delivery demand democracy demonstrator denying departure depending deposit
derby describing design designer desperate destroyed detail detective determined developer developing device diabete
dialogue dictator dictatorship diesel diet difference different difficult difficulty digital dinner diplomacy diplomat
direct directive disaster discipline disclosure discount discovery discussing disease dismissed dispute distance
distant district diver divided dividend divorce dog domestic donor door dose double doubt download downtown draft
drama dramatic drawing dream drew drinking drive driver drone drought drug dry dust duty earlier early earning
earthquake easier easily eating eclipse economic economist economy edition editor editorial educational educator
effect effective effort elderly elected electric electrical electronic eligible email embargo embassy emergency
emerging emotion emotional employee employer empty encounter end enemy energy engine engineer enter enthusiasm entire
entrance entrepreneur entry environmental envoy epidemic epidemiologist episode equal equity error escape espionage
essential established estate estimate ethnic evening event eventual everyday evidence exact exam example excellent
excessive exchange excluding exclusive exercise exile existence existing exit expanding expect expenditure expense
expensive experience expert explaining explore explosive export exposure extended external extra extreme eye face fact
factor factory faculty failing failure fair fake false familiar family famous fan fans farm farmers farmland farther
fashion fast faster fatal fate fault favorable favorite fear feature federal fee feedback feeling fellow female
fentanyl fertilizer festival fiction fields fight fighter figure file film filmmaker final finance financial find fine
fingerprint finish fire firearm firefighter firework firm fiscal fishing fitness fixed flag flame flash flat flight
flood floor flu flying focus folk following food footage football forecast forecaster foreign foreigner forensic
forests forget form formal format fortunate forward fossil founded founder framework franchise frankly fraud free
freedom freight frequent fresh friends friendship front frozen fuel full fully fun fund fundamental fundraising
funeral funny furniture furthermore future gain gallery gambling game gang gas gasoline gathering gender gene genetic
genocide geography geologist get gift girl give given glacier global go goal goalkeeper going golf good gossip grade
graduate grain granted graphics grass gratitude gravity great greater greatest green grief ground group growing growth
guarantee guest guidance guide guideline guilt guilty gun gunfire gunman gunmen gust habit habitat hacker hacking hair
halftime halfway handling happy hard harder hardship harsh harvest hate heading headline headquarters healing health
healthcare healthy hearing heart heat heatwave heavily heavy height held helicopter help heritage hero hidden high
higher highest highlight highway hiring historian historic historical history hit holding home homeowner homes
homicide honestly honor hopes horror horse hospital host hostage hot hotel hour household housing huge human
humanitarian humor hunger hunting hurricane husband hybrid hydrogen hypothesis ice idea identical ideology illegal
illness images immediate immigrant impact import importance important imposing improved improving incident income
increase independence indirect individual industrial industry influence infrastructure ingredient initial initiative
injured injury injustice inmate inner inquiry insect insider inspector inspired instant institutional insurance
insurer intelligence intense intensive intent interest interior internal international internet interview introduced
inventory investigator investing investor involved island isolated issue item jail jailer job join joint journalist
journey judiciary juror jury juvenile keep key keys kickoff kid kidnapping killing kindergarten know knowledge known
label labor laborer lack land lander landlord landmark landslide language laptop large larger largest lasting latest
latter laughter launch laundering lava lawmaker laws lawsuit lawyer layer layoff lead leader leadership learn lease
leave lecture led left legacy legal legend legislative legislator legislature leisure lender lesson letter level levy
liberal library license life lifestyle lifetime lifting light lightning likewise limit line linguist link list listen
literature little live livestock loan local located lockdown locked logic logical long longer longtime look loophole
loose losing loss lost lot lottery low lower lowest loyalty luck luckily lucky luggage lunch luxury machine machinery
magazine main maintenance make maker malaria male malware manager managing mandate mandatory manner manslaughter
manual manufacturer manufacturing map marathon marcher margin marijuana maritime market marriage married mask mass
massacre massive match material mathematics matter maximum mayhem meal meaning means meantime meanwhile measle measure
meat medal media median mediator medic medical medicine medium meet member membership memo memorial memory men mental
mention merchandise merchant merely merger message metal meteorologist method methodology middle midfielder midterm
migrant mild mile militant militarily military militia milk mind miner mineral minimum minor minute misconduct missile
missing mission mistake mixed mixture mob mobile mode model moderate modern moment momentum monetary money monitoring
month mood moral morning mortgage mosquitoe mother motion motive motor motorist mountain mounting mourner mouth move
movie mp multilateral multiple municipal mural murder museum music musician mutual myth name narrative narrow national
nationwide native natural nature naval necessary need negative negotiator neighbor neighborhood neighbour
neighbourhood net network neutral new newer newspaper nice night noise norm normal notable notably note notice novel
nowadays nuclear number nurse oath obesity object observer obstacle obvious occasional occupancy ocean odd offense
offensive offer office official offshore oil old older oldest ongoing onion online open opera operator opinion
opponent opposing option optional oral order ordinary ore organic organiser organized organizer origin original outage
outbreak outcome outdoor outlet outlook output outrage outreach overnight overseas oversight overtime owner ownership
oxygen pace package pages paid pain painting palaeontologist pandemic panel panic paper parade parallel paramedic
pardon parent parents parking parole part partial participant particular partner partnership party pass passage
passenger passion passive passport patent path patient pattern pay payment payroll peace peak pedestrian peer penalty
pending pension people percentage perfect performance performer period permanent permit persistent person personal
personnel perspective petrol phase phenomenon philosophy phone photograph photographer photography photos phrase
physical physician physicist physics pick picture piece pilot pitcher place placebo plaintiff plan plane planet
planner plant plastic platform play player please pleasure plenty plot poem poet poetry point poison police policy
political politician politics poll pollster poor popular port portion positive possible possibly postal potential
poverty power practical practice prayer precedent precisely preferred pregnancy pregnant prejudice preliminary
premiere preparing presence present presidency presidential pressed pressure preventing price prices pride priest
primarily primary principle print prior prison prisoner privacy private prize probe problem procedure proceed process
produce producer product profit program programme progress project prominent promise prompted proof propaganda
properly property proponent proposal proposed prosecutor prospect prospective protect protein protest protester
protestor prototype proud provide provider province proving provisional psychologist psychology public published
publisher publishing pupil purchase pure purpose pushing put qualified quality quarantine quarter quarterback query
questioned quick quicker quiet quota quote race racial racism radar radical radio rail railway rain rainfall rainy
raising rally random ranging ransom ransomware rape rapid rare rate ratio raw reach reader reading readout ready real
realistic reality reason reasonable rebate rebel rebellion recall receipt recent recipe record recovery recruit
recycling redistricting reduced reducing referee referendum referring reform refugee refund refusal refusing regime
region regional register regret regular regulator regulatory related relationship relative release relevant reliable
relief religion reluctance relying remain remark remarkable remember reminder remote removal removing renewable
renewed rent repair repeal repeated replacing reply report representing request required requiring rescue rescuer
research researcher reserves residence resident residential resistance resource respect responding response
responsible rest restaurant restoring result retail retailer retired retreat return reunion revealing revenge revenue
review reviewer revised reward rhetoric rhythm richer right riot rioter rising risk ritual rival rivalry rivers road
roads robbery rockets role romance room rough round route routine rover row rude rugby rule ruler rumor rumour run
runner runoff runway rural sabotage sadly sadness safe safer safety said sail sailor salary sale salmon sample
sanctuary satellite satire satisfied save say scale scandal scattered scenario scene schedule scheme scholar
scholarship school science scientific scientist score screen script sculpture sea search season seat secondary secrecy
secret section sector secure see seeking seizure selected seller selling semiconductor send senior sentence separate
sequel sequence series serious servant served server service serving session set settler several severance severe
sewage sex sexual shame share shareholder sharply shelter shift ship shock shooting shop shopper shops short shortage
shorter shortly shot shoulder show shutdown sick side sighting sign signal signature significance significant silence
silent similar simple simply singer single sister site sitting size skill skin slavery sleep slight slow slower small
smaller smart smoke snow snowfall soccer social society sociologist soft software soil solar soldier solid solving son
song sophisticated sorrow sorry sort soul sound source southern sovereignty soybean space spacecraft speak special
specialized specific spectator speech speed spending spirit spite split spokesmen sponsor sponsorship sport spot
spread springs squad stabbing stable stadium staff staffer stage stake stakeholder standard standing start startup
state statewide station statistic status stay steady stealing steel steep step stigma stock stones stopping storage
store stories storms story straight strain strange strategic strategy streaming streets strength stress strict
stricter strike striker string strip strong stronger strongly structural structure struggle student studio study
stunning style subject subscriber subsequent subsidy substance substantial subway success sudden suffering sufficient
suffrage suicide suit suitable suite sum summary summers summit sunlight sunshine superintendent supplier supply
support supporter sure surface surgeon surgery surging surplus surprise surrender surrounding surveillance survey
survival survivor suspect suspicion sustainable sweeping swimmer swimming symbol sympathy symptom syndrome system
table tablet tactic take tale talent talk tall tank tariff task taste tax taxpayer tea teacher teaching team tear tech
technical technician technique technology teen teenage teenager telescope tell temperature temple temporarily
temporary tenant tennis tension term terminal terrible territory test testifying testimony text textile thank theater
theatre theft theme theory therapy thereupon thick thin thing think thirst thorough thought threat threatening ticket
tide tight tighter timber time timeline tiny tip tired tissue title tobacco toll tone tool top topic tornado torture
total touch tough tougher tour tourism tourist town toxic toy track trade trader traditional traffic tragedy tragic
trail train trainer transfer transit transparency transparent transport trap trash trauma travel traveler traveller
treason treat treaty tree trees trend trial tribe tribunal tribute trip triumph troop tropical trouble truce truck
true truly trust truth try tsunami tube tuition turbulence turn turnout turnover twice twin twist type typhoon typical
ultimate unable unaware unbelievable uncertain uncertainty unclear underlying understanding unexpected unfair
unfortunate unhappy unidentified uniform union unique units unity unknown unlikely unlimited unnamed unofficial unpaid
unprecedented unrelated unrest untitled unusual upcoming update upgrade upper uprising uranium urban urgent usage use
used useful user using usual utility vacancy vaccine vague valid valuable value variant variety various vast vehicle
vendor venture venue verbal verdict version vessel veteran veto viable victim victory video view viewer viewership
village villager violence violent viral virtual virtue virus visas visible vision visit visitor visual vital vitamin
voice volcano volume voluntary volunteer vote voter voyage vulnerable wage wait walk want war warden warm warmer
warning warrant washing waste watch watchdog water waters wave way weak weakening weaker wealth wealthy weapon wear
weather web website wedding week weekend weight weird welcome welfare went western wet whale wheat whereupon wide
wider widespread widow wife wildfire wildlife willing win wind window wine winner winter wisdom wish witness witnesses
woman women wonder word work worker workforce workmen workplace workshop world worldwide worried worry worse worship
worst worthy wounded wreckage writer writing written wrong year yield younger youngster youth zone zoo"""

_ORDINARY = frozenset(_ORDINARY_WORDS.split())
_ENDINGS = (
    "tion", "tions", "sion", "sions", "ment", "ments", "ness", "nesses", "ances", "ences", "ity", "ities", "ism", "ists",
    "ships", "less", "ful", "ous", "ically", "fully", "ously", "ively", "ably", "ingly", "edly", "ally",
)  # fmt: skip
_SHORTEST = 8
"""Letters of a word that its ending alone makes ordinary: "Clement" is a name, "statement" is none."""


_PLURALS = (("s", ""), ("es", ""), ("ies", "y"))


def is_ordinary(word: str) -> bool:
    """Whether a word in lower case opens a sentence without being a name."""
    if word in NEVER_NAMES or word in _ORDINARY or (len(word) >= _SHORTEST and word.endswith(_ENDINGS)):
        return True
    stems = inflected_from(word)
    stems += [stem for once in stems for stem in inflected_from(once)]  # "findings" of "finding" of "find"
    return any(stem in _ORDINARY or stem in TITLES for stem in stems)


def inflected_from(word: str) -> list[str]:
    """What a word may be a form of: "policies" of "policy", "imposing" of "impose", "slowly" of "slow"."""
    stems = [word.removesuffix(ending) + stem for ending, stem in _PLURALS if word.endswith(ending)]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            stems += [stem, stem + "e", stem[:-1] if stem[-1] == stem[-2] else stem]
    return [*stems, word.removesuffix("ly")] if word.endswith("ly") else stems
