"""How do methods, words and codes of the statistics read in the language of the reader?"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from flask_babel import gettext

from peeraudit.adapters.wording import in_words
from peeraudit.domain.methods.catalogue import CHAPTERS, METHODS
from peeraudit.domain.methods.code import Code, CodeKind
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.methods.docstrings import Citation, Technical, read_docstring
from peeraudit.domain.methods.glossary import TERMS
from peeraudit.domain.methods.method import Method
from peeraudit.domain.methods.shown import shown_when
from peeraudit.domain.statistics.gates import GATES
from peeraudit.domain.statistics.own_rules import OWN_RULES

Words: TypeAlias = dict[str, Any]
_CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b")


def methods_in_text(wanted: str = "") -> list[Words]:
    """Return the chapters with their methods as texts.

    Args:
        wanted: words that a method's text must hold, all of them; blank for all methods.

    Returns:
        Chapters with at least one method, each method with its words, codes and sources.
    """
    found = []
    for chapter in CHAPTERS:
        members = [_method(one) for one in chapter.methods]
        kept = [one for one in members if _holds(wanted, _texts(one))]
        if kept:
            about = {"title": gettext(chapter.title), "about": gettext(chapter.about)}
            found.append({"key": chapter.key, "methods": kept, **about})
    return found


def own_rules_in_text() -> list[Words]:
    """Return the rules of our own, with the methods that follow them."""
    return [
        {
            "code": code,
            "name": gettext(rule.name),
            "words": gettext(rule.words),
            "methods": list(rule.methods),
        }
        for code, rule in OWN_RULES.items()
    ]


def glossary_in_text(wanted: str = "") -> list[Words]:
    """Return the words of the glossary in the order of the reader's alphabet.

    Args:
        wanted: words that an entry must hold, all of them; blank for all entries.
    """
    entries: list[Words] = [
        {
            "key": term.key,
            "name": gettext(term.name),
            "words": gettext(term.words),
            "methods": [{"id": one, "title": gettext(METHODS[one].title)} for one in term.methods],
        }
        for term in TERMS
    ]
    kept = [one for one in entries if _holds(wanted, (one["name"], one["words"]))]
    return sorted(kept, key=lambda one: _plain(one["name"]))


def codes_in_text(wanted: str = "") -> list[Words]:
    """Return the codes by their kind, each with its meaning and what to do.

    Args:
        wanted: words that an entry must hold, all of them; blank for all entries.
    """
    titles = {
        CodeKind.STATUS: gettext("How far a number may be trusted"),
        CodeKind.REASON: gettext("Why a number is missing or limited"),
        CodeKind.WARNING: gettext("What to know beside a number"),
    }
    groups = []
    for kind, title in titles.items():
        entries = [_code(one) for one in CODES.values() if one.kind is kind]
        kept = [one for one in entries if _holds(wanted, one.values())]
        if kept:
            groups.append({"key": kind.value, "title": title, "codes": kept})
    return groups


def _code(one: Code) -> dict[str, str]:
    return {"code": one.code, "meaning": gettext(one.meaning), "act": gettext(one.act)}


def _method(method: Method) -> Words:
    technical = [read_docstring(one) for one in method.functions]
    return {
        "id": method.id,
        "tag": method.tag,
        "title": gettext(method.title),
        "question": gettext(method.question),
        "how": gettext(method.how),
        "edges": gettext(method.edges),
        "shown": _shown(method),
        "own_rules": [
            {"code": code, "name": gettext(rule.name)}
            for code, rule in OWN_RULES.items()
            if method.id in rule.methods
        ],
        "codes": _codes_of(technical),
        "terms": _terms_of(method),
        "sources": _sources_of(technical),
        "technical": technical,
    }


def _shown(method: Method) -> str:
    """Return when a method is shown as one sentence."""
    parts = [in_words(one) for one in shown_when(method)]
    if method.id not in GATES:
        return parts[0]
    audience = len(GATES[method.id].audience)
    who, what = ", ".join(parts[:audience]), ", ".join(parts[audience:])
    told = [gettext("Shown %(who)s.", who=who)]
    if what:
        told.append(gettext("Needed: %(what)s.", what=what))
    return " ".join(told)


def _terms_of(method: Method) -> list[Words]:
    """Return the words of the glossary that matter for a method, in the reader's alphabet."""
    found = [
        {"key": one.key, "name": gettext(one.name)} for one in TERMS if method.id in one.methods
    ]
    return sorted(found, key=lambda one: _plain(one["name"]))


def _sources_of(technical: Iterable[Technical]) -> list[tuple[Citation, ...]]:
    """Return the sources of a method, each work once: code often cites what other code does."""
    found: list[tuple[Citation, ...]] = []
    known: set[str] = set()
    for one in technical:
        works = {part.doi for part in one.source if part.doi}
        works = works or {part.text for part in one.source}
        # "As" and the name of a function leads nowhere on a page.
        if works - known and not one.source[0].text.startswith("As "):
            found.append(one.source)
        known |= works
    return found


def _codes_of(technical: Iterable[Technical]) -> list[Words]:
    """Return the codes that the code of a method speaks of."""
    text = " ".join(f"{' '.join(one.about)} {one.returns}" for one in technical)
    named = set(_CODE.findall(text))
    return [_code(one) for code, one in CODES.items() if code in named]


def _texts(method: Words) -> Iterable[str]:
    yield from (method[name] for name in ("id", "title", "question", "how", "edges", "shown"))
    yield from (one["name"] for one in (*method["terms"], *method["own_rules"]))
    yield from (part.text for source in method["sources"] for part in source)


def _holds(wanted: str, texts: Iterable[str]) -> bool:
    text = _plain(" ".join(texts))
    return all(word in text for word in _plain(wanted).split())


def _plain(text: str) -> str:
    """Return a text without accents and capitals, as people type what they look for."""
    parts: Sequence[str] = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
