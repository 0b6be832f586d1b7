"""Reads a PDF as a person would, by poppler's programs."""

import shutil
import subprocess

import pytest


def text_of(pdf: bytes, *words: str) -> str:
    """Return what a PDF says with one plain space between words; skip where nothing reads it.

    Args:
        pdf: the file.
        words: options of pdftotext, such as ``-layout``.
    """
    return " ".join(_ask("pdftotext", *words, "-", "-", pdf=pdf).split())


def fonts_of(pdf: bytes) -> list[str]:
    """Return a line of pdffonts for each font of a PDF; skip where nothing reads it."""
    return _ask("pdffonts", "-", pdf=pdf).splitlines()[2:]


def _ask(name: str, *words: str, pdf: bytes) -> str:
    program = shutil.which(name)
    if program is None:
        pytest.skip("no pdftotext reads the summaries' PDF (Debian: apt install poppler-utils)")
    done = subprocess.run([program, *words], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()
