"""Which computation answers to which function id of the specification?

Every computation takes the ``inputs`` of a worked example by their names there and returns a
result comparable with its ``expected``. A section of the specification has one module, with a
mapping from the short id (``S2.01``) to the computation.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from peeraudit.domain.qualification.agreement_cases import AGREEMENT
from peeraudit.domain.qualification.answers import Answer, Inputs
from peeraudit.domain.qualification.department_cases import DEPARTMENTS
from peeraudit.domain.qualification.integrity_cases import INTEGRITY
from peeraudit.domain.qualification.monitoring_cases import MONITORING
from peeraudit.domain.qualification.power_cases import POWERS
from peeraudit.domain.qualification.rate_cases import RATES
from peeraudit.domain.qualification.sampling_cases import SAMPLING
from peeraudit.domain.qualification.scale_cases import SCALE
from peeraudit.domain.qualification.severity_cases import SEVERITY
from peeraudit.domain.qualification.suppression_cases import SUPPRESSION
from peeraudit.domain.qualification.workload_cases import WORKLOAD

Computation: TypeAlias = Callable[[Inputs], Answer]

FUNCTIONS: Mapping[str, Computation] = {
    **SAMPLING,
    **RATES,
    **AGREEMENT,
    **SEVERITY,
    **DEPARTMENTS,
    **MONITORING,
    **WORKLOAD,
    **INTEGRITY,
    **POWERS,
    **SUPPRESSION,
    **SCALE,
}


def find_function(function_id: str) -> Computation | None:
    """Return the computation of an id such as ``S2.01_srs_rate``; None where there is none."""
    return FUNCTIONS.get(function_id.partition("_")[0])
