"""``flask --app wsgi …`` in a process of its own, which need not read all of the program anew.

Reading it takes two seconds of a processor, most of what a command takes. One process reads it
once, without settings, and each command is a fork of that: its environment, folder, input and
output are its own. What is about the start of a fresh interpreter starts one.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from flask.cli import main

ROOT = Path(__file__).parents[1]
SECONDS = 120

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["peeraudit.app", "peeraudit.cli.registry", __name__])


def flask_process(
    words: tuple[str, ...], env: Mapping[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command with nothing but ``env`` in its environment, and return how it ended."""
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("in", "out", "err")]
        for file, text in zip(files, (stdin, "", ""), strict=True):
            file.write_text(text, encoding="utf-8")
        process = _context.Process(target=_command, args=(words, dict(env), files))
        process.start()
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(words, SECONDS)
        out, err = (file.read_text(encoding="utf-8") for file in files[1:])
        code = process.exitcode
        process.close()
    return subprocess.CompletedProcess(words, code, out, err)


def _command(words, env, files):
    os.environ.clear()
    os.environ.update(env)
    os.chdir(ROOT)
    for number, (file, flags) in enumerate(zip(files, ("r", "w", "w"), strict=True)):
        with file.open(flags) as opened:
            os.dup2(opened.fileno(), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    sys.argv = ["flask", "--app", "wsgi", *words]
    main()
