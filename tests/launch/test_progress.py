from peeraudit.launch.progress import Progress


def test_only_whole_marked_lines_are_passed_on_and_once(tmp_path, capsys):
    log = tmp_path / "prepare.log"
    progress = Progress(log)
    progress.show()
    with log.open("w", encoding="utf-8") as file:
        for piece in ("INFO alembic\n» 100 of 300", " reports\n» 200 of", " 300\n"):
            file.write(piece)
            file.flush()
            progress.show()

    assert capsys.readouterr().out == "  100 of 300 reports\n  200 of 300\n"
