"""Chat: a conversation with what it is held with: the assistant, the filters, the screen, and the file that keeps it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from qa import wiring
from qa.adapters.index import Index
from qa.adapters.sessions import Kept, Listed, Sessions
from qa.answering import Assistant, check_question
from qa.chatting.screen import Screen, told_filters
from qa.conversing import Conversation, Numbers
from qa.display import counted
from qa.domain import Answer, Article, Citation, Filters, Turn
from qa.errors import QaError, SessionsFailure, UsageError
from qa.settings import Settings

LISTED = ("id", "last", "length", "first question")
_NAMED = 3
"""Articles that are named in one line; of more, their number is told."""


class Chat:
    def __init__(
        self, settings: Settings, assistant: Assistant, index: Index, screen: Screen, sessions: Sessions | None
    ) -> None:
        """`sessions` is None where nothing is to be kept."""
        self.settings = settings
        self.assistant = assistant
        self.index = index
        self.screen = screen
        self.sessions = sessions
        self.filters = Filters()
        self.silent = False
        """Whether answers are given to a program, and no word on their way to a person."""
        self.ready: Callable[[], None] = lambda: None
        """Waits for what is being loaded."""
        self.new()

    def new(self) -> None:
        """A conversation that knows nothing of the one before; model and filters stay."""
        self.id: int | None = None
        self.conversation = Conversation()
        self.kept: list[Kept] = []
        self.failed: str | None = None
        """The last question, if it was not answered."""
        self._saved = 0
        self._warned = False

    @property
    def last(self) -> Answer:
        """Raises UsageError where there is none yet."""
        if not self.conversation.turns:
            raise UsageError("Nothing has been answered yet.")
        return self.conversation.turns[-1].answer

    # ── asking

    def ask(self, question: str) -> Answer:
        """The answer, shown as it comes; it is kept. Raises what Assistant.reply raises."""
        self.failed = check_question(question)
        found = self._reply(self.failed, self.conversation)
        self._keep(self.conversation.turns[-1])
        return found

    def retry(self) -> Answer:
        """Asks the last question again, as it was asked: before it was answered, if it was."""
        said = self.failed if self.failed is not None else self.last.question
        if self.screen.live:
            self.screen.say(f"Again: {said}")
        if self.failed is not None:
            return self.ask(self.failed)
        now = self.conversation
        before = now.turns[:-1]
        earlier = Conversation(before, now.numbers, now.summary, min(now.summed, len(before)))
        self.failed = said
        found = self._reply(said, earlier)
        now.summary, now.summed = earlier.summary, earlier.summed
        now.add(earlier.turns[-1], earlier.numbers)
        self._keep(now.turns[-1])
        return found

    def _reply(self, question: str, conversation: Conversation) -> Answer:
        with self.screen.answering(markdown=self.assistant.writer.prompt is not None) as show:
            self.ready()
            return self.assistant.reply(
                question,
                conversation,
                filters=self.filters,
                timeout=self.settings.timeout,
                show=show,
                understood=self.screen.understood if not self.silent else lambda _question: None,
            )

    def use(self, settings: Settings) -> None:
        """Go on with another model. Raises what building it raises, and then stays with the one before."""
        self.assistant = wiring.with_model(self.assistant, settings)
        self.settings = settings

    # ── the file

    def _keep(self, turn: Turn) -> None:
        self.failed = None
        cited = {c.article for c in turn.answer.citations}
        texts = {r.article.id: r.article.sha256 for r in turn.answer.retrieved if r.article.id in cited}
        self.kept.append(Kept(turn, datetime.now(UTC).replace(microsecond=0), self.filters, texts))
        self.save()

    def save(self) -> None:
        """Writes what is not in the file yet. A file that fails is told of once, and tried again at the next turn."""
        if not self.sessions:
            return
        talk = self.conversation
        try:
            id = self.sessions.add(self.id, self.kept, talk.summary, talk.summed, self._saved)
            if self.id not in (None, id):
                self.screen.say(f"Another chat has changed conversation {self.id}; this one is kept as {id}.")
            self.id, self._saved = id, len(self.kept)
        except SessionsFailure as error:
            if not self._warned:
                self.screen.problem(f"This conversation is not saved: {error}")
            self._warned = True

    def resume(self, id: int, sessions: Sessions) -> None:
        """Raises UsageError where there is none, SessionsFailure where it cannot be read."""
        session = sessions.load(id)
        self.new()
        self.id = id if self.sessions else None
        self.kept = list(session.kept)
        self._saved = len(self.kept)
        turns = [kept.turn for kept in self.kept]
        numbers = Numbers()
        for turn in turns:
            numbers.keep(turn.answer.citations)
        self.conversation = Conversation(turns, numbers, session.summary, min(session.summed, len(turns)))
        if self.kept and not self.filters:
            self.filters = self.kept[-1].filters
        self._tell_resumed(id)

    def _tell_resumed(self, id: int) -> None:
        last = self.kept[-1]
        told = f"Conversation {id} of {local(last.at)}, {counted(len(self.kept), 'question')}"
        self.screen.say(f"{told}{f'; {told_filters(self.filters)}' if self.filters else ''}. The last one:")
        if self.screen.live:
            self.screen.replay(last.turn.answer)
        changed, gone = [], []
        for id_, sha256 in self._evidence().items():
            article = self.index.article(id_)
            if article is None:
                gone.append(id_)
            elif sha256 and article.sha256 != sha256:
                changed.append(id_)
        for articles, what in ((changed, "changed"), (gone, "gone")):
            if articles:
                self.screen.say(f"Since then {_named(articles)} {'has' if len(articles) == 1 else 'have'} {what}.")

    # ── evidence

    def citation(self, n: str) -> tuple[Citation, str | None]:
        """The citation of this number and the hash of its article's text when it was cited. Raises UsageError."""
        for kept in reversed(self.kept):
            for cited in kept.turn.answer.citations:
                if str(cited.n) == n:
                    return cited, kept.sha256.get(cited.article)
        last = max((c.n for kept in self.kept for c in kept.turn.answer.citations), default=0)
        there = f"It has [1] to [{last}]." if last > 1 else "It has [1] alone." if last else "Ask first."
        raise UsageError(f"The conversation has no [{n}].", there)

    def article(self, id: str) -> Article | None:
        return self.index.article(id)

    def article_ids(self) -> Iterator[str]:
        try:
            yield from sorted(self.index.known().values())
        except QaError:  # whoever asks is told; whoever completes a word is not
            return

    def _evidence(self) -> dict[str, str | None]:
        return {
            cited.article: kept.sha256.get(cited.article) for kept in self.kept for cited in kept.turn.answer.citations
        }


def local(moment: datetime) -> str:
    """On the clock of whoever reads it."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def listed_row(session: Listed) -> tuple[str, ...]:
    """Under LISTED."""
    return str(session.id), local(session.last), counted(session.turns, "question"), session.question


def _named(ids: list[str]) -> str:
    if len(ids) > _NAMED:
        return f"{len(ids)} of the articles cited"
    return ", ".join(ids)
