"""How is the REST interface described to those who write programs against it?"""

from typing import Any

from apiflask import APIFlask
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import make_schema_key
from marshmallow import Schema

Answers = dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]
VERBS = {"get", "post", "put", "patch", "delete"}
ERROR = {
    "type": "object",
    "description": "What went wrong, in words and by a name that stays the same.",
    "required": ["error", "message"],
    "properties": {
        "error": {"type": "string", "description": "The name of the broken rule."},
        "message": {"type": "string", "description": "A sentence for a person."},
        "details": {"description": "What is wrong with each value, where values were sent."},
    },
}
REFUSALS = {
    "400": "The request could not be read.",
    "401": "There is no valid token.",
    "403": "The token or the role does not allow this.",
    "404": "There is no such thing, or it is not the caller's to see.",
    "409": "Another change came first, or the thing is done or exists already.",
    "422": "A value cannot be used, or a rule of the audit is broken.",
}
ABOUT = """Each call bears a personal access token: `Authorization: Bearer pa_…`. A token does what
its scopes allow, within what its person may do at that time. Errors are sentences in the language
of `Accept-Language` (`fr`, `en`)."""


class DescribedAPIFlask(APIFlask):
    """APIFlask that describes a schema once, whether it is met alone or inside another first."""

    def _register_schema_and_get_ref(
        self, spec: APISpec, registered_schema_classes: dict[int, str], schema_obj: object
    ) -> dict[str, str]:
        plugin = next(p for p in spec.plugins if isinstance(p, MarshmallowPlugin))
        if isinstance(schema_obj, Schema) and plugin.converter:
            known = plugin.converter.refs.get(make_schema_key(schema_obj))
            if known:
                registered_schema_classes[id(schema_obj.__class__)] = known
        return super()._register_schema_and_get_ref(spec, registered_schema_classes, schema_obj)


def a_file(words: str, media_type: str) -> Answers:
    """Return the description of an answer that is a file and not JSON, for ``bp.doc``.

    Args:
        words: what is in it.
        media_type: such as ``application/pdf``.
    """
    return {200: {"description": words, "content": {media_type: {"schema": {"type": "string"}}}}}


def register(app: APIFlask) -> None:
    """Describe the interface: names, the token, and what a refusal looks like."""
    app.config["DESCRIPTION"] = ABOUT
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["AUTO_404_RESPONSE"] = False
    app.config["SECURITY_SCHEMES"] = {"token": {"type": "http", "scheme": "bearer"}}
    app.schema_name_resolver = _name
    app.spec_processor(_complete)


def _name(schema: object) -> str:
    """Return a name that no other module's schema has, such as ``TrailEntryAnswer``."""
    kind = schema if isinstance(schema, type) else type(schema)
    concept = kind.__module__.rpartition(".")[2].title().replace("_", "")
    return kind.__name__ if kind.__name__.startswith(concept) else f"{concept}{kind.__name__}"


def _complete(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
    if isinstance(spec, str):
        return spec
    spec.setdefault("components", {}).setdefault("schemas", {})["Refusal"] = ERROR
    for path in spec["paths"].values():
        for verb in VERBS & set(path):
            path[verb]["security"] = [{"token": []}]
            for status, words in REFUSALS.items():
                path[verb]["responses"][status] = _refusal(words)
    return spec


def _refusal(words: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Refusal"}
    return {"description": words, "content": {"application/json": {"schema": reference}}}
