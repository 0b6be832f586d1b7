"""A department is told what became of its sample after the draw."""

import json
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import in_words, speaking
from peeraudit.domain.accounts import Role
from peeraudit.domain.summaries.sample_changes import Growth
from peeraudit.domain.summaries.summary_content import SummaryContent
from peeraudit.models.sampling import Draw, DrawExtension, DrawReplacement, Frame
from peeraudit.models.summaries import Summary
from peeraudit.services import sample_changes, statistics, summaries
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit
from tests.factories.fine_audits import BY_WEEK, refine, rules_of
from tests.factories.moments import MOMENT
from tests.factories.network import make_actor
from tests.pdf import text_of
from tests.services.test_summaries import CT, MR

REASON = "Trop peu d’IRM relues pour conclure."


@pytest.fixture
def audit(session):
    """A campaign of 104 reports that a department had extended before and after its reading."""
    audit = make_audit(session, [{"CT": CT, "MR": MR}, {"CT": CT}, {"MR": MR}])
    draw = session.scalars(select(Draw).where(Draw.campaign_id == audit.campaign.id)).one()
    frame = session.get_one(Frame, draw.frame_id)
    sizes = {name: part["sample"] for name, part in json.loads(frame.allocation).items()}
    first = audit.departments[0].code
    for number, (stratum, moment) in enumerate(
        ((f"{first}:CT", MOMENT - timedelta(days=1)), (f"{first}:MR", MOMENT + timedelta(days=1))),
        start=1,
    ):
        sizes[stratum] += 5 * number
        session.add(
            DrawExtension(
                id=uuid4(), draw_id=draw.id, number=number, after=0, target=sum(sizes.values()),
                sizes=json.dumps(sizes), added="{}", reason=REASON, extended_at=moment,
            )
        )  # fmt: skip
    for number, (code, reason) in enumerate(
        ((first, "objection"), (first, "objection"), (first, "not_a_report"),
         (audit.departments[1].code, "out_of_scope")),
        start=1,
    ):  # fmt: skip
        session.add(
            DrawReplacement(
                id=uuid4(), draw_id=draw.id, number=number, stratum=f"{code}:CT",
                removed_key=f"r{number}", added_key=f"a{number}", reason=reason,
                replaced_at=MOMENT,
            )
        )  # fmt: skip
    session.commit()
    return audit


def published(audit, lead):
    with unit_of_work():
        statistics.freeze_campaign(audit.campaign.id, by=lead)
    sweep()
    with unit_of_work():
        return summaries.publish_summaries(audit.campaign.id, by=lead)


class TestGrowthsOf:
    def test_each_step_tells_sizes_before_and_after_and_whether_scores_existed(
        self, session, audit
    ):
        first, second = sample_changes.growths_of(audit.campaign.id, audit.departments[0].code)

        own, others = 68 + 36, 68 + 36
        assert (first.own_before, first.own_after) == (own, own + 5)
        assert (second.own_before, second.own_after) == (own + 5, own + 15)
        assert (first.before, first.after) == (own + others, own + others + 5)
        assert (second.before, second.after) == (own + others + 5, own + others + 15)
        assert first.reviews == 0
        # Every case was read once, and 26 of each 68 CT twice.
        assert second.reviews == own + others + 2 * 26
        assert first.reason == REASON

    def test_another_department_keeps_its_own(self, audit):
        found = sample_changes.growths_of(audit.campaign.id, audit.departments[1].code)

        assert {(one.own_before, one.own_after) for one in found} == {(68, 68)}

    def test_a_draw_that_stayed_as_it_was_has_none(self, session):
        audit = make_audit(session, [{"CT": CT}])

        assert sample_changes.growths_of(audit.campaign.id, audit.departments[0].code) == ()
        assert sample_changes.replaced_of(audit.campaign.id, audit.departments[0].code) == ()

    def test_growth_reads_back_as_it_was(self, audit):
        for one in sample_changes.growths_of(audit.campaign.id, audit.departments[0].code):
            assert Growth.from_dict(json.loads(json.dumps(one.to_dict()))) == one


class TestReplacedOf:
    def test_only_the_reports_of_the_department_are_counted(self, audit):
        found = [
            sample_changes.replaced_of(audit.campaign.id, place.code) for place in audit.departments
        ]

        assert found == [
            (("not_a_report", 1), ("objection", 2)),
            (("out_of_scope", 1),),
            (),
        ]


class TestSummary:
    @pytest.fixture
    def view(self, session, audit):
        lead = make_actor(session, Role.NETWORK_LEAD)
        published(audit, lead)
        quality = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])
        [line] = summaries.list_summaries(by=quality)
        return summaries.show_summary(line.id, by=quality), quality

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            (
                "en",
                [
                    "from 208 to 213 reports in the campaign, and from 104 to 109 in this",
                    "No review of the campaign had been handed in by then.",
                    "260 reviews of the campaign had been handed in by then",
                    "2 of this department, by the next of the draw.",
                ],
            ),
            (
                "fr",
                [
                    "de 208 à 213 comptes rendus dans la campagne, et de 104 à 109 dans ce service",
                    "Aucune relecture de la campagne n’avait alors été remise.",
                    "260 relectures de la campagne avaient alors été remises",
                    "2 de ce service, dans l’ordre du tirage.",
                ],
            ),
        ],
    )
    def test_it_says_how_the_sample_grew_and_what_was_replaced(self, view, language, words):
        shown, quality = view
        with speaking(language):
            how = " ".join(f"{in_words(a)} {in_words(b)}" for a, b in shown.page.how)
        paper = " ".join(
            text_of(summaries.print_summary(shown.id, language=language, by=quality)).split()
        )

        for one in (*words, REASON):
            assert one in how
            assert one in paper

    def test_it_is_kept_with_the_summary(self, session, view):
        shown, _ = view
        kept = SummaryContent.from_json(session.get_one(Summary, shown.id).content)

        assert kept.facts == shown.facts
        assert [one.own_after for one in kept.facts.extensions] == [109, 119]

    def test_one_of_an_earlier_version_tells_nothing_of_it(self, session, view):
        shown, _ = view
        data = json.loads(session.get_one(Summary, shown.id).content)
        for name in ("extensions", "replaced", "strata"):
            del data["facts"][name]

        facts = SummaryContent.from_json(json.dumps(data)).facts

        assert (facts.extensions, facts.replaced, facts.strata) == ((), (), ())


def test_a_summary_says_which_strata_it_is_weighted_by(session):
    strata = [{"CT": (300, [Read(40, "1", None, "1"), Read(8, "2b", "2b", "2b")])}] * 2
    audit = make_audit(session, strata, protocol=rules_of(BY_WEEK))
    refine(session, audit, Random(3))  # noqa: S311 - it makes up an audit, no secret
    lead = make_actor(session, Role.NETWORK_LEAD)
    [first, _] = published(audit, lead)

    view = summaries.show_summary(first, by=lead)

    assert view.facts.strata == ("department", "week")
    with speaking("en"):
        how = " ".join(in_words(told) for _, told in view.page.how)
    assert "each stratum of the draw" in how
    assert view.part.told.is_coarse
    # No digit pretends to more than is told.
    assert {row.decimals for row in view.page.first_read} == {0}
