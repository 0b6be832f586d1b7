"""How do numbers and kept sentences read in a person's language?"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from flask import current_app
from flask_babel import force_locale, format_date, format_decimal, get_locale, gettext

from peeraudit.domain.errors import Msgid
from peeraudit.domain.sentences import Sentence

NO_BREAK = "\N{NO-BREAK SPACE}"
OWN_MARK = "†"
"""Beside an interval that follows a rule of our own."""


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write everything inside the block in ``language``, ``fr`` or ``en``."""
    with force_locale(language):
        yield


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number with the thousands and the decimal mark of the language."""
    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern)


def percent(value: float | None, decimals: int = 1) -> str:
    """Return a proportion in [0, 1] as a percentage with its unit."""
    if value is None:
        return "–"
    gap = NO_BREAK if _is_french() else ""
    return f"{number(value * 100, decimals)}{gap}%"


def interval(bounds: Sequence[float] | None, decimals: int = 1) -> str:
    """Return two proportions as an interval, such as ``3,2–11,5 %``."""
    if not bounds:
        return "–"
    return f"{number(bounds[0] * 100, decimals)}–{percent(bounds[1], decimals)}"


def day(value: date | datetime | None) -> str:
    """Return a day such as ``23 nov. 2026`` or ``23 Nov 2026``; a dash where there is none."""
    if not value:
        return "–"
    written = format_date(value, "d MMM y")
    # French counts the first of a month, and only the first, as an ordinal. What is written tells
    # which day it is: that of a moment depends on the zone.
    is_first = written.startswith("1 ") and _is_french()
    return written.replace("1 ", "1er ", 1) if is_first else written


def month(value: str) -> str:
    """Return a month such as ``2026-03`` as ``mars 2026``."""
    return format_date(date.fromisoformat(f"{value}-01"), "MMM y")


def _is_french() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "fr"


def in_words(sentence: Sentence) -> str:
    """Return a kept sentence in the language of the reader.

    Args:
        sentence: its values may be plain, days, or say how they are to be written:
            ``{"number": n}``, ``{"decimal": x, "decimals": d}``, ``{"percent": p, "decimals": d}``,
            ``{"phrase": [message, params]}``.

    Returns:
        The sentence, every value written as the language wants it.
    """
    return gettext(sentence.message, **{k: _value(v) for k, v in sentence.params.items()})


def letter(sentence: Sentence, *, language: str, link: str) -> tuple[str, str]:
    """Return the subject and the text of an e-mail that tells a person one thing.

    Args:
        sentence: what there is to tell, as for ``in_words``.
        language: the person's, ``fr`` or ``en``.
        link: the full address of the page where the thing is.
    """
    # Not ``render_template``: what stands around a page is of a request, and here is none.
    template = current_app.jinja_env.get_template("emails/notice.txt")
    with speaking(language):
        told = in_words(sentence)
        body = template.render(
            greeting=gettext("Hello,"),
            told=told,
            invitation=gettext("To see it, sign in:"),
            link=link,
            closing=gettext("PeerAudit. This message was sent by a machine: do not answer it."),
        )
    # A subject is one line, whatever the name of a campaign holds.
    return f"PeerAudit – {told}".replace("\r", " ").replace("\n", " "), body


def _value(value: object) -> object:
    if not isinstance(value, Mapping):
        return _plain(value)
    if "percent" in value:
        return percent(value["percent"], value.get("decimals", 1))
    if "number" in value:
        return number(value["number"])
    if "decimal" in value:
        return number(value["decimal"], value["decimals"])
    message, params = value["phrase"]
    return in_words(Sentence(message, params))


def _plain(value: object) -> object:
    if isinstance(value, Msgid):
        return gettext(value)
    return day(value) if isinstance(value, date) else value
