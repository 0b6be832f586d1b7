"""Use cases: who can take over one reading of a campaign now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func, select

from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer
from peeraudit.domain.assignment.replacement import NoReviewerFree, choose_reviewer
from peeraudit.domain.errors import N_
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import Turn
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.services import assignment_material, blinding, campaigns
from peeraudit.services.assignment_material import GONE, READING_TURNS, Holding


@dataclass(slots=True)
class Bench:
    """Those who may read in a campaign, with what each holds; kept up to date by ``note``."""

    protocol: Protocol
    seed: str
    readers: tuple[PlanReviewer, ...]
    loads: dict[str, int]
    holdings: dict[UUID, list[Holding]]
    places: Mapping[UUID, UUID]

    REASON: ClassVar[Sentence] = Sentence(
        N_("Least loaded of those who may read this case, then by chance.")
    )

    @classmethod
    def of(cls, campaign_id: UUID) -> "Bench":
        """Return who may take over in a campaign today."""
        protocol = campaigns.protocol_of(campaign_id)
        readers = assignment_material.find_readers(campaign_id, protocol)
        places = blinding.places_of_cases(campaign_id)
        return cls(
            protocol=protocol,
            seed=assignment_material.seed_of_draw(campaign_id),
            readers=readers.whole,
            loads=dict(readers.held),
            holdings=assignment_material.holdings_of(campaign_id),
            places={place.case_id: place.department_id for place in places},
        )

    def find(self, case: Case, turn: Turn) -> UUID | None:
        """Return who takes a turn of a case, held until the end of the unit of work; or None.

        Nobody gets a case again that the person had before, nobody with a conflict, and,
        where the protocol keeps departments apart, nobody of the other reader's.
        """
        had = self.holdings.get(case.id, [])
        barred = {str(one.reviewer_id) for one in had}
        barred |= {str(reviewer) for _, reviewer in blinding.conflicting_pairs([case.id])}
        apart = self.protocol.assignment.distinct_departments
        others = {str(h.department_id) for h in had if h.is_live and h.turn is not turn}
        wanted = PlanCase(str(case.id), str(self.places[case.id]), case.modality, case.region)
        while True:
            try:
                chosen = choose_reviewer(
                    wanted,
                    self.readers,
                    loads=self.loads,
                    seed=self.seed,
                    barred=barred,
                    barred_departments=others if apart else (),
                )
            except NoReviewerFree:
                return None
            if self._is_still_free(chosen, case.campaign_id):
                return UUID(chosen.id)

    def note(self, case: Case, turn: Turn, reviewer_id: UUID) -> None:
        """Keep that a reviewer has taken a turn of a case."""
        self.loads[str(reviewer_id)] = self.loads.get(str(reviewer_id), 0) + 1
        home = next(r.department for r in self.readers if r.id == str(reviewer_id))
        mine = self.holdings.setdefault(case.id, [])
        self.holdings[case.id] = [
            *(
                Holding(h.reviewer_id, h.department_id, h.turn, h.is_live and h.turn is not turn)
                for h in mine
            ),
            Holding(reviewer_id, UUID(home), turn, is_live=True),
        ]

    def _is_still_free(self, chosen: PlanReviewer, campaign_id: UUID) -> bool:
        """Hold a reviewer; return whether nobody else has given the person a case meanwhile."""
        reviewer_id = UUID(chosen.id)
        held = select(Reviewer.id).where(Reviewer.id == reviewer_id).with_for_update()
        db.session.execute(held)
        load = db.session.scalar(
            select(func.count()).where(
                Assignment.campaign_id == campaign_id,
                Assignment.reviewer_id == reviewer_id,
                Assignment.state.not_in(GONE),
                Assignment.turn.in_(READING_TURNS),
            )
        )
        known = self.loads.get(chosen.id, 0)
        # Loads only ever rise here, so that the search comes to an end.
        self.loads[chosen.id] = max(known, load or 0)
        return self.loads[chosen.id] == known
