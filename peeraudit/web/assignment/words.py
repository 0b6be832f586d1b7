"""How do an examination and a reason read on the assignment pages?"""

from dataclasses import replace

from flask_babel import gettext

from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.domain.sentences import Sentence
from peeraudit.web.errors import say


def examination(modality: str, region: str) -> str:
    """Return what was examined, in words."""
    return ", ".join(part for part in (_modality(modality), _region(region)) if part)


def reason(sentence: Sentence) -> str:
    """Return a kept reason in words; modalities and regions are kept as codes."""
    params = dict(sentence.params)
    if "modality" in params:
        params["modality"] = _modality(str(params["modality"]))
    if "modalities" in params:
        codes = str(params["modalities"]).split(", ")
        params["modalities"] = ", ".join(_modality(code) for code in codes)
    if "region" in params:
        params["region"] = _region(str(params["region"]))
    return say(replace(sentence, params=params))


def _modality(code: str) -> str:
    return gettext(MODALITY_LABELS[code]) if code in MODALITY_LABELS else code


def _region(code: str) -> str:
    return gettext(REGION_LABELS[code]).lower() if code in REGION_LABELS else code
