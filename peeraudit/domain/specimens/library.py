"""Which examinations does an invented department report?"""

from typing import Final

from peeraudit.domain.specimens.scenario import Scenario
from peeraudit.domain.specimens.scenarios import (
    en_abdomen_ct,
    en_brain,
    en_breast,
    en_chest_ct,
    en_radiographs,
    en_spine_joints_pelvis,
    en_ultrasound,
    fr_abdomen,
    fr_abdomen_ct,
    fr_bones,
    fr_brain,
    fr_breast,
    fr_chest,
    fr_chest_ct,
    fr_interstitial,
    fr_joints,
    fr_neck,
    fr_pelvis,
    fr_sclerosis,
    fr_spine,
    fr_vessels,
)

FRENCH: Final[tuple[Scenario, ...]] = (
    *fr_brain.SCENARIOS,
    *fr_sclerosis.SCENARIOS,
    *fr_neck.SCENARIOS,
    *fr_spine.SCENARIOS,
    *fr_chest.SCENARIOS,
    *fr_chest_ct.SCENARIOS,
    *fr_interstitial.SCENARIOS,
    *fr_vessels.SCENARIOS,
    *fr_abdomen.SCENARIOS,
    *fr_abdomen_ct.SCENARIOS,
    *fr_pelvis.SCENARIOS,
    *fr_joints.SCENARIOS,
    *fr_bones.SCENARIOS,
    *fr_breast.SCENARIOS,
)
ENGLISH: Final[tuple[Scenario, ...]] = (
    *en_brain.SCENARIOS,
    *en_chest_ct.SCENARIOS,
    *en_abdomen_ct.SCENARIOS,
    *en_spine_joints_pelvis.SCENARIOS,
    *en_radiographs.SCENARIOS,
    *en_ultrasound.SCENARIOS,
    *en_breast.SCENARIOS,
)
SCENARIOS: Final[dict[str, tuple[Scenario, ...]]] = {"fr": FRENCH, "en": ENGLISH}

# Shares of a general hospital's work, roughly; they need not sum to one.
MODALITY_SHARES: Final = (("CT", 0.38), ("CR", 0.24), ("US", 0.15), ("MR", 0.17), ("MG", 0.06))


def scenarios_for(language: str, modality: str, sex: str, age: int) -> tuple[Scenario, ...]:
    """Return the examinations of a modality that suit a patient; there may be none."""
    return tuple(
        scenario
        for scenario in SCENARIOS[language]
        if scenario.modality == modality
        and scenario.sex in {"", sex}
        and scenario.ages[0] <= age <= scenario.ages[1]
    )
