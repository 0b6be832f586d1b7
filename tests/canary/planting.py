"""Putting a leak where none must be, to see that it would be found."""

from sqlalchemy import select, update

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.extensions import db


def word_of(audit, kind):
    """Return a word that the network keeps of this kind."""
    words = audit.network.words.all
    return next(w.text for w in words if w.kind == kind and w.text.startswith("Qx"))


class planted:  # noqa: N801 - reads as what it does
    """Put a text into a column of every row, and put the old ones back."""

    def __init__(self, model, column, text):
        self.model, self.column, self.text = model, column, text

    def __enter__(self):
        with unit_of_work():
            column = getattr(self.model, self.column)
            self.old = dict(db.session.execute(select(self.model.id, column)).all())
            db.session.execute(update(self.model).values({self.column: self.text}))

    def __exit__(self, *args):
        with unit_of_work():
            for row_id, text in self.old.items():
                one = update(self.model).where(self.model.id == row_id)
                db.session.execute(one.values({self.column: text}))
