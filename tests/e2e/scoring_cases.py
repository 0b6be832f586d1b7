"""Puts reviewers with masked cases into the installation of the environment; JSON out.

A process of its own, as in ``tests/live/furnish.py``.
"""

import json
import sys
from dataclasses import replace
from itertools import islice

from peeraudit.adapters.database import writing
from peeraudit.adapters.passwords import hash_password
from peeraudit.app import create_app
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.protocol import BlindingMode
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import SpecimenReport, specimen_reports
from peeraudit.domain.workflow import CampaignState
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from tests.conftest import PASSWORD
from tests.factories.accounts import make_department
from tests.factories.readings import make_drawn_campaign, protocol_of
from tests.factories.scoring import make_assignment, make_masked_case, make_reviewer

CASES = 4
SEED = "a browser looks at cases"
FROM = 20


def main(reviewers: int) -> None:
    # The worker writes meanwhile: each transaction waits for its turn at its beginning.
    with create_app().app_context(), writing():
        sys.stdout.write(json.dumps(fill(db.session, reviewers)))


def fill(session, reviewers):
    """Give each of several reviewers a few cases; return how they sign in."""
    network = specimen_network(SEED)
    reports = islice(specimen_reports(network, FROM + reviewers * CASES), FROM, None)
    places = tuple(word for d in network.departments for word in (d.name, d.city))
    department = make_department(session)
    campaign = make_drawn_campaign(session, [department], state=CampaignState.RUNNING)
    rules = replace(protocol_of(), blinding=BlindingMode(read_first=True))
    blind = make_drawn_campaign(session, [department], state=CampaignState.RUNNING, protocol=rules)
    secret = hash_password(PASSWORD)
    people = []
    for _ in range(reviewers):
        reviewer, actor = make_reviewer(session, secret)
        cases = [
            offer(session, reviewer, campaign, department, report, places, days)
            for days, report in enumerate(islice(reports, CASES), start=1)
        ]
        row = make_masked_case(session, blind, department)
        first = str(make_assignment(session, row, reviewer, days=40).id)
        email = session.get(Account, actor.account_id).email
        people.append({"email": email, "cases": cases, "blind": first})
    return people


def offer(session, reviewer, campaign, department, report, places, days):
    case = make_masked_case(
        session,
        campaign,
        department,
        masked_text=masked(report, places),
        shown_date=f"{report.performed_on:%Y-%m}",
    )
    case.modality, case.region = report.modality, report.region
    case.exam, case.language = report.exam, report.language
    return str(make_assignment(session, case, reviewer, days=days).id)


def masked(report: SpecimenReport, places) -> str:
    doctors = [report.author, *report.clinicians]
    known = KnownIdentities(
        patients=(Person("", report.patient.family, report.patient.given),),
        clinicians=tuple(Person("", one.family, one.given) for one in doctors),
        identifiers=(report.accession, report.patient.ipp),
        birth_dates=(report.patient.birth_date,),
        phones=(report.patient.phone,),
        places=places,
    )
    return mask(report.text, known, report.language).text


if __name__ == "__main__":
    main(int(sys.argv[1]))
