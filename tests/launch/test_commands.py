from pathlib import Path

import pytest

from peeraudit.launch import commands


class TestParse:
    def test_the_demo_has_a_port_and_a_folder_of_its_own_by_default(self):
        options = commands.parse(["demo"])

        assert (options.port, options.data, options.fresh) == (8000, None, False)

    def test_the_demo_takes_what_it_is_told(self):
        options = commands.parse(["demo", "--port", "0", "--data", "here", "--fresh"])

        assert (options.port, options.data, options.fresh) == (0, Path("here"), True)

    @pytest.mark.parametrize("port", ["-1", "65536", "http", "", "٣", "8000.0"])
    def test_a_port_that_is_none_is_refused(self, port, capsys):
        with pytest.raises(SystemExit) as refused:
            commands.parse(["demo", "--port", port])

        assert refused.value.code == 2
        assert "0 to 65535" in capsys.readouterr().err

    @pytest.mark.parametrize("count", ["0", "257", "many"])
    def test_a_number_of_workers_that_is_none_is_refused(self, count, capsys):
        with pytest.raises(SystemExit):
            commands.parse(["run", "--workers", count])

        assert "1 to 256" in capsys.readouterr().err

    @pytest.mark.parametrize("command", ["test", "flask"])
    def test_words_for_another_program_are_passed_on_untouched(self, command):
        options = commands.parse([command, "-k", "draw", "--help-me", "--port=3"])

        assert options.rest == ["-k", "draw", "--help-me", "--port=3"]

    @pytest.mark.parametrize("words", [[], ["dance"], ["pictures"]])
    def test_what_is_missing_or_unknown_is_refused(self, words, capsys):
        with pytest.raises(SystemExit) as refused:
            commands.parse(words)

        assert refused.value.code == 2
        assert "usage: python3 -m peeraudit" in capsys.readouterr().err

    @pytest.mark.parametrize("command", commands.COMMANDS)
    def test_every_command_explains_itself(self, command, capsys):
        with pytest.raises(SystemExit) as left:
            commands.parse([command, "--help"])

        assert left.value.code == 0
        assert f"peeraudit {command}" in capsys.readouterr().out
