"""Use cases: the earlier reports that a protocol shows beside a case, masked as the case is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from peeraudit.domain.blinding.corrections import occurrences
from peeraudit.domain.blinding.day_shift import DayShift
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.blinding.spans import PLACEHOLDER, Kind, render_segments
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.protocol import BlindingMode, DateBlinding
from peeraudit.extensions import db
from peeraudit.models.cases import Case, PriorReport
from peeraudit.services import blinding_priors
from peeraudit.services.blinding_priors import PriorMaterial
from peeraudit.services.case_texts import Segments, SheetSection, whole_report


@dataclass(frozen=True, slots=True)
class PriorView:
    """An earlier report of the patient, masked; nothing in it tells which one it is.

    Attributes:
        months_before: calendar months before the case; None where the protocol hides dates.
    """

    id: UUID
    modality: str
    region: str
    exam: Segments
    language: str
    months_before: int | None
    sections: tuple[SheetSection, ...]


def gather(
    cases: Sequence[Case], mode: BlindingMode, known: Mapping[UUID, KnownIdentities]
) -> dict[UUID, list[PriorMaterial]]:
    """Return the earlier reports to mask for each of some cases; none where the mode shows none.

    Args:
        cases: those that are being masked.
        mode: what the protocol shows.
        known: whom each case's own masking knows, taught words and letterheads included.
    """
    if not mode.prior_reports:
        return {}
    found = blinding_priors.priors_of([case.id for case in cases])
    return {
        case_id: [_knowing(one, known[case_id]) for one in priors]
        for case_id, priors in found.items()
    }


def keep(
    case: Case, priors: Sequence[PriorMaterial], mode: BlindingMode, shift: DayShift | None
) -> float:
    """Mask and keep a case's earlier reports; return the largest doubt left in one of them."""
    db.session.execute(delete(PriorReport).where(PriorReport.case_id == case.id))
    doubts = [0.0]
    for number, one in enumerate(priors, start=1):
        known = one.material.known
        moved = replace(shift, year=one.year, births=known.birth_dates) if shift else None
        masked = mask(one.material.text, known, one.language, moved)
        doubts.append(masked.doubt)
        row = PriorReport(
            id=uuid4(),
            case_id=case.id,
            number=number,
            modality=one.modality,
            region=one.region,
            exam=mask(one.material.exam, known, one.language).text[:200],
            language=one.language,
            months_before=one.months_before if mode.dates is DateBlinding.MONTH else None,
            masked_text=masked.text,
        )
        db.session.add(row)
    return max(doubts)


def shown_with(case_id: UUID, mode: BlindingMode) -> tuple[PriorView, ...]:
    """Return the earlier reports that the protocol shows with a case, the latest first."""
    return list_priors(case_id) if mode.prior_reports else ()


def list_priors(case_id: UUID) -> tuple[PriorView, ...]:
    """Return the earlier reports kept for a case, the latest first; for services alone."""
    return tuple(_view(row) for row in _rows(case_id))


def texts_of(case_id: UUID) -> list[str]:
    """Return the masked texts kept for a case, the latest first; for services alone."""
    return [f"{row.id}{row.masked_text}" for row in _rows(case_id)]


def hide_words(case_id: UUID, words: str, kind: Kind) -> int:
    """Hide words in the earlier reports of a case; return how many stretches changed."""
    changed = 0
    for row in _rows(case_id) if any(map(str.isalnum, words)) else ():
        text = row.masked_text
        masks = [found.span() for found in PLACEHOLDER.finditer(text)]
        # A mask's own word, such as "patient", is none of the report's.
        places = [
            (low, high)
            for low, high in occurrences(text, words)
            if not any(start < high and low < end for start, end in masks)
        ]
        for low, high in reversed(places):
            text = f"{text[:low]}⟦{kind}⟧{text[high:]}"
        row.masked_text, changed = text, changed + len(places)
    return changed


def take_away(case_id: UUID, prior_id: UUID) -> None:
    """Take an earlier report away from a case that its coordinator checks, for good.

    Raises:
        NotFound: the case has no such report.
    """
    row = db.session.get(PriorReport, prior_id)
    if row is None or row.case_id != case_id:
        raise NotFound(N_("This earlier report is no longer there: reload the page."))
    db.session.delete(row)


def destroy(case_ids: Sequence[UUID]) -> None:
    """Destroy the earlier reports kept for some cases."""
    db.session.execute(delete(PriorReport).where(PriorReport.case_id.in_(case_ids)))


def _rows(case_id: UUID) -> Sequence[PriorReport]:
    return db.session.scalars(
        select(PriorReport).where(PriorReport.case_id == case_id).order_by(PriorReport.number)
    ).all()


def _view(row: PriorReport) -> PriorView:
    return PriorView(
        id=row.id,
        modality=row.modality,
        region=row.region,
        exam=tuple(render_segments(row.exam)),
        language=row.language,
        months_before=row.months_before,
        sections=whole_report(row.masked_text, row.language),
    )


def _knowing(prior: PriorMaterial, own: KnownIdentities) -> PriorMaterial:
    """Return an earlier report whose masking knows what that of its case knows as well."""
    known = prior.material.known.joined(own)
    return replace(prior, material=replace(prior.material, known=known))
