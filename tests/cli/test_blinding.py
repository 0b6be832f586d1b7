import json

import pytest

KNOWN = {"patient": ["LEFÈVRE^Hélène"], "clinicians": ["Joe MEDRANO"], "identifiers": ["00451121"]}
TEXT = "Mme Hélène LEFEVRE, 00451121. Vu par J. Medrano. Maladie de Parkinson."


@pytest.fixture
def run(app):
    return app.test_cli_runner().invoke


def lines_of(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


class TestMask:
    def test_masks_each_line_and_tells_where(self, run):
        given = "\n".join(json.dumps({"text": TEXT, "known": KNOWN}) for _ in range(3))

        result = run(args=["blinding", "mask", "-", "--language", "fr", "--json"], input=given)

        assert result.exit_code == 0, result.output
        first, *others = lines_of(result)
        assert others == [first, first]
        assert first["text"] == "⟦patient⟧, ⟦id⟧. Vu par ⟦clinician⟧. Maladie de Parkinson."
        hidden = [(TEXT[s["start"] : s["end"]], s["kind"], s["layer"]) for s in first["spans"]]
        assert ("00451121", "id", "known") in hidden
        assert first["doubt"] == 0

    def test_a_line_that_cannot_be_read_stops_no_other(self, run, tmp_path):
        file = tmp_path / "texts.jsonl"
        file.write_bytes(
            b"\xef\xbb\xbf" + json.dumps({"text": "Dr Jean Petit"}).encode() + b"\n"
            b"not json\n[1]\n"
            b'{"text": 3}\n'
            b'{"text": "x", "known": {"patient": "Petit"}}\n'
            b"\n"
            b'{"text": "Foie normal \\ud800.", "known": null}\n'
        )

        result = run(args=["blinding", "mask", str(file), "--json"])

        assert result.exit_code == 0, result.output
        told = lines_of(result)
        assert [line.get("line") for line in told] == [None, 2, 3, 4, 5, None]
        assert "valid JSON" in told[1]["error"]
        assert "known.patient" in told[4]["error"]
        assert told[5]["text"].startswith("Foie normal")

    def test_a_missing_file_is_an_error(self, run):
        assert run(args=["blinding", "mask", "/nowhere.jsonl", "--json"]).exit_code == 2

    def test_without_json_the_texts_alone_come_out(self, run):
        result = run(
            args=["blinding", "mask", "-"], input='{"text": "Vu par le Dr Jean Petit."}\nno\n'
        )

        assert result.stdout == "Vu par le ⟦clinician⟧.\n"
        assert "2: " in result.stderr

    def test_days_are_shifted_alike_for_a_patient_and_told_where(self, run):
        text = "IRM du 12/05/2023, née le 03/02/1950, revue le 20/06/2023."
        lines = [
            {"text": text, "patient_key": "A"},
            {"text": text, "patient_key": "A", "known": {"birth_dates": ["2023-05-12"]}},
            *({"text": text, "patient_key": str(number)} for number in range(20)),
            {"text": text, "patient_key": 3},
            {"text": text, "known": {"birth_dates": ["1950"]}},
        ]
        given = "\n".join(map(json.dumps, lines))

        result = run(
            args=["blinding", "mask", "-", "--language", "fr", "--dates", "shifted", "--json"],
            input=given,
        )

        assert result.exit_code == 0, result.output
        first, second, *others, wrong, no_day = lines_of(result)
        moved = [span for span in first["spans"] if "shown" in span]
        assert [text[s["start"] : s["end"]] for s in moved] == ["12/05/2023", "20/06/2023"]
        assert all(f"⟦date={span['shown']}⟧" in first["text"] for span in moved)
        assert "née le ⟦date⟧," in first["text"]
        assert [s["shown"] for s in second["spans"] if "shown" in s] == [moved[1]["shown"]]
        assert len({line["text"] for line in others}) > 15
        assert "patient_key" in wrong["error"]
        assert "birth_dates" in no_day["error"]
