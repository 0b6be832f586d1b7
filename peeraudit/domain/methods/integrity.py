"""What is told of the methods that look at blinding and care?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.integrity.blinding_indices import (
    bang_index,
    guess_test,
    james_index,
)
from peeraudit.domain.statistics.integrity.reviewing_patterns import (
    flag_low_counts,
    low_count,
    reading_times,
    stratified_trend,
)

METHODS = (
    Method(
        "S8.01",
        (bang_index,),
        title=N_("Did reviewers know whose report it was?"),
        question=N_(
            "Asked after submitting, do reviewers guess the department better than by chance?"
        ),
        how=N_(
            "Right answers less wrong ones, over all answers, with a normal interval (Bang): 0 is "
            "blinded, 1 unmasked, -1 always guessed the other way."
        ),
        edges=N_("Answers are kept apart and never stand beside a score."),
    ),
    Method(
        "S8.02",
        (james_index,),
        title=N_("Blinding, all groups together"),
        question=N_("Over all, how many did not know?"),
        how=N_(
            "From 0, all knew, to 1, all said that they did not know; one half is guessing at "
            "random (James)."
        ),
        edges=N_(
            "It is blind to one group unmasked and another guessed the other way, so that Bang’s "
            "index comes first."
        ),
    ),
    Method(
        "S8.03",
        (guess_test,),
        title=N_("Guesses among many departments"),
        question=N_(
            "With many departments to choose from, do guesses hit more often than by chance?"
        ),
        how=N_(
            "Right guesses against what all ways of shuffling the guesses would give; times the "
            "share who guessed at all."
        ),
        edges=N_("Where the guesses cannot miss, or cannot hit, there is no test."),
    ),
    Method(
        "S8.04",
        (stratified_trend,),
        title=N_("Order and fatigue"),
        question=N_("Are discrepancies called more rarely late in a session, or late in the year?"),
        how=N_(
            "Within each reviewer, the positions of the discrepant readings are compared with "
            "those that chance would give; added up over reviewers (Mantel)."
        ),
        edges=N_("Of the panel as a whole, never of one reviewer."),
    ),
    Method(
        "S8.05",
        (
            low_count,
            flag_low_counts,
        ),
        title=N_("Hardly ever a discrepancy"),
        question=N_("Would so few discrepancies be likely if the reviewer read like the others?"),
        how=N_(
            "The exact chance of as few or fewer, at the rates of the others in the same strata; "
            "flagged only after allowing for the number of reviewers."
        ),
        edges=N_(
            "Below some 74 readings at a rate of 4 per cent, not even none at all says anything."
        ),
    ),
    Method(
        "S8.06",
        (reading_times,),
        title=N_("Reading times"),
        question=N_("Are some readings too quick to have been made with care?"),
        how=N_(
            "Active seconds, on a logarithmic scale, around the reviewer’s own median; and the "
            "share below a floor that the audit board set in advance."
        ),
        edges=N_(
            "A flag opens a conversation; it never takes a reading out of the data by itself."
        ),
    ),
)
