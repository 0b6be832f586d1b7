"""Which words of the statistics need explaining to who is no statistician?"""

from typing import Final

from peeraudit.domain.methods import terms_of_comparisons, terms_of_rates
from peeraudit.domain.methods.term import Term

TERMS: Final[tuple[Term, ...]] = tuple(
    sorted((*terms_of_rates.TERMS, *terms_of_comparisons.TERMS), key=lambda term: term.key)
)
