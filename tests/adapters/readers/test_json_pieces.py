import json
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.adapters.readers import json_pieces
from peeraudit.adapters.readers.json_pieces import Piece, read_pieces


def resource(number: int, **more: object) -> dict[str, object]:
    return {"resourceType": "DiagnosticReport", "id": f"r{number}", **more}


def bundle(*resources: object) -> dict[str, object]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


def told(pieces: list[Piece]) -> list[str]:
    return [piece.value["id"] if piece.value else piece.fault for piece in pieces]


def read(text: str) -> list[Piece]:
    return list(read_pieces(StringIO(text)))


@pytest.fixture(params=["whole", "piecemeal"])
def _sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files, once read as such and once as if they were far larger than memory."""
    if request.param == "piecemeal":
        monkeypatch.setattr(json_pieces, "_CHUNK", 7)
        monkeypatch.setattr(json_pieces, "_AT_ONCE", 40)


@pytest.mark.usefixtures("_sizes")
@pytest.mark.parametrize("indent", [None, 2])
class TestReadPieces:
    def test_every_wrapping_gives_the_same_resources(self, indent: int | None) -> None:
        one, two, three = (resource(n, code={"text": 'a "quoted" \\ {[ text'}) for n in (1, 2, 3))
        documents = [
            json.dumps(bundle(one, bundle(two), three), indent=indent),
            json.dumps([one, two, three], indent=indent),
            "\n".join(json.dumps(each, indent=indent) for each in (one, two, three)),
            "\ufeff\r\n" + json.dumps(bundle(one, two, three), indent=indent) + "\r\n",
        ]

        assert [told(read(text)) for text in documents] == [["r1", "r2", "r3"]] * 4

    def test_a_broken_entry_costs_itself_only(self, indent: int | None) -> None:
        text = json.dumps(bundle(resource(1), resource(2), resource(3)), indent=indent)

        pieces = read(text.replace('"r2"', '"r2" oops'))

        assert told(pieces) == ["r1", "broken_json", "r3"]
        assert [piece.number for piece in pieces] == [1, 2, 3]

    def test_a_cut_bundle_keeps_what_came_before(self, indent: int | None) -> None:
        text = json.dumps(bundle(resource(1), resource(2), resource(3)), indent=indent)

        assert told(read(text[: text.index("r3")])) == ["r1", "r2", "broken_json"]

    def test_an_entry_without_a_resource_counts(self, indent: int | None) -> None:
        deletion = {"request": {"method": "DELETE", "url": "Patient/7"}}
        entries = [deletion, {"fullUrl": "urn:uuid:7"}, {"resource": resource(1)}]
        text = json.dumps({"resourceType": "Bundle", "entry": entries}, indent=indent)

        assert [piece.number for piece in read(text)] == [3]

    def test_bundles_are_told_apart(self, indent: int | None) -> None:
        text = json.dumps([bundle(resource(1)), bundle(resource(2)), resource(3)], indent=indent)

        scopes = [piece.scope for piece in read(text)]

        assert scopes[2] == 0
        assert len(set(scopes)) == 3

    def test_a_full_url_stays_with_its_resource(self, indent: int | None) -> None:
        entry = {"fullUrl": "urn:uuid:7", "resource": resource(1, text="x" * 100)}
        text = json.dumps({"resourceType": "Bundle", "entry": [entry]}, indent=indent)

        assert [piece.full_url for piece in read(text)] == ["urn:uuid:7"]

    def test_what_is_no_resource_is_told(self, indent: int | None) -> None:
        text = json.dumps(bundle(resource(1), 7, {"id": "x"}, resource(2)), indent=indent)

        assert told(read(text)) == ["r1", "no_resource", "no_resource", "r2"]


@pytest.mark.parametrize(
    "cut", ['{"resourceType": "Pat', "{}{", "nonsense", '{"a":1} x', "[" * 5000]
)
def test_a_broken_line_costs_itself_only(cut: str) -> None:
    lines = [json.dumps(resource(1)), cut, "", json.dumps(resource(2))]

    pieces = read("\n".join(lines))

    assert told(pieces) == ["r1", "broken_json", "r2"]
    assert [piece.line for piece in pieces] == [1, 2, 4]
    assert pieces[1].text.strip() == cut


def test_an_endless_line_costs_itself_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "MAX_VALUE", 200)
    long = json.dumps(resource(2, text="x" * 1000))

    pieces = read("\n".join([json.dumps(resource(1)), long, json.dumps(resource(3))]))

    assert told(pieces) == ["r1", "value_too_long", "r3"]


def test_a_value_without_end_costs_its_resource_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "_CHUNK", 64)
    monkeypatch.setattr(json_pieces, "_AT_ONCE", 200)
    monkeypatch.setattr(json_pieces, "MAX_VALUE", 400)
    text = json.dumps(bundle(resource(1), resource(2, text='\\"]' * 900), resource(3)))

    assert told(read(text)) == ["r1", "value_too_long", "r3"]


def test_bundles_without_end_inside_each_other_are_refused() -> None:
    deep: object = resource(1)
    for _ in range(40):
        deep = bundle(deep)

    assert told(read(json.dumps(deep))) == ["nested_too_deeply"]


SIGNS = [*'{}[]",:\\ \n', '"entry"', '"resource"', "1", "null", '{"resourceType":"Patient"}']


@given(st.lists(st.sampled_from(SIGNS), max_size=40).map("".join))
def test_no_text_crashes_or_hangs(text: str) -> None:
    for piece in read(text):
        assert bool(piece.fault) != (piece.value is not None)


@given(
    st.lists(st.integers(0, 99), min_size=1, max_size=12), st.integers(0, 400), st.integers(5, 90)
)
def test_whatever_is_cut_off_all_before_it_is_kept(
    numbers: list[int], cut: int, chunk: int
) -> None:
    text = json.dumps(bundle(*(resource(n) for n in numbers)))
    whole = [f"r{n}" for n in numbers]
    patch = pytest.MonkeyPatch()
    patch.setattr(json_pieces, "_CHUNK", chunk)
    patch.setattr(json_pieces, "_AT_ONCE", chunk)
    try:
        kept = [one for one in told(read(text[: len(text) - cut])) if one.startswith("r")]
    finally:
        patch.undo()

    assert kept == whole[: len(kept)]
    assert len(kept) >= (len(text) - cut - 40) // (len(text) // len(numbers) + 1) - 1


@pytest.mark.parametrize(("named", "line"), [(True, 1), (False, 0)])
def test_one_line_is_the_first_of_lines_where_the_name_says_so(named: bool, line: int) -> None:
    (piece,) = read_pieces(StringIO(json.dumps(resource(1)) + "\n"), named=named)

    assert (told([piece]), piece.line) == (["r1"], line)


def test_a_document_of_many_lines_is_one_whatever_its_name_says() -> None:
    text = json.dumps(bundle(resource(1), resource(2)), indent=1)

    pieces = list(read_pieces(StringIO(text), named=True))

    assert [(piece.line, piece.number) for piece in pieces] == [(0, 1), (0, 2)]


@pytest.mark.parametrize("line", ["42", '"r9"', "null", "[]", "{}", '{"id": "x"}', "[7]"])
def test_a_line_that_is_no_resource_is_told_and_kept(line: str) -> None:
    pieces = read(f"{json.dumps(resource(1))}\n{line}\n{json.dumps(resource(2))}\n")

    assert told(pieces) == ["r1", "no_resource", "r2"]
    assert pieces[1].line == 2
    assert pieces[1].text == (line + "\n" if line != "[7]" else "")
