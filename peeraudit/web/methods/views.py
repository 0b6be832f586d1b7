"""How every number is computed, what its words and codes mean: for whoever is signed in."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from peeraudit.adapters.method_words import (
    codes_in_text,
    glossary_in_text,
    methods_in_text,
    own_rules_in_text,
)
from peeraudit.domain.methods.catalogue import METHODS
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.methods.glossary import TERMS
from peeraudit.web.security import needs_sign_in

bp = Blueprint("methods", __name__, url_prefix="/methods")
# More than anybody types; an address may hold anything.
LONGEST = 100


@bp.get("/")
@needs_sign_in
def show_methods() -> ResponseReturnValue:
    """Show every method, or those that hold the words looked for."""
    wanted = _wanted()
    return render_template(
        "methods/show_methods.html",
        chapters=methods_in_text(wanted),
        own_rules=own_rules_in_text(),
        wanted=wanted,
        total=len(METHODS),
    )


@bp.get("/glossary")
@needs_sign_in
def show_glossary() -> ResponseReturnValue:
    """Show the glossary, or what of it holds the words looked for."""
    wanted = _wanted()
    terms = glossary_in_text(wanted)
    return render_template(
        "methods/show_glossary.html", terms=terms, wanted=wanted, total=len(TERMS)
    )


@bp.get("/codes")
@needs_sign_in
def show_codes() -> ResponseReturnValue:
    """Show what every code means, or those that hold the words looked for."""
    wanted = _wanted()
    groups = codes_in_text(wanted)
    return render_template(
        "methods/show_codes.html", groups=groups, wanted=wanted, total=len(CODES)
    )


def _wanted() -> str:
    return request.args.get("q", "")[:LONGEST].strip()
