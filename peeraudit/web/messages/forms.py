"""Forms of the messages."""

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from peeraudit.domain.notifications import MUTABLE, NoticeKind


class MailForm(FlaskForm):
    """Which notices come by e-mail."""

    kinds = SelectMultipleField(
        lazy_gettext("By e-mail I get"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, choices: dict[NoticeKind, bool], *, sent: bool) -> None:
        """Fill in what may be chosen, and what is chosen where nothing was sent."""
        self.kinds.choices = [SelectChoice(kind.value, gettext(MUTABLE[kind])) for kind in choices]
        if not sent:
            self.kinds.data = [kind.value for kind, wanted in choices.items() if wanted]

    def wanted(self) -> list[NoticeKind]:
        """Return what was chosen."""
        return [NoticeKind(kind) for kind in self.kinds.data or ()]
