from peeraudit.launch import environment


def test_what_is_told_while_setting_up_stays_out_of_a_commands_output(tmp_path, monkeypatch, capfd):
    folder, root = tmp_path / "venv", tmp_path / "root"
    folder.mkdir()
    root.mkdir()
    (root / "requirements.txt").write_text("")
    # The packages are those of the machine's index; what is said meanwhile needs none.
    monkeypatch.setattr(environment, "_create", lambda folder: None)
    monkeypatch.setattr(environment, "_install", lambda folder, requirements: None)

    environment._make(folder, "runtime", root=root)

    told = capfd.readouterr()
    assert told.out == ""
    assert "Set up in" in told.err
