"""Background tasks: sending notices by e-mail."""

from uuid import UUID

from peeraudit.adapters import mailer, wording
from peeraudit.adapters.mailer import Mail
from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import notifications
from peeraudit.services.notifications import Letter
from peeraudit.tasks.duties import duty


@duty(TaskName.SEND_MESSAGE)
def send_message(message_id: UUID) -> None:
    """Mail a notice; one that was mailed already is left alone."""
    letter = notifications.find_letter(message_id)
    if letter is None:
        return
    mailer.send(_mail(letter))
    with unit_of_work():
        notifications.note_mailed(message_id)


def _mail(letter: Letter) -> Mail:
    link = mailer.link_to(letter.path)
    subject, body = wording.letter(letter.sentence, language=letter.language, link=link)
    return Mail(str(letter.message_id), letter.email, subject, body)
