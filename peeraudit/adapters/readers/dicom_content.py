"""Which words does the content tree of a DICOM structured report say?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydicom import Dataset

_MAX_DEPTH: Final = 40
# PS3.3 table C.17.3-8: what is said of the report, of its subject or of the acquisition is
# context; only what is contained, or explains what is contained, is the report.
_TOLD: Final = frozenset({"CONTAINS", "HAS PROPERTIES", "INFERRED FROM"})
_VALUES: Final = {
    "DATE": "Date",
    "TIME": "Time",
    "DATETIME": "DateTime",
    "PNAME": "PersonName",
}


@dataclass(frozen=True, slots=True)
class Node:
    """One content item.

    Attributes:
        kind: its value type, such as ``TEXT``.
        relation: its relationship to its parent.
        name: the meaning of its concept name.
        value: its words; empty for a container and for what has none.
        flows: whether its items are read as one running text.
        children: its items, in order.
    """

    kind: str
    relation: str
    name: str
    value: str
    flows: bool
    children: tuple["Node", ...]


def tree_of(dataset: Dataset, mend: Callable[[str], str], depth: int = 0) -> Node:
    """Return a content item with all below it; what lies deeper than 40 levels is left out.

    Args:
        dataset: the document or one item of its content sequence.
        mend: returns a text as its bytes mean it.
        depth: how far below the document it lies.

    Source:
        DICOM PS3.3, C.17.3 SR Document Content.
    """
    items = dataset.get("ContentSequence") or () if depth < _MAX_DEPTH else ()
    kind = str(dataset.get("ValueType", "")).strip().upper()
    return Node(
        kind=kind,
        relation=str(dataset.get("RelationshipType", "")).strip().upper(),
        name=mend(meaning(dataset, "ConceptNameCodeSequence")).strip(),
        value=mend(_value(dataset, kind)).strip(),
        flows=str(dataset.get("ContinuityOfContent", "")).upper() == "CONTINUOUS",
        children=tuple(tree_of(item, mend, depth + 1) for item in items),
    )


def meaning(dataset: Dataset, keyword: str) -> str:
    """Return what the first code of a sequence means."""
    codes = dataset.get(keyword) or ()
    for code in codes:
        return str(code.get("CodeMeaning", "") or code.get("CodeValue", ""))
    return ""


def narrative(root: Node) -> str:
    """Return the report: a heading for each container and named text, a line for each value."""
    blocks = [_block(child, root.name) for child in root.children if child.relation in _TOLD]
    return "\n\n".join(block for block in blocks if block)


def below(root: Node) -> Iterator[Node]:
    """Yield every content item below ``root``, in order."""
    for child in root.children:
        yield child
        yield from below(child)


def _value(dataset: Dataset, kind: str) -> str:
    match kind:
        case "TEXT":
            return str(dataset.get("TextValue", "") or "")
        case "CODE":
            return meaning(dataset, "ConceptCodeSequence")
        case "NUM":
            return _number(dataset)
        case _ if kind in _VALUES:
            return str(dataset.get(_VALUES[kind], "") or "")
        case _:
            return ""


def _number(dataset: Dataset) -> str:
    measured = dataset.get("MeasuredValueSequence") or ()
    for value in measured:
        codes = value.get("MeasurementUnitsCodeSequence") or ()
        unit = next((str(code.get("CodeValue", "")) for code in codes), "")
        # UCUM writes "no unit" as 1, and counts and scores in braces.
        shown = "" if unit in {"1", ""} or unit.startswith("{") else f" {unit}"
        return f"{value.get('NumericValue', '')}{shown}"
    return ""


def _block(node: Node, above: str) -> str:
    """Return a node with all that it says, headed by its name unless the one above said it."""
    if node.kind == "CONTAINER":
        body = _inside(node)
    else:
        body = "\n".join(part for part in (node.value, _inside(node)) if part)
    if not body:
        return ""
    if not node.name or _is_same(node.name, above):
        return body
    if node.kind in {"CONTAINER", "TEXT"}:
        return f"{node.name.rstrip(':')}:\n{body}"
    return f"{node.name.rstrip(':')}: {body}"


def _inside(node: Node) -> str:
    told = [child for child in node.children if child.relation in _TOLD]
    if node.flows and any(child.kind == "TEXT" for child in told):
        return " ".join(child.value for child in told if child.value)
    return "\n".join(block for child in told if (block := _block(child, _shared(told, node.name))))


def _shared(told: Sequence[Node], above: str) -> str:
    """Return the name that needs no telling: the container's own, in the singular too."""
    names = {child.name.casefold() for child in told if child.kind == "TEXT"}
    only = next(iter(names)) if len(names) == 1 else ""
    return only if only and _is_same(only, above) else above


def _is_same(name: str, other: str) -> bool:
    return name.casefold().rstrip("s:") == other.casefold().rstrip("s:")
