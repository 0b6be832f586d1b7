"""REST: what the methods, codes and rules of our own in an answer mean, in words."""

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import List, Nested, String

from peeraudit.adapters.method_words import codes_in_text, methods_in_text, own_rules_in_text
from peeraudit.adapters.wording import speaking
from peeraudit.api.authentication import needs
from peeraudit.api.v1.summaries import LanguageQuery
from peeraudit.domain.accounts import Permission
from peeraudit.domain.methods.code import CodeKind

bp = APIBlueprint("api_methods", __name__, url_prefix="/api/v1/methods", tag="Statistics")


class MethodAnswer(Schema):
    """One method; ``tag`` is what an estimate names, ``own_rules`` are codes."""

    id = String(required=True)
    tag = String(required=True)
    title = String(required=True)
    question = String(required=True)
    how = String(required=True)
    edges = String(required=True)
    shown = String(required=True)
    own_rules = List(String(), required=True)
    dois = List(String(), required=True)


class OwnRuleAnswer(Schema):
    """A rule that no paper prescribes, with the ids of the methods that follow it."""

    code = String(required=True)
    name = String(required=True)
    words = String(required=True)
    methods = List(String(), required=True)


class MethodsAnswer(Schema):
    """Every method, in the order of the ids, and the rules of our own."""

    methods = List(Nested(MethodAnswer), required=True)
    own_rules = List(Nested(OwnRuleAnswer), required=True)


class CodeAnswer(Schema):
    """What a status, a reason or a warning means, and what to do."""

    code = String(required=True)
    kind = String(required=True, metadata={"enum": [kind.value for kind in CodeKind]})
    meaning = String(required=True)
    act = String(required=True)


class CodesAnswer(Schema):
    """Every code that an answer can hold."""

    codes = List(Nested(CodeAnswer), required=True)


@bp.get("")
@needs(Permission.USE_API_TOKENS)
@bp.input(LanguageQuery, location="query")
@bp.output(MethodsAnswer)
def list_methods(query_data: dict[str, Any]) -> dict[str, Any]:
    """Tell every method in words: what it answers, how, and when it is shown."""
    with speaking(query_data["language"]):
        found = [one for chapter in methods_in_text() for one in chapter["methods"]]
        rules = own_rules_in_text()
    return {"methods": [_method(one) for one in found], "own_rules": rules}


@bp.get("/codes")
@needs(Permission.USE_API_TOKENS)
@bp.input(LanguageQuery, location="query")
@bp.output(CodesAnswer)
def list_codes(query_data: dict[str, Any]) -> dict[str, Any]:
    """Tell in words what the codes of statuses, reasons and warnings mean."""
    with speaking(query_data["language"]):
        groups = codes_in_text()
    return {"codes": [{"kind": g["key"], **one} for g in groups for one in g["codes"]]}


def _method(one: dict[str, Any]) -> dict[str, Any]:
    told = {name: one[name] for name in ("id", "tag", "title", "question", "how", "edges", "shown")}
    dois = (part.doi for source in one["sources"] for part in source if part.doi)
    return told | {
        "own_rules": [rule["code"] for rule in one["own_rules"]],
        "dois": list(dict.fromkeys(dois)),
    }
