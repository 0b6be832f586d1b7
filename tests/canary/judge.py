"""Does a thing show what the person who sees it must not know?"""

from peeraudit.domain.accounts import Role
from tests.canary.network import comment_owners_of, owners_of, text_owners_of
from tests.canary.rules import HIDDEN, allowed_pages, forbidden_shape


def judge(audit, person):
    """Return a function that tells what a thing shows and this person must not see."""
    network, role = audit.network, person.actor.role
    find, mine, shape = network.words.finder(), owners_of(person), forbidden_shape(role)
    if role is Role.REVIEWER:
        mine |= text_owners_of(person) | comment_owners_of(person)

    def is_leak(word, place):
        if place.startswith(allowed_pages(role).get(word.kind, ())):
            return False
        # A case that a reviewer reads shows its text; its patient it never shows.
        if role is Role.REVIEWER and word.kind in {"patient", "requester", "report_id"}:
            return True
        return word.kind in HIDDEN[role] and word.owner not in mine

    def leaks_of(thing):
        words = find(thing.text) - find(thing.place)
        found = {(word.kind, word.text) for word in words if is_leak(word, thing.place)}
        # The description of the interface is the same for all, and of nobody's case.
        is_about_nobody = thing.place == "/api/v1/openapi.json"
        hit = shape.search(thing.text) if shape and not is_about_nobody else None
        return found | ({("shape", hit[0])} if hit else set())

    return leaks_of
