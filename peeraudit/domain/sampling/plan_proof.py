"""Does a bundle draw as many reports of each stratum as its locked protocol says?"""

import hashlib
from collections.abc import Mapping
from typing import Any

from peeraudit.domain.errors import N_, DomainError
from peeraudit.domain.protocol import Sampling
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sampling.proof_problems import Problem
from peeraudit.domain.sampling.sample_plans import plan_sample
from peeraudit.domain.strata import split_stratum


def plan_problems(bundle: Mapping[str, Any], counts: Mapping[str, int]) -> list[Problem]:
    """Return what is wrong with the sizes of a draw; nothing where no protocol is enclosed.

    Args:
        bundle: with the canonical text of the rules, their hash, and the sizes.
        counts: N_h per stratum of the list.
    """
    if "protocol" not in bundle:
        return []
    found = _fingerprint(bundle)
    if found != bundle.get("protocol_sha256"):
        message = N_("The rules are not those that were locked: their fingerprint is %(found)s.")
        return [Problem(message, found=found)]
    try:
        sampling = from_json(bundle["protocol"]).sampling
        for name in counts:
            split_stratum(name, sampling.strata)
        sizes = plan_sample(counts, sampling).sizes
    except DomainError as error:
        return [Problem(error.message, **error.params)]
    message = N_(
        "%(stratum)s: the rules draw %(planned)d of %(held)d reports, and the bundle %(claimed)d."
    )
    claimed = bundle["sizes"]
    return [
        Problem(
            message, stratum=name, planned=size, held=counts[name], claimed=claimed.get(name, 0)
        )
        for name, size in sizes.items()
        if claimed.get(name) != size
    ]


def rules_of(bundle: Mapping[str, Any]) -> Sampling | None:
    """Return the sampling rules that a bundle encloses; None where they are not the locked ones."""
    if "protocol" not in bundle or _fingerprint(bundle) != bundle.get("protocol_sha256"):
        return None
    try:
        return from_json(bundle["protocol"]).sampling
    except DomainError:
        return None


def _fingerprint(bundle: Mapping[str, Any]) -> str:
    return hashlib.sha256(bundle["protocol"].encode()).hexdigest()
