"""How is a summary set on paper: an accessible PDF with the numbers of the page?"""

import json
from datetime import datetime
from pathlib import Path

import typst
from flask_babel import gettext

from peeraudit.adapters.summary_words import LEVEL, in_text
from peeraudit.adapters.wording import day, percent, speaking
from peeraudit.domain.summaries.summary_page import Page

SHEETS = Path(__file__).parent / "sheets"


def typeset(page: Page, *, language: str) -> bytes:
    """Return a summary as an accessible PDF; the same summary gives the same bytes.

    Args:
        page: what to set.
        language: ``fr`` or ``en``.

    Returns:
        PDF/UA-1, its fonts embedded; no font of the machine is used.
    """
    with speaking(language):
        data = {"language": language, "labels": _labels(page), "text": in_text(page)}
    return typst.compile(
        SHEETS / "summary.typ",
        root=SHEETS,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=_stamp(page.facts.issued_at),
    )


def _stamp(moment: datetime) -> int:
    """Return the moment in whole seconds, so that printing again changes no byte."""
    return int(moment.timestamp())


def _labels(page: Page) -> dict[str, str]:
    return {
        "title": gettext("Summary"),
        "frozen": gettext("data frozen on %(day)s", day=day(page.facts.frozen_at)),
        "by_modality": gettext("First-read rate by modality"),
        "three_rates": gettext("Three rates, and what each one means"),
        "among": gettext("Departments among one another"),
        "over_time": gettext("Over time"),
        "agreement": gettext("How far reviewers agree"),
        "figures": gettext("The same in figures"),
        "how": gettext("How this was done"),
        "methods": gettext("Methods"),
        "own_rules": gettext(
            "† This interval follows a rule of our own, which no paper prescribes:"
        ),
        "modality": gettext("Modality"),
        "drawn": gettext("Rate and interval"),
        "rate": gettext("Rate"),
        "interval": gettext("%(level)s interval", level=percent(LEVEL, 0)),
        "counts": gettext("Discrepant"),
        "discrepant": gettext("Discrepant"),
        "read": gettext("Read"),
        "frame": gettext("In the period"),
        "name": gettext("Name"),
        "meaning": gettext("Meaning"),
        "first_read": gettext("First-read rate"),
        "confirmed": gettext("Confirmed rate"),
    }
