"""When is a case settled, by whom, and what may its author still say?"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from peeraudit.domain.errors import N_, Conflicting, IllegalMove, InvalidFields, InvalidInput
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.protocol import Routing
from peeraudit.domain.workflow import CaseEvent

STANCES = ("agree", "disagree")
"""What an author may say of an outcome."""

WORDS_MINIMUM = 10
"""Fewest characters of a reply that disagrees."""

WORDS_MAXIMUM = 5000
"""Most characters of a reply."""


class Route(StrEnum):
    """Where a case goes after a review."""

    WAIT = "wait"
    CLOSE = "close"
    SECOND_REVIEW = "second_review"
    ADJUDICATE = "adjudicate"


class Basis(StrEnum):
    """What an outcome rests on."""

    SINGLE = "single"
    AGREEMENT = "agreement"
    ADJUDICATED = "adjudicated"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The settled score of a case, and what it rests on."""

    score: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Step:
    """Where a case goes, with its outcome when it closes there."""

    route: Route
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may settle a case.

    Attributes:
        id: any text, unique among the candidates.
        waiting: cases that already wait for the person to settle them, in cases.
    """

    id: str
    waiting: int


class AuthorNotNotified(IllegalMove):
    """An outcome that concerns the author would become final unknown to the author."""


class AlreadyReplied(Conflicting):
    """The author has replied before."""


class AlreadyReconsidered(Conflicting):
    """The author has asked for reconsideration before."""


class AlreadySettled(Conflicting):
    """The adjudicator has settled this case before."""


def route_case(scores: Sequence[str], planned: int, routing: Routing) -> Step:
    """Return where a case goes, given the reviews that are in.

    A case designated for double reading waits for both reviews, whatever the first one
    says, so that the pair tells something about agreement. A single review settles only
    what the protocol lets it settle. Two reviews settle a case if they give one score.

    Args:
        scores: submitted scores in order of turn; shape (n,), 0 <= n <= 2.
        planned: reviews that the plan gave to the case, in reviews: 1 or 2.
        routing: the protocol's rule.

    Returns:
        The next step, with the outcome where the case closes.
    """
    if len(scores) < max(planned, 1):
        return Step(Route.WAIT)
    if len(scores) == 1:
        if scores[0] in routing.second_review_scores:
            return Step(Route.SECOND_REVIEW)
        return Step(Route.CLOSE, Outcome(scores[0], Basis.SINGLE))
    if scores[0] == scores[1]:
        return Step(Route.CLOSE, Outcome(scores[0], Basis.AGREEMENT))
    return Step(Route.ADJUDICATE)


def events_after(step: Step, instrument: Instrument) -> tuple[CaseEvent, ...]:
    """Return what happens to a case when ``step`` is taken, in order; nothing if it waits."""
    if step.outcome is not None:
        if needs_notice(instrument, step.outcome.score):
            return (CaseEvent.PROPOSE,)
        return (CaseEvent.CONCUR, CaseEvent.PROPOSE)
    moves = {
        Route.SECOND_REVIEW: (CaseEvent.ASK_SECOND,),
        Route.ADJUDICATE: (CaseEvent.ADJUDICATE,),
    }
    return moves.get(step.route, ())


def adjudicate(score: str, instrument: Instrument) -> Outcome:
    """Return the outcome that an adjudicator decides.

    Raises:
        NotFound: the scale has no such score.
    """
    return Outcome(instrument.category(score).code, Basis.ADJUDICATED)


def needs_notice(instrument: Instrument, score: str) -> bool:
    """Return whether the author must be notified before ``score`` may be final."""
    return score in instrument.needs_second_review


def check_final(
    instrument: Instrument, score: str, *, notified: bool, awaiting_reply: bool
) -> None:
    """Refuse to make an outcome final behind its author's back.

    Args:
        instrument: the campaign's scale.
        score: the outcome's score.
        notified: the author was told of this outcome.
        awaiting_reply: the author may still reply, and the delay has not passed.

    Raises:
        AuthorNotNotified: the score concerns the author, who was not told, or may still reply.
    """
    if not notified and needs_notice(instrument, score):
        raise AuthorNotNotified(
            N_(
                "An outcome of %(score)s cannot be final before its author has been notified. "
                "Notify the author first; nothing was changed."
            ),
            score=score,
        )
    if notified and awaiting_reply:
        raise AuthorNotNotified(
            N_(
                "The author has been notified and may still reply. "
                "The outcome can be final after the reply or when the delay has passed."
            )
        )


def check_reply(*, replied: bool, asks_reconsideration: bool, reconsidered: bool) -> None:
    """Refuse a second reply, or a second request for reconsideration.

    Args:
        replied: the author has replied to this case before.
        asks_reconsideration: this reply asks for reconsideration.
        reconsidered: the case has been reconsidered before.

    Raises:
        AlreadyReplied: there is a reply.
        AlreadyReconsidered: the case was reconsidered once.
    """
    if replied:
        raise AlreadyReplied(N_("You have already replied to this case; your reply is kept."))
    if asks_reconsideration and reconsidered:
        raise AlreadyReconsidered(
            N_("This case has already been reconsidered once; that decision stands.")
        )


def check_words(stance: str, words: str, *, asks_reconsideration: bool) -> None:
    """Refuse a reply from which nobody could tell what the author means.

    Args:
        stance: ``agree`` or ``disagree``.
        words: what the author writes.
        asks_reconsideration: the reply asks for another adjudicator's decision.

    Raises:
        InvalidFields: something is missing or wrong; ``fields`` says what, by field.
    """
    problems: dict[str, InvalidInput] = {}
    length = len(words.strip())
    if stance not in STANCES:
        problems["stance"] = InvalidInput(N_("Say whether you agree."))
    elif asks_reconsideration and stance == "agree":
        problems["asks_reconsideration"] = InvalidInput(
            N_("Only an outcome with which you disagree can be reconsidered.")
        )
    if length > WORDS_MAXIMUM:
        problems["text"] = InvalidInput(
            N_("The reply has %(length)d characters and may have %(maximum)d."),
            length=length,
            maximum=WORDS_MAXIMUM,
        )
    elif stance == "disagree" and length < WORDS_MINIMUM:
        problems["text"] = InvalidInput(
            N_("Say in at least %(minimum)d characters why you disagree."), minimum=WORDS_MINIMUM
        )
    if problems:
        raise InvalidFields(problems)


def choose_adjudicator(candidates: Sequence[Candidate], *, seed: str, case: str) -> str | None:
    """Return who settles a case: whoever has the fewest waiting, ties by a hash of the seed.

    Args:
        candidates: all who may; in any order.
        seed: the campaign's seed.
        case: the case's code.

    Returns:
        The id of the one chosen; None where nobody may.
    """
    order = sorted(candidates, key=lambda one: (one.waiting, _ticket(seed, case, one.id)))
    return order[0].id if order else None


def order_for_adjudicator(review_ids: Sequence[str], *, seed: str, case: str) -> list[str]:
    """Return reviews in the order A, B in which an adjudicator sees them.

    The order tells nothing of who read first: it follows a hash that the campaign's seed
    decides, and is the same at each visit.

    Args:
        review_ids: ids of a case's reviews; shape (n,), in any order.
        seed: the campaign's seed.
        case: the case's code.

    Returns:
        The same ids; shape (n,).
    """
    return sorted(review_ids, key=lambda review: _ticket(seed, case, review))


def _ticket(seed: str, case: str, review: str) -> str:
    text = f"peer-audit/adjudicate/v1\n{seed}\n{case}\n{review}\n"
    return hashlib.sha256(text.encode()).hexdigest()
