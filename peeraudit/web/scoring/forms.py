"""Forms of the scoring page."""

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from peeraudit.domain.blind_reads import OwnFindings
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.services.score_drafts import Window
from peeraudit.web.sheets import SheetFields


class SheetForm(SheetFields):
    """The score sheet; whether it is complete is the domain's to say."""

    urgent = BooleanField()
    revision = IntegerField()

    def to_sheet(self, instrument: Instrument) -> ScoreSheet:
        """Return what was sent."""
        return ScoreSheet(
            score=self.score.data or None,
            error_type=self.error_type_for(instrument) or None,
            comment=self.words(),
            urgent=self.urgent.data,
            seconds=self.seconds.data or 0,
        )


class FindingsForm(FlaskForm):
    """Own findings; whether they may be locked is the domain's to say."""

    findings = TextAreaField()
    seconds = IntegerField(default=0)
    revision = IntegerField()
    final = BooleanField()

    def to_findings(self) -> OwnFindings:
        """Return what was sent; a browser sends line ends of its own."""
        text = (self.findings.data or "").replace("\r\n", "\n")
        return OwnFindings(text, self.seconds.data or 0)


class GiveBackForm(FlaskForm):
    """How many cases go to others."""

    count = IntegerField(
        lazy_gettext("How many of them go to others"), [InputRequired(), NumberRange(min=1)]
    )


def read_findings(sent: object) -> tuple[OwnFindings, int, Window]:
    """Return own findings, the revision and the window that the page's script sent.

    Raises:
        ValueError: something in it is not what the script sends.
    """
    _, texts, counts = _read(sent, ("findings", "window"))
    findings = OwnFindings(texts["findings"], counts["seconds"])
    return findings, counts["revision"], Window(texts["window"][:40], counts["step"])


def read_draft(sent: object) -> tuple[ScoreSheet, int, Window]:
    """Return the sheet, the revision and the window that the page's script sent.

    Raises:
        ValueError: something in it is not what the script sends.
    """
    sent, texts, counts = _read(sent, ("score", "error_type", "comment", "window"))
    sheet = ScoreSheet(
        score=texts["score"] or None,
        error_type=texts["error_type"] or None,
        comment=texts["comment"],
        urgent=sent.get("urgent") is True,
        seconds=counts["seconds"],
    )
    return sheet, counts["revision"], Window(texts["window"][:40], counts["step"])


def _read(
    sent: object, names: tuple[str, ...]
) -> tuple[Mapping[str, object], dict[str, str], dict[str, int]]:
    if not isinstance(sent, Mapping):
        raise ValueError("an object was expected")  # noqa: TRY004 - one error for all of them
    texts = {name: sent.get(name) or "" for name in names}
    counts = {name: sent.get(name, 0) for name in ("revision", "seconds", "step")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("a text was expected")
    if not all(type(count) is int for count in counts.values()):
        raise ValueError("a number was expected")
    return sent, texts, counts
