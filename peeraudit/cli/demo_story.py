"""The invented audit of the demonstration: campaigns that are over, half-way, or cannot begin."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import click

from peeraudit.adapters import clock
from peeraudit.adapters.clock import shifted
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.cli.work import carry_out_due
from peeraudit.domain.blinding.checks import CheckStage
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.protocol import AssignmentRules, Protocol, Retention, Sampling, Scope
from peeraudit.domain.sampling.targeting import TargetReason
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.domain.specimens import behaviour
from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.network import SpecimenNetwork
from peeraudit.domain.specimens.readings import Reading, read
from peeraudit.domain.specimens.truths import Truth
from peeraudit.domain.strata import DEFAULT_FIELDS, StratumField
from peeraudit.domain.workflow import CampaignEvent, Turn
from peeraudit.services import (
    adjudication,
    assignment,
    blinding_recognition,
    boards,
    campaigns,
    checking,
    demo_audit,
    demo_network,
    demo_readings,
    draw_extensions,
    feedback,
    frames,
    masking,
    overdue,
    sampling,
    scoring,
    settling,
    statistics,
    summaries,
    targeting,
)
from peeraudit.services.adjudication import Decision
from peeraudit.services.checking import Wanted
from peeraudit.services.demo_audit import Truths, Waiting

MODALITIES = ("CR", "CT", "MG", "MR", "US")
MORNING = time(8, 30)
SATURDAY = 5
WORKING_MINUTES = 9 * 60
STILL_TO_CHECK = 5
DAYS_BETWEEN_WORDS = 7
DAY_OF_MORE = 11
SHARE_OF_MORE = 0.55
LATE_READERS = 2
CASES_LEFT_OPEN = 2
DAYS_OF_A_YEARLY = 60
UNDONE = (CheckStage.TO_CHECK, CheckStage.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Plot:
    """One campaign of the story.

    Attributes:
        title: as the network lead wrote it.
        first_day, last_day: of the reports' period.
        target: reports to draw.
        drawn_on: when it was drawn; readings begin two days later.
        until: the last day that is played.
        months: for how long identities are kept, in months.
        modalities: of the reports.
        strata: what divides the reports of a department.
        max_load: most cases of a reviewer; None leaves it to what they can take.
        grows: its draw is extended, and departments name cases, once it is being read; some
            readers begin cases and leave them open.
    """

    title: str
    first_day: date
    last_day: date
    target: int
    drawn_on: date
    until: date
    months: int = Retention().identity_months
    modalities: tuple[str, ...] = MODALITIES
    strata: tuple[StratumField, ...] = DEFAULT_FIELDS
    max_load: int | None = None
    grows: bool = False

    def protocol(self, departments: int) -> Protocol:
        """Return its rules, whose minimums fit so many departments."""
        is_fine = self.strata != DEFAULT_FIELDS
        share = self.target // (len(self.modalities) * departments)
        minimum = 1 if is_fine else min(Sampling().stratum_minimum, share)
        return Protocol(
            self.title,
            Scope(self.modalities, self.first_day, self.last_day),
            sampling=Sampling(self.target, minimum, strata=self.strata),
            assignment=AssignmentRules(max_load=self.max_load),
            retention=Retention(self.months),
        )


class Story:
    """Plays invented people through the same use cases that real ones call.

    Args:
        network: who they are.
        truths: (department code, accession number) → what is wrong with the report.
    """

    def __init__(self, network: SpecimenNetwork, truths: Truths) -> None:
        self._seed = network.seed
        self._truths = truths
        self._severity = {r.author.email: r.severity for r in network.reviewers}
        self._late: Sequence[str] = ()
        self._lead = demo_network.network_lead()
        self._departments = demo_network.department_ids()

    def play(self, plot: Plot, *, to_the_end: bool) -> UUID:
        """Play one campaign; return its id."""
        with on(plot.drawn_on):
            campaign_id = self._draw(plot)
            self._check(campaign_id, everything=to_the_end)
        cases = demo_audit.truths_of_cases(campaign_id, self._truths)
        self._late = self._late_readers() if plot.grows else ()
        begin = plot.drawn_on + timedelta(days=2)
        tell(f"“{plot.title}”: {len(cases)} reports are drawn, masked and checked")
        with on(begin):
            self._publish(campaign_id)
        day = begin
        while day < plot.until:
            day += timedelta(days=1)
            if plot.grows and (day - begin).days == DAY_OF_MORE:
                with on(day):
                    self._grow(campaign_id)
                cases = demo_audit.truths_of_cases(campaign_id, self._truths)
            with on(day):
                self._spend(day, campaign_id, cases)
            left = settling.open_cases(campaign_id).total
            if (day - begin).days % DAYS_BETWEEN_WORDS == 0:
                tell(f"“{plot.title}”: {len(cases) - left} of {len(cases)} cases are settled")
            if to_the_end and not left:
                break
        if to_the_end:
            with on(day + timedelta(days=1)):
                self._conclude(campaign_id)
            tell(f"“{plot.title}”: its summaries are published")
        return campaign_id

    def close(self, campaign_id: UUID) -> None:
        """Close a campaign whose summaries are published: its retention runs from then on."""
        with unit_of_work():
            boards.take_step(campaign_id, CampaignEvent.CLOSE, by=self._lead)

    def play_at_once(self, plot: Plot) -> UUID:
        """Play a campaign whose readings are written in bulk; return its id."""
        with on(plot.drawn_on):
            campaign_id = self._draw(plot)
            self._approve_without_doubt(campaign_id)
            self._check(campaign_id, everything=True)
            cases = demo_audit.truths_of_cases(campaign_id, self._truths)
            tell(f"“{plot.title}”: {len(cases)} reports are drawn, masked and checked")
            self._publish(campaign_id)
            with unit_of_work():
                demo_readings.write_readings(
                    campaign_id, cases, self._severity, seed=f"{self._seed}/{plot.title}"
                )
            carry_out_due()
        with on(plot.drawn_on + timedelta(days=DAYS_OF_A_YEARLY)):
            self._conclude(campaign_id)
        tell(f"“{plot.title}”: its summaries are published")
        return campaign_id

    def plan_in_vain(self, plot: Plot) -> None:
        """Draw a campaign whose rules leave too few readers: its plan says what would mend it."""
        with on(plot.drawn_on):
            campaign_id = self._draw(plot)
            self._check(campaign_id, everything=True)
            self._plan(campaign_id)

    def draft(self, plot: Plot) -> None:
        """Write the rules of a campaign that nobody has locked."""
        rules = plot.protocol(len(self._departments))
        with on(plot.drawn_on), unit_of_work():
            campaigns.create_campaign(rules, self._departments, by=self._lead)

    def _grow(self, campaign_id: UUID) -> None:
        """Let departments name cases to teach from, and the lead extend the draw."""
        rules = campaigns.protocol_of(campaign_id)
        for department_id, why in zip(self._departments, TargetReason, strict=False):
            left = demo_audit.undrawn_examinations(campaign_id, department_id, rules)
            if left:
                by = demo_network.coordinator_of(department_id)
                with unit_of_work():
                    targeting.name_report(campaign_id, left[-1], why, by=by)
        more = max(1, round(rules.sampling.target * SHARE_OF_MORE))
        reason = "Trop peu de mammographies dans le premier tirage."
        with unit_of_work():
            draw_extensions.extend_draw(
                campaign_id, rules.sampling.target + more, reason=reason, by=self._lead
            )
        carry_out_due()
        self._check(campaign_id, everything=False)
        self._publish(campaign_id)

    def _draw(self, plot: Plot) -> UUID:
        protocol = plot.protocol(len(self._departments))
        # Whoever does not do a modality takes no part in a campaign of it.
        places = demo_audit.senders(protocol.scope)
        with unit_of_work():
            campaign_id = campaigns.create_campaign(protocol, places, by=self._lead)
        with unit_of_work():
            campaigns.lock_campaign(campaign_id, by=self._lead)
        with unit_of_work():
            frames.freeze_frame(campaign_id, by=self._lead)
        with unit_of_work():
            sampling.draw_sample(campaign_id, by=self._lead)
        carry_out_due()
        return campaign_id

    def _check(self, campaign_id: UUID, *, everything: bool) -> None:
        """Let the coordinators look at what was masked; all of it, or all but a few cases."""
        wanted = Wanted(campaign_id=campaign_id)
        for department_id in self._departments:
            by = demo_network.coordinator_of(department_id)
            counts = checking.list_cases(wanted, by=by).counts
            waiting = sum(counts.get(stage, 0) for stage in UNDONE)
            for _ in range(waiting if everything else waiting - STILL_TO_CHECK):
                case_id = checking.next_case(wanted, by=by)
                if case_id is not None:
                    with unit_of_work():
                        masking.approve_case(case_id, by=by)

    def _approve_without_doubt(self, campaign_id: UUID) -> None:
        for department_id in self._departments:
            with unit_of_work():
                masking.approve_all(campaign_id, by=demo_network.coordinator_of(department_id))

    def _publish(self, campaign_id: UUID) -> None:
        plan_id = self._plan(campaign_id)
        with unit_of_work():
            assignment.publish_plan(plan_id, by=self._lead)

    def _plan(self, campaign_id: UUID) -> UUID:
        with unit_of_work():
            assignment.order_plan(campaign_id, by=self._lead)
        carry_out_due()
        plan = assignment.show_plan(campaign_id, by=self._lead)
        if plan is None:
            raise RuntimeError("the demonstration's assignment could not be planned")
        return plan.id

    def _spend(self, day: date, campaign_id: UUID, cases: Mapping[UUID, Truth]) -> None:
        """Let one working day pass."""
        if day.weekday() < SATURDAY:
            self._read(day, campaign_id, cases)
            self._answer(day, campaign_id)
        with shifted(timedelta(minutes=WORKING_MINUTES)):
            for expire in (
                overdue.expire_readings,
                settling.sweep_cases,
                feedback.expire_replies,
            ):
                with unit_of_work():
                    expire()
            carry_out_due()

    def _read(self, day: date, campaign_id: UUID, cases: Mapping[UUID, Truth]) -> None:
        left: dict[str, int] = {}
        for waiting in demo_audit.list_waiting(campaign_id):
            who = waiting.email
            if who in self._late:
                self._leave_open(waiting)
                continue
            left.setdefault(who, behaviour.readings_on(self._dice("day", who, str(day))))
            if not left[who]:
                continue
            left[who] -= 1
            late = self._dice("hour", who, str(waiting.case_id)).between(0, WORKING_MINUTES)
            with shifted(timedelta(minutes=late)):
                if waiting.turn is Turn.ADJUDICATOR:
                    self._settle(waiting, cases[waiting.case_id])
                else:
                    self._score(waiting, cases[waiting.case_id])

    def _late_readers(self) -> Sequence[str]:
        """Return who will be late; nobody who settles cases too."""
        able = sorted(set(self._severity) - demo_audit.adjudicators())
        return self._dice("late").shuffled(able)[:LATE_READERS]

    def _leave_open(self, waiting: Waiting) -> None:
        """Let somebody who will be late begin a case or two, and read none."""
        if demo_audit.count_begun(waiting) < CASES_LEFT_OPEN:
            with unit_of_work():
                scoring.open_case(waiting.assignment_id, by=waiting.actor)

    def _score(self, waiting: Waiting, truth: Truth) -> None:
        dice = self._dice("read", waiting.email, str(waiting.case_id))
        said = read(truth, self._severity[waiting.email], dice, language=waiting.language)
        with unit_of_work():
            scoring.submit_review(waiting.assignment_id, _sheet(said), by=waiting.actor)
            own = waiting.actor.department_id
            places = [place for place in self._departments if place != own]
            answer = behaviour.recognise(
                self._dice("recognise", waiting.email, str(waiting.case_id)), places
            )
            blinding_recognition.answer_question(waiting.assignment_id, answer, by=waiting.actor)

    def _settle(self, waiting: Waiting, truth: Truth) -> None:
        dice = self._dice("settle", waiting.email, str(waiting.case_id))
        score = behaviour.settle(demo_audit.scores_of(waiting.case_id), truth, dice)
        error_type, comment = behaviour.comment_on(score, truth, language=waiting.language)
        seconds = dice.between(60, 400)
        with unit_of_work():
            decision = Decision(score, error_type, comment, seconds)
            adjudication.settle_case(waiting.assignment_id, decision, by=waiting.actor)

    def _answer(self, day: date, campaign_id: UUID) -> None:
        for told in demo_audit.list_told(campaign_id):
            dice = self._dice("answer", str(told.outcome_id))
            said = behaviour.answer(told.score, dice, language=told.language)
            if said is None or (day - told.since.date()).days < dice.between(1, 9):
                continue
            with unit_of_work():
                feedback.reply(
                    told.outcome_id,
                    said.stance,
                    said.text,
                    asks_reconsideration=said.asks_reconsideration,
                    by=told.actor,
                )

    def _conclude(self, campaign_id: UUID) -> None:
        left = settling.open_cases(campaign_id).total
        reason = "Délai de l'audit écoulé ; cas laissés en attente." if left else ""
        with unit_of_work():
            statistics.freeze_campaign(campaign_id, reason=reason, by=self._lead)
        carry_out_due()
        with unit_of_work():
            summaries.publish_summaries(campaign_id, by=self._lead)
        with unit_of_work():
            demo_audit.note_notices_read(but=NoticeKind.SUMMARY_ISSUED)

    def _dice(self, *parts: str) -> Dice:
        return Dice("/".join([self._seed, "story", *parts]))


def tell(words: str) -> None:
    """Say how far the story is; the launcher passes marked lines on to the terminal."""
    click.echo(f"» {words}")


@contextmanager
def on(day: date) -> Iterator[None]:
    """Let the block happen on a morning of the past."""
    moment = datetime.combine(day, MORNING, UTC)
    with shifted(moment - clock.now()):
        yield


def _sheet(said: Reading) -> ScoreSheet:
    return ScoreSheet(
        score=said.score,
        error_type=said.error_type or None,
        comment=said.comment,
        urgent=said.urgent,
        seconds=said.active_seconds,
    )
