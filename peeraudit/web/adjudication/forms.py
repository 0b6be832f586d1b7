"""Forms of the settling page."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, TextAreaField

from peeraudit.domain.instruments import Instrument
from peeraudit.domain.scoring import needs_error_type
from peeraudit.services.adjudication import Decision


class DecisionForm(FlaskForm):
    """The decision; whether it is complete is the domain's to say."""

    score = StringField()
    error_type = StringField()
    comment = TextAreaField()
    seconds = IntegerField(default=0)

    def to_decision(self, instrument: Instrument) -> Decision:
        """Return what was sent."""
        score, kind = self.score.data or "", self.error_type.data or ""
        return Decision(
            score=score,
            # A radio button cannot be cleared by hand, so a concordant score clears it.
            error_type=kind if not score or needs_error_type(instrument, score) else "",
            # A browser sends its own line ends.
            comment=(self.comment.data or "").replace("\r\n", "\n"),
            seconds=self.seconds.data or 0,
        )
