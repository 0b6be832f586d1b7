import os
import struct
import subprocess
import sys

import pytest

from peeraudit.launch.environment import ROOT

pytestmark = [pytest.mark.services, pytest.mark.journey, pytest.mark.xdist_group("e2e")]


def size_of(path):
    """Return width and height of a PNG, in pixels."""
    return struct.unpack(">II", path.read_bytes()[16:24])


def test_the_doors_page_is_photographed_in_every_way(installation, browser, tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "peeraudit.launch.photographer",
            installation.url,
            tmp_path,
            "nobody/accounts",
        ],
        cwd=ROOT,
        env={**os.environ, **installation.environment},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    taken = {path.name: size_of(path) for path in tmp_path.glob("nobody/*.png")}
    plain = {name: size for name, size in taken.items() if "refused" not in name}
    assert set(plain) == {
        f"accounts.sign_in-{language}-{width}-{theme}.png"
        for language in ("fr", "en")
        for width in (1440, 768, 390)
        for theme in ("light", "dark")
    }
    assert {int(name.split("-")[2]) for name in plain} == {size[0] for size in plain.values()}
    assert len(taken) == 2 * len(plain)
    assert (tmp_path / "index.html").read_text().count("<img") == len(taken)
