"""Which commands does `python3 -m peeraudit` know, and what may be said to each?

Standard library only: this is read before the environment exists.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 8000


@dataclass(frozen=True, slots=True)
class Command:
    """What carries a command out, and which packages it needs."""

    module: str
    needs: str = "runtime"


COMMANDS = {
    "demo": Command("peeraudit.launch.demo"),
    "test": Command("peeraudit.launch.checks", needs="tests"),
    "run": Command("peeraudit.launch.production"),
    "flask": Command("peeraudit.launch.flask_command"),
    "pictures": Command("peeraudit.launch.pictures", needs="tests"),
    "lint": Command("peeraudit.launch.checks", needs="tests"),
    "format": Command("peeraudit.launch.checks", needs="tests"),
}
# What follows these goes to another program untouched.
PASSED_ON = frozenset({"test", "flask"})


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the command and its options; print help and leave where that is asked or needed."""
    parser = _parser()
    if argv and argv[0] in PASSED_ON and list(argv[1:]) not in (["-h"], ["--help"]):
        return argparse.Namespace(command=argv[0], rest=list(argv[1:]))
    return parser.parse_args(argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m peeraudit",
        description="PeerAudit: peer review of radiology reports between hospitals.",
        epilog="The first call makes its own environment in .venv; that takes a minute.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_demo(subparsers)
    tests = _add(subparsers, "test", "check everything, as the continuous integration does")
    tests.add_argument("rest", nargs="*", metavar="ARGS", help="run pytest alone, with these")
    _add_run(subparsers)
    flask = _add(subparsers, "flask", "run `flask --app wsgi ARGS`, on the demo's data unless set")
    flask.add_argument("rest", nargs="*", metavar="ARGS", help="such as: db current")
    pictures = _add(subparsers, "pictures", "photograph every page of a fresh demo into DIR")
    pictures.add_argument("folder", type=Path, metavar="DIR")
    pictures.add_argument("--only", default="", metavar="NAME", help="pages whose name holds NAME")
    _add(subparsers, "lint", "check form, types, import rules and templates; no tests")
    _add(subparsers, "format", "rewrite code and templates in the house form")
    return parser


def _add_demo(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = _add(subparsers, "demo", "start everything with a demonstration network of hospitals")
    demo.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        help=f"web port on 127.0.0.1 (default {DEFAULT_PORT}; 0 takes a free one)",
    )
    demo.add_argument(
        "--data", type=Path, metavar="DIR", help="where the demo keeps its data (default instance)"
    )
    demo.add_argument(
        "--fresh", action="store_true", help="forget the earlier demo data and start anew"
    )


def _add_run(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    run = _add(subparsers, "run", "serve in production, with settings from the environment")
    run.add_argument(
        "--bind",
        default="127.0.0.1:8000",
        metavar="HOST:PORT",
        help="where the web server listens (default 127.0.0.1:8000)",
    )
    run.add_argument("--web", type=_count, default=2, metavar="N", help="web processes (2)")
    run.add_argument("--workers", type=_count, default=2, metavar="N", help="task processes (2)")


def _add(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, meaning: str
) -> argparse.ArgumentParser:
    return subparsers.add_parser(name, help=meaning, description=f"{meaning.capitalize()}.")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 to 65535")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 256:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} must be a number from 1 to 256")
