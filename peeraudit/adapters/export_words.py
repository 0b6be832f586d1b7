"""How does the leaflet read that lies beside exported files?"""

from flask_babel import gettext

NAME = "README.txt"


def how_to_compute(table: str, rules: str, result: str) -> tuple[str, str]:
    """Return the name and the text of the leaflet in the reader's language.

    Args:
        table: name of the CSV file.
        rules: name of the JSON file that goes with it.
        result: name of the file with what must come out.
    """
    command = (
        f"python3 -m peeraudit flask statistics compute {table} --protocol {rules} --out again.json"
    )
    parts = (
        gettext("Numbers of an audit, frozen. Anybody can compute them again, without a database:"),
        f"    {command}",
        gettext("What comes out must be, byte for byte, the file %(result)s.", result=result),
        gettext("What each method does and each code means stands on the page “Methods”."),
        gettext(
            "Keep these files as you keep the numbers of the audit: for those who were given them."
        ),
    )
    return NAME, "\n\n".join(parts) + "\n"
