"""How far is the report of an HL7 v2 message: preliminary, final, corrected or withdrawn?"""

from collections.abc import Sequence
from typing import Final

from peeraudit.adapters.readers.hl7_fields import Fields
from peeraudit.adapters.readers.hl7_text import STATUS_OF_RESULT, WITHDRAWN

# HL7 table 0271, completion of a document: only what is authenticated is final.
_COMPLETION: Final = {
    "AU": "final",
    "LA": "final",
    "DO": "preliminary",
    "DI": "preliminary",
    "IN": "preliminary",
    "IP": "preliminary",
    "PA": "preliminary",
}
# HL7 table 0273, availability: cancelled, or replaced by another document.
_GONE: Final = frozenset({"CA", "OB"})
# Chapter 9: what the event does to a document.
_EVENTS: Final = {
    **dict.fromkeys(("T05", "T06"), "addendum"),
    **dict.fromkeys(("T07", "T08", "T09", "T10"), "corrected"),
    "T11": "cancelled",
}
# HL7 table 0119: the order was cancelled.
_CANCELLED_ORDERS: Final = frozenset({"CA", "OC", "CR"})
# HL7 table 0085.
_FINAL: Final = frozenset({"F", "U", "V"})
_CORRECTED: Final = frozenset({"C", "A"})
_UNFINISHED: Final = frozenset({"P", "R", "S", "I", "N", "O", "B"})


def status_of_order(obr: Fields | None, orc: Fields | None, results: Sequence[Fields]) -> str:
    """Return the status of an order as its sender writes it, or what its results say.

    Returns:
        OBR-25; without it ``X``, ``P``, ``C``, ``addendum`` or ``F`` after OBX-11 and ORC-1;
        empty when nothing is said.
    """
    given = obr.first(25) if obr else ""
    if given:
        added = given.upper() in _CORRECTED | _FINAL and results and all(map(_is_added, results))
        return "addendum" if added else given
    codes = {r.raw(STATUS_OF_RESULT).strip().upper() for r in results} - {""}
    if not results and orc and orc.first(1).upper() in _CANCELLED_ORDERS:
        return "X"
    return _of_results(codes)


def status_of_document(txa: Fields | None, event: str, order_status: str) -> str:
    """Return the canonical status of a document (MDM), or its order's when TXA says nothing.

    Args:
        txa: the document's header.
        event: the trigger event, ``T01`` to ``T11``.
        order_status: what the order says.
    """
    availability = txa.first(19).upper() if txa else ""
    completion = _COMPLETION.get(txa.first(17).upper(), "") if txa else ""
    changed = _EVENTS.get(event, "")
    if changed == "cancelled" or availability in _GONE:
        return "cancelled"
    if completion == "preliminary":
        return completion
    return changed or completion or order_status


def is_withdrawn(status: str) -> bool:
    """Tell whether a status withdraws the report."""
    return status.strip().upper() in WITHDRAWN or status.strip().lower() == "cancelled"


def _of_results(codes: set[str]) -> str:
    left = codes - WITHDRAWN
    if codes and not left:
        return "X"
    if left & _UNFINISHED:
        return "P"
    if left & _CORRECTED:
        return "C"
    return "F" if left & _FINAL else ""


def _is_added(result: Fields) -> bool:
    """Tell whether OBX-3 carries the suffix of an addendum (chapter 7, table 7-1)."""
    parts = result.raw(3).split(result.marks.component)[0].split(result.marks.subcomponent)
    return len(parts) > 1 and parts[-1].strip().upper() == "ADT"
