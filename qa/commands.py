"""What the commands do, between the command line and the product: read the input, call, show, give the exit code.

What `qa index` and `qa articles` do stands in cataloguing.py, `qa doctor` in doctor.py.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from qa import interchange, settings, wiring
from qa.display import Display, counted
from qa.domain import Answer, Filters
from qa.errors import QaError, UsageError
from qa.settings import Options, Settings

ANSWERED, ABSTAINED = 0, 1


@dataclass(frozen=True, slots=True)
class Common:
    """What the options that stand everywhere come to."""

    settings: Settings
    display: Display

    @classmethod
    def of(cls, options: Options, *, asks: bool = False) -> "Common":
        return cls(settings.load(options, asks=asks), Display(options.quiet))


# ── ask


def filters(since: str | None, until: str | None, source: str | None) -> Filters:
    """Raises UsageError for a date that is none, and for a span of time that holds no day."""
    chosen = Filters(_day("--since", since), _day("--until", until), (source or "").strip() or None)
    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise UsageError(f"--since {chosen.since} is after --until {chosen.until}.", "No article can be in between.")
    return chosen


def sureness(strict: bool, eager: bool) -> float | None:
    """How probable an answer must be. Raises UsageError for two wishes at once."""
    from qa.picking import EAGER, STRICT

    if strict and eager:
        raise UsageError("Give --strict or --eager, not both.")
    return STRICT if strict else EAGER if eager else None


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    from qa.content import dates

    return dates.day(option, text)


def ask(options: Options, question: str | None, chosen: Filters, sure: float | None, as_json: bool, why: bool) -> int:
    from qa.answering import check_question

    common = Common.of(options, asks=True)
    if question is None:
        raise UsageError("What is the question?", 'As in: qa ask "Who spoke on Friday?", or - to read it from stdin.')
    # Checked before anything is loaded or built for it.
    asked = check_question(interchange.stdin() if question == "-" else question)
    display = common.display
    assistant = wiring.assistant(replace(common.settings, sure=sure), display.notice)
    with display.streaming(as_json) as show:
        found = assistant.ask(asked, filters=chosen, timeout=common.settings.timeout, show=show)
    doubts = wiring.doubter(display.notice)(found) if why else []
    if as_json:
        display.write(interchange.line(interchange.answer(found, why, doubts)))
    else:
        display.answer(found, why, doubts)
    display.account(found)
    if found.status == "answered":
        return ANSWERED
    if not found.retrieved:
        none = "No article passes the filters" if chosen else "The index holds no articles"
        display.notice(f"{none}. Add some: qa index PATH")
    else:
        wider = ", widen the filters" if chosen else ""
        display.notice(f"No article answers this. Ask in other words{wider}, or add articles: qa index PATH")
    return ABSTAINED


def ask_many(options: Options, file: str, chosen: Filters, sure: float | None, why: bool) -> int:
    """One line of JSON for each question, in order; a question that fails is one too."""
    common = Common.of(options, asks=True)
    asked = list(interchange.questions(file))
    display = common.display
    assistant = wiring.assistant(replace(common.settings, sure=sure), display.notice)
    doubts = wiring.doubter(display.notice)
    outcomes: list[Answer | QaError] = []
    # Where the answers themselves run down the terminal, a bar would only stand in their way.
    with display.progress("Asking", len(asked), hidden=display.terminal) as progress:
        for done, each in enumerate(asked, 1):
            try:
                if each.wrong:
                    raise each.wrong
                found = assistant.ask(each.question, filters=chosen, timeout=common.settings.timeout)
                answer = interchange.answer(found, why, doubts(found) if why else [])
                outcomes.append(found)
            except QaError as error:
                outcomes.append(error)
                answer = interchange.failure(each.question, error)
            display.write(interchange.line({"id": each.id, **answer}))
            progress(done)
    display.account_many(outcomes)
    return ANSWERED


# ── verify


def verify(options: Options, file: str, as_json: bool) -> int:
    from qa import verifying

    common = Common.of(options)
    answers = list(interchange.answers(file))
    opened = wiring.open_index(common.settings, common.display.notice)
    failures = [(n, failure) for n, answer in enumerate(answers, 1) for failure in verifying.check(answer, opened)]
    citations = sum(len(cited) for answer in answers if isinstance(cited := answer.get("citations"), list))
    told = [f"Answer {n}: {failure}" if len(answers) > 1 else failure for n, failure in failures]
    for failure in told:
        common.display.problem(failure)
    if as_json:
        seen = {"answers": len(answers), "citations": citations, "holds": not told, "failures": told}
        common.display.write(interchange.line(seen))
    else:
        statuses = Counter(answer["status"] for answer in answers)
        without = statuses.total() - statuses["answered"]
        apart = f" ({without} of them without an answer)" if without else ""
        verdict = f"{counted(len(told), 'failure')}." if told else "all hold."
        common.display.write(f"{counted(len(answers), 'answer')}{apart}, {counted(citations, 'citation')}: {verdict}\n")
    return 1 if told else 0
