"""Campaigns whose strata are finer than department and modality, made of coarser ones."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from peeraudit.domain.protocol import Protocol, Sampling, Scope
from peeraudit.domain.strata import StratumField, author_mark, name_stratum, split_stratum, week_of
from peeraudit.models.identities import Identity
from peeraudit.models.sampling import Frame
from peeraudit.services import blinding_records as records
from peeraudit.services import blinding_strata
from tests.factories.cases import FIRST_DAY

F = StratumField
BY_REGION = (F.MODALITY, F.REGION)
BY_WEEK = (F.WEEK,)
BY_AUTHOR = (F.MODALITY, F.AUTHOR)
UNDIVIDED = ()
FINER = (BY_REGION, BY_WEEK, BY_AUTHOR, UNDIVIDED)
REGIONS = ("chest", "abdomen", "head")
WEEKS = 4


def rules_of(fields, **changes):
    """Return a protocol with these strata."""
    scope = Scope(("CT", "MR", "US"), FIRST_DAY, FIRST_DAY + timedelta(days=30))
    return Protocol("Strates fines", scope, sampling=Sampling(strata=tuple(fields)), **changes)


def refine(session, audit, chance):
    """Divide the frame of an audit as its protocol says; committed.

    Each case gets a region and a week by chance, and its own author. Every stratum holds more
    reports than were drawn of it, each its own share, and one of each department nobody drew.

    Args:
        session: the session.
        audit: as ``make_audit`` gives it, its protocol with finer strata.
        chance: decides.
    """
    fields = blinding_strata.fields_of(audit.campaign)
    frame = session.query(Frame).where(Frame.campaign_id == audit.campaign.id).one()
    codes = {place.id: place.code for place in audit.departments}
    drawn = Counter()
    for case in audit.cases:
        row = session.get_one(Identity, case.id)
        link = records.open_link(row)
        name = name_stratum(codes[link.department_id], _values(fields, case, link, frame, chance))
        records.seal_link(row, replace(link, stratum=name))
        drawn[name] += case.channel == "random"
    for code in codes.values():
        drawn[name_stratum(code, ["US" if f is F.MODALITY else "" for f in fields])] += 0
    allocation = {
        name: {"frame": n * chance.randint(1, 9) + chance.randint(1, 9), "sample": n}
        for name, n in drawn.items()
    }
    frame.allocation = json.dumps(allocation)
    session.commit()
    return audit


def _values(fields, case, link, frame, chance):
    known = {
        F.MODALITY: case.modality,
        F.REGION: chance.choice(REGIONS),
        F.URGENCY: chance.choice(("routine", "")),
        F.AUTHOR: author_mark(bytes.fromhex(frame.pseudonym_key), str(link.author_id)),
        F.WEEK: week_of(FIRST_DAY + timedelta(weeks=chance.randrange(WEEKS))),
    }
    return [known[one] for one in fields]


def stratum_of_case(session, case, campaign):
    """Return the department's code and the values of the stratum that a case was drawn from."""
    link = records.open_link(session.get_one(Identity, case.id))
    return split_stratum(link.stratum, blinding_strata.fields_of(campaign))
