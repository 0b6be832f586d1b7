"""How does a case read beside its sheet, a reviewer's or an adjudicator's?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import url_for
from flask_babel import format_date, gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from peeraudit.adapters.clock import local_day, now
from peeraudit.domain.examinations import LATERALITY_LABELS, URGENCY_LABELS, ExamFacts
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.domain.scoring import ScoreSheet, needs_comment, needs_error_type
from peeraudit.domain.workflow import DECLINE_LABELS, DeclineReason
from peeraudit.services.adjudication import Decision, SettlingView
from peeraudit.services.case_texts import Segments, SheetSection
from peeraudit.services.prior_reports import PriorView
from peeraudit.services.scoring import SheetView

MaskedCase = SheetView | SettlingView
# Below two years one counts in months.
MONTHS_IN_WORDS = 24
# An identifier has a button of its own, which takes the case from everyone.
_REASONS = tuple(r for r in DeclineReason if r is not DeclineReason.IDENTIFIER_SEEN)


@dataclass(frozen=True, slots=True)
class ScoreChoice:
    """One score on the pad."""

    code: str
    key: str
    label: str
    help: str
    discrepant: bool
    needs_comment: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One error type, or one reason to give a case back."""

    code: str
    label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class PriorBox:
    """An earlier report of the patient, in the words of the page's language.

    Attributes:
        title: what was examined and, where dates are shown, how long before.
    """

    id: UUID
    title: str
    exam: Segments
    language: str
    sections: Sequence[SheetSection]


@dataclass(frozen=True, slots=True)
class CaseScreen:
    """A case beside its sheet, in the words of the page's language.

    Attributes:
        days_left: whole days until the case is due; negative when it is late.
        sheet: as it was kept, or as it was just sent and could not be taken.
        errors: what is missing or wrong, by field.
    """

    code: str
    days_left: int
    facts: Sequence[str]
    exam: Segments
    blinding: str
    language: str
    sections: Sequence[SheetSection]
    priors: Sequence[PriorBox]
    scores: Sequence[ScoreChoice]
    types: Sequence[Choice]
    decline_reasons: Sequence[Choice]
    sheet: ScoreSheet | Decision
    errors: Mapping[str, str]
    sheet_url: str
    vigil_url: str
    pull_url: str
    decline_url: str


class SheetFields(FlaskForm):
    """What both sheets ask; whether it is complete is the domain's to say."""

    score = StringField()
    error_type = StringField()
    comment = TextAreaField()
    seconds = IntegerField(default=0)

    def error_type_for(self, instrument: Instrument) -> str:
        """Return the error type; a radio button cannot be cleared by hand, so a score clears it."""
        score = self.score.data
        is_asked = not score or needs_error_type(instrument, score)
        return self.error_type.data or "" if is_asked else ""

    def words(self) -> str:
        """Return the comment; a browser sends line ends of its own."""
        return (self.comment.data or "").replace("\r\n", "\n")


class DeclineForm(FlaskForm):
    """Why a case is given back."""

    reason = RadioField(choices=[SelectChoice(reason.value, "") for reason in DeclineReason])


class PullForm(FlaskForm):
    """The words in which a person was recognised, where the reader marks them."""

    seen = StringField()


def case_screen(
    view: MaskedCase,
    sheet: ScoreSheet | Decision,
    errors: Mapping[str, str] | None,
    *,
    door: str,
    address: str,
) -> CaseScreen:
    """Return a case beside its sheet.

    Args:
        view: the case.
        sheet: what is filled in.
        errors: what is missing or wrong, by field.
        door: the blueprint whose page it is.
        address: the endpoint of the page, which takes the sheet as well.
    """
    scale, own = view.instrument, view.assignment_id
    return CaseScreen(
        code=view.code,
        days_left=days_until(view.due_at),
        facts=_facts(view),
        exam=view.exam,
        blinding=gettext(view.blinding),
        language=view.language,
        sections=view.sections,
        priors=[prior_box(one) for one in view.priors],
        scores=score_choices(scale),
        types=[Choice(one.code, gettext(one.label), one.key) for one in scale.error_types],
        decline_reasons=[Choice(r.value, gettext(DECLINE_LABELS[r])) for r in _REASONS],
        sheet=sheet,
        errors=errors or {},
        sheet_url=url_for(f"{door}.{address}", assignment_id=own),
        vigil_url=url_for(f"{door}.watch_case", assignment_id=own),
        pull_url=url_for(f"{door}.pull_case", assignment_id=own),
        decline_url=url_for(f"{door}.decline_case", assignment_id=own),
    )


def prior_box(view: PriorView) -> PriorBox:
    """Return an earlier report in the words of the page's language."""
    parts = [label_of(MODALITY_LABELS, view.modality), label_of(REGION_LABELS, view.region)]
    if view.months_before is not None:
        parts.append(_how_long_before(view.months_before))
    return PriorBox(view.id, " · ".join(parts), view.exam, view.language, view.sections)


def _how_long_before(months: int) -> str:
    if not months:
        return gettext("the same month")
    if months < MONTHS_IN_WORDS:
        return ngettext("one month earlier", "%(num)s months earlier", months)
    years = months // 12
    return ngettext("one year earlier", "%(num)s years earlier", years)


def score_choices(scale: Instrument) -> list[ScoreChoice]:
    """Return the scores of a scale for its pad, mildest first."""
    return [
        ScoreChoice(
            code=one.code,
            key=one.key,
            label=gettext(one.label),
            help=gettext(one.help),
            discrepant=scale.is_discrepant(one.code),
            needs_comment=needs_comment(scale, one.code, urgent=False),
        )
        for one in scale.categories
    ]


def label_of(labels: Mapping[str, str], code: str) -> str:
    """Return the words of a code; the code itself where it has none."""
    return gettext(labels[code]) if code in labels else code


def side_and_urgency(facts: ExamFacts) -> list[str]:
    """Return which side was examined and how urgently; what was worked out is marked as such."""
    known = (
        ("laterality", label_of(LATERALITY_LABELS, facts.laterality)),
        ("urgency", label_of(URGENCY_LABELS, facts.urgency)),
    )
    return [
        gettext("%(fact)s (derived)", fact=words) if name in facts.derived else words
        for name, words in known
        if words
    ]


def type_label(scale: Instrument, code: str) -> str:
    """Return the words of an error type; nothing where there is none."""
    return gettext(scale.error_type(code).label) if code else ""


def days_until(moment: datetime) -> int:
    """Return the calendar days from today to ``moment``, in the zone of the installation."""
    return (local_day(moment) - local_day(now())).days


def _facts(view: MaskedCase) -> list[str]:
    facts = [label_of(MODALITY_LABELS, view.modality), label_of(REGION_LABELS, view.region)]
    facts += side_and_urgency(view.facts)
    if view.department:
        facts.append(view.department)
    if view.month:
        year, month = (int(part) for part in view.month.split("-"))
        facts.append(format_date(date(year, month, 1), "MMMM y"))
    return facts
