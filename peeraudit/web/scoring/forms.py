"""Forms of the scoring page."""

from collections.abc import Mapping

from wtforms import BooleanField, IntegerField

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
        seconds=counts["seconds"],
    )
    return sheet, counts["revision"], Window(texts["window"][:40], counts["step"])
