"""Forms of the scoring page."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from peeraudit.domain.instruments import Instrument
from peeraudit.domain.scoring import ScoreSheet, needs_error_type
from peeraudit.domain.workflow import DeclineReason
from peeraudit.services.score_drafts import Window


class SheetForm(FlaskForm):
    """The score sheet; whether it is complete is the domain's to say."""

    score = StringField()
    error_type = StringField()
    comment = TextAreaField()
    urgent = BooleanField()
    recognised = BooleanField()
    revision = IntegerField()
    seconds = IntegerField(default=0)

    def to_sheet(self, instrument: Instrument) -> ScoreSheet:
        """Return what was sent."""
        score = self.score.data or None
        kind = self.error_type.data or None
        return ScoreSheet(
            score=score,
            # A radio button cannot be cleared by hand, so a concordant score clears it.
            error_type=kind if score is None or needs_error_type(instrument, score) else None,
            # A browser sends its own line ends.
            comment=(self.comment.data or "").replace("\r\n", "\n"),
            urgent=self.urgent.data,
            recognised=self.recognised.data,
            seconds=self.seconds.data or 0,
        )


class DeclineForm(FlaskForm):
    """Why a case is given back."""

    reason = RadioField(choices=[SelectChoice(reason.value, "") for reason in DeclineReason])


def read_draft(sent: object) -> tuple[ScoreSheet, int, Window]:
    """Return the sheet, the revision and the window that the page's script sent.

    Raises:
        ValueError: something in it is not what the script sends.
    """
    if not isinstance(sent, Mapping):
        raise ValueError("an object was expected")  # noqa: TRY004 - one error for all of them
    texts = {name: sent.get(name) or "" for name in ("score", "error_type", "comment", "window")}
    counts = {name: sent.get(name, 0) for name in ("revision", "seconds", "step")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("a text was expected")
    if not all(type(count) is int for count in counts.values()):
        raise ValueError("a number was expected")
    sheet = ScoreSheet(
        score=texts["score"] or None,
        error_type=texts["error_type"] or None,
        comment=texts["comment"],
        urgent=sent.get("urgent") is True,
        recognised=sent.get("recognised") is True,
        seconds=counts["seconds"],
    )
    return sheet, counts["revision"], Window(texts["window"][:40], counts["step"])
