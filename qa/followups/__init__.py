"""Makes a follow-up stand alone with no service: what it leaves out is filled in from the turns before.

    FollowUps().stand_alone("and who announced it?", conversation, deadline)
        → "Who announced the TikTok extension?"

There is no tagger here: English questions have a fixed order, and small lists of words tell their parts. What cannot be
told stays as it was typed, for a question that is put together wrongly misleads more than one that is too short.
"""

from qa.conversing import Conversation
from qa.domain import Usage
from qa.followups.context import Context
from qa.followups.elliptic import completed
from qa.followups.references import resolve
from qa.followups.shape import bare, sentence

_LONGEST = 60
"""Words; what is longer explains itself."""


class FollowUps:
    """The Condenser that asks nobody."""

    usage: Usage | None = None

    def stand_alone(self, question: str, conversation: Conversation, deadline: float) -> str:
        """A question that stands alone comes back as it is, to the character."""
        if not conversation.turns or len(question.split()) > _LONGEST or not any(map(str.isalnum, question)):
            return question
        context = Context.of(conversation)
        body = context.case.restored(bare(question))
        found = completed(question, body, context)
        if found is None:
            found = resolve(body, context)
            if found == body:
                return question
        return sentence(found)
