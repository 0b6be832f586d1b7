"""Use cases: a plan edited outside, where cases have codes and reviewers addresses."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.assignment.editing import EditedReview, LineProblem
from peeraudit.domain.assignment.sheet import Wish
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.sentences import Sentence
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.assignments import Plan
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.services import assignment
from peeraudit.services.assignment import EditRefused


def take_sheet(plan_id: UUID, wishes: Sequence[Wish], *, by: Actor) -> UUID:
    """Keep an edited plan as a new draft; return its id.

    Raises:
        Conflicting: the plan is no draft any more.
        EditRefused: some lines break a rule or name nobody; nothing is changed.
        NotFound: there is no such plan.
    """
    by.require(Permission.PLAN_ASSIGNMENT)
    campaign_id = db.session.scalar(select(Plan.campaign_id).where(Plan.id == plan_id))
    if campaign_id is None:
        raise NotFound(N_("There is no such plan."))
    cases, reviewers = _case_ids(campaign_id), _reviewer_ids()
    reviews, problems = [], []
    for wish in wishes:
        case_id, turn = cases.get(wish.case.upper()), wish.turn
        reviewer_id = reviewers.get(wish.reviewer.lower())
        if case_id is None or turn is None or reviewer_id is None:
            reason = _unknown(wish, is_case=case_id is not None, is_turn=turn is not None)
            problems.append(LineProblem(wish.line, reason))
        else:
            reviews.append(EditedReview(wish.line, str(case_id), turn, str(reviewer_id)))
    if not problems:
        return assignment.replace_entries(plan_id, reviews, by=by)
    broken = assignment.find_edit_problems(plan_id, reviews, by=by)
    raise EditRefused(sorted([*problems, *broken], key=lambda one: one.line))


def _unknown(wish: Wish, *, is_case: bool, is_turn: bool) -> Sentence:
    if not is_case:
        return Sentence(
            N_("No case of this campaign has the code “%(code)s”."), {"code": wish.case}
        )
    if not is_turn:
        return Sentence(N_("The reading is 1 or 2, not “%(word)s”."), {"word": wish.reading})
    return Sentence(N_("No reviewer has the e-mail address “%(email)s”."), {"email": wish.reviewer})


def _case_ids(campaign_id: UUID) -> dict[str, UUID]:
    rows = db.session.execute(select(Case.code, Case.id).where(Case.campaign_id == campaign_id))
    return {code.upper(): case_id for code, case_id in rows}


def _reviewer_ids() -> dict[str, UUID]:
    rows = db.session.execute(
        select(Account.email, Reviewer.id).join(Reviewer, Reviewer.account_id == Account.id)
    )
    return {email.lower(): reviewer_id for email, reviewer_id in rows}
