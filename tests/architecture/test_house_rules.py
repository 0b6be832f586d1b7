"""Rules that no linter knows."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import nodes

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "peeraudit").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
UNMARKED = {"static", "bootstrap.static", "openapi.spec"}
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|shared|manager|base|dao)(_|$)")


def name_of(path):
    return str(path.relative_to(ROOT))


def functions(path):
    tree = ast.parse(path.read_text())
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function):
    """Lines of code: what a docstring tells of units, shapes and sources costs nothing."""
    first = function.body[0]
    is_told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    told = first.end_lineno - first.lineno + 1 if is_told else 0
    return function.end_lineno - function.lineno + 1 - told


def limit_of(path):
    if path.parent.name == "tasks" and path.name not in {"duties.py", "registry.py"}:
        return 12
    if "web" in path.parts and path.name == "views.py":
        return 25
    return 50


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_and_functions_are_short(path):
    assert len(path.read_text().splitlines()) <= 400
    assert [f.name for f in functions(path) if length(f) > limit_of(path)] == []


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_test_files_are_short(path):
    assert len(path.read_text().splitlines()) <= 600


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_are_short(path):
    assert len(path.read_text().splitlines()) <= 150


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=name_of)
def test_package_files_hold_no_code(path):
    body = ast.parse(path.read_text()).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_imported_inside_a_function(path):
    inner = [
        n
        for f in functions(path)
        for n in ast.walk(f)
        if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    assert inner == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_names_say_what_is_inside(path):
    assert not BANNED_NAMES.search(path.stem)


def test_the_map_of_the_services_names_each_of_them_once():
    folder = ROOT / "peeraudit/services"
    told = re.findall(r"`(\w+)`", (folder / "__init__.py").read_text())

    assert sorted(told) == sorted(p.stem for p in folder.glob("*.py") if p.stem != "__init__")


def test_only_the_unit_of_work_commits():
    committing = [
        name_of(p)
        for p in MODULES
        if p.name != "unit_of_work.py" and re.search(r"session\.commit\(", p.read_text())
    ]

    assert committing == []


def test_broad_catches_stand_only_at_the_outermost_doors():
    broad = [name_of(p) for p in MODULES if re.search(r"except (Base)?Exception\b", p.read_text())]

    assert set(broad) <= {
        "peeraudit/services/duties.py",
        "peeraudit/adapters/unit_of_work.py",
        # The base of each background task, behind which the log of the worker itself begins.
        "peeraudit/app.py",
        *(name for name in broad if name.startswith("peeraudit/launch/")),
    }


def test_every_view_says_who_may_call_it(app):
    unmarked = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in UNMARKED
        and not hasattr(app.view_functions[rule.endpoint], "access")
    ]

    assert unmarked == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_imported_macro_is_used(app, path):
    tree = app.jinja_env.parse(path.read_text())
    imported = {
        n[1] if isinstance(n, tuple) else n
        for node in tree.find_all(nodes.FromImport)
        for n in node.names
    }
    called = {c.node.name for c in tree.find_all(nodes.Call) if isinstance(c.node, nodes.Name)}

    assert imported <= called


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_pages_hold_no_inline_script_or_style(path):
    text = path.read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle=|\son[a-z]+=\"", text)
    assert "<style" not in text


@pytest.mark.parametrize("door", ["api", "web"])
def test_every_blueprint_is_attached(app, door):
    written = [
        name
        for path in (ROOT / "peeraudit" / door).rglob("*.py")
        for name in re.findall(r'^bp = \w*Blueprint\(\s*"(\w+)"', path.read_text(), re.MULTILINE)
    ]

    assert len(written) > 10
    assert set(written) <= set(app.blueprints)


# A moment's own date is that of UTC: people are told of, and held to, the days of where they are.
DAY_OF_A_MOMENT = re.compile(r"(?:_at|now\(\)|moment\)?|\bend|days\))\)?\.date\(\)")
PEOPLES_DAYS = [p for p in MODULES if {"services", "web", "api", "tasks", "cli"} & set(p.parts)]


@pytest.mark.parametrize("path", PEOPLES_DAYS, ids=name_of)
def test_no_day_is_taken_from_a_moment_in_utc(path):
    assert DAY_OF_A_MOMENT.findall(path.read_text()) == []
