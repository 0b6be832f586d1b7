"""How is it told that readings went from one reviewer to others?"""

from flask_babel import gettext, ngettext


def moved_words(count: int) -> str:
    """Return a sentence for how many cases went to others; none is told as well."""
    if not count:
        return gettext("No case could go to somebody else.")
    return ngettext(
        "One case went to another reviewer.", "%(num)s cases went to other reviewers.", count
    )
