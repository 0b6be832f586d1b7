"""What is told of the rules that hide small numbers?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.linked_tables import protect
from peeraudit.domain.statistics.suppression import complementary, primary_reasons

_SHOWN_1 = N_("Always, last, on all tables of a period at once; nobody can switch it off.")

METHODS = (
    Method(
        "S10.01",
        (primary_reasons,),
        title=N_("Numbers that would say too much"),
        question=N_("Does this number speak of so few people that somebody could be recognised?"),
        how=N_(
            "Hidden are: too few reports, too few authors, fewer than 5 discrepancies or "
            "concordant reports outside the department, a rate that says the same of every "
            "author, and nearly all reports from one author."
        ),
        edges=N_(
            "A hidden number hides its counts, interval, point in a chart and field in a file "
            "alike; its reason stays visible, though not more of it than protects: where reports "
            "or authors are too few, nothing is said of how many discrepancies there were. No "
            "discrepancy at all is not hidden, but told with its upper bound."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S10.02",
        (
            complementary,
            protect,
        ),
        title=N_("Numbers hidden to protect others"),
        question=N_("Could a hidden number be worked out from the totals?"),
        how=N_(
            "In every row and column with one hidden cell a second one is hidden; then a linear "
            "program looks for the least and the most that each hidden cell could hold, and more "
            "cells are hidden until these lie at least 5 apart."
        ),
        edges=N_(
            "A total beside hidden cells is told in whole per cent. Others than the department are "
            "told the part of it that comes from them, by a rule of our own, only by the step of a "
            "ladder on which it lies: a step holds at least six of their cases, and at least one "
            "point. The interval and the label follow from the step and from public sizes alone, "
            "so that no count can be tried from them. That nothing was found under a total is told."
        ),
        shown=_SHOWN_1,
    ),
)
