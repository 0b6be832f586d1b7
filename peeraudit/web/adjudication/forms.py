"""Forms of the settling page."""

from peeraudit.domain.instruments import Instrument
from peeraudit.services.adjudication import Decision
from peeraudit.web.sheets import SheetFields


class DecisionForm(SheetFields):
    """The decision; whether it is complete is the domain's to say."""

    def to_decision(self, instrument: Instrument) -> Decision:
        """Return what was sent."""
        return Decision(
            score=self.score.data or "",
            error_type=self.error_type_for(instrument),
            comment=self.words(),
            seconds=self.seconds.data or 0,
        )
