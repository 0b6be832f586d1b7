"""Which words do the lists of names, words and eponyms hold?"""

from importlib.resources import files


def read_list(name: str) -> frozenset[str]:
    """Return the folded words of one of the lists that belong to this package.

    Args:
        name: the list, such as ``given``.
    """
    return frozenset(files(__package__).joinpath("lists", f"{name}.txt").read_text("utf-8").split())
