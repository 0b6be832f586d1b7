"""Use cases: keeping messages that come over the network, each once, for good."""

import hashlib
from uuid import UUID, uuid5

from peeraudit.adapters.mllp.frames import framed
from peeraudit.domain.errors import N_, NotFound
from peeraudit.extensions import db
from peeraudit.models.intake import Upload
from peeraudit.models.network import Department
from peeraudit.services import intake
from peeraudit.services.intake import NewUpload

_MESSAGES = UUID("5a0f8d34-7b7c-4a52-9d2b-0c6f9f5f6a11")


def keep_message(department_id: UUID, message: bytes) -> bool:
    """Keep a message and order its reading; return whether it is new.

    A sender that got no answer sends again. Its bytes name the upload, so that the second
    coming finds the first and changes nothing.

    Args:
        department_id: the department whose system sends it.
        message: what stood in the frame.

    Raises:
        NotFound: there is no such department.
    """
    if db.session.get(Department, department_id) is None:
        raise NotFound(N_("There is no such department."))
    digest = hashlib.sha256(message).hexdigest()
    upload_id = uuid5(_MESSAGES, f"{department_id}:{digest}")
    if db.session.get(Upload, upload_id) is not None:
        return False
    # The name tells nothing of what is inside: names of files stand in logs.
    new = NewUpload(department_id, f"mllp-{digest[:12]}.hl7", "hl7v2", channel="mllp", id=upload_id)
    intake.receive(new, [framed(message)], by=None)
    return True
