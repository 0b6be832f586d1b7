"""What does a coordinator hide or show again, and how does the text read then?"""

import re
from collections.abc import Iterable, Iterator, Sequence

from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.spans import Kind, Span, settle
from peeraudit.domain.errors import N_, InvalidInput, NotFound


def occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield where ``words`` stand in ``text``, as start and end, in order.

    Capitals, accents and the width of gaps make no difference; a part of a longer word is
    no occurrence.
    """
    parts = [re.escape(part) for part in fold(words).split()]
    if not parts:
        return
    shape = r"\s+".join(parts)
    before = r"(?<!\w)" if words.strip()[0].isalnum() else ""
    after = r"(?!\w)" if words.strip()[-1].isalnum() else ""
    for found in re.finditer(f"{before}{shape}{after}", fold(text)):
        yield found.span()


def hide(text: str, spans: Iterable[Span], words: str, kind: Kind) -> tuple[list[Span], int]:
    """Return the spans with every occurrence of ``words`` hidden too, and how many there were.

    What was moved, such as a day, is masked from then on.

    Args:
        text: the input text.
        spans: what is hidden already.
        words: as they stand in the text.
        kind: what they are.

    Raises:
        InvalidInput: the words hold no letter or digit, do not occur, or are hidden already.
    """
    if not any(map(str.isalnum, words)):
        raise InvalidInput(N_("Enter the words to mask, as they stand in the report."))
    old = settle(text, spans)
    places = list(occurrences(text, words))
    if not places:
        raise InvalidInput(
            N_("These words do not occur in the report: copy them from the original text.")
        )
    open_places = [
        (low, high)
        for low, high in places
        if not any(s.start <= low and high <= s.end and not s.shown for s in old)
    ]
    if not open_places:
        raise InvalidInput(N_("These words are masked already wherever they occur."))
    new = [Span(low, high, kind, "coordinator") for low, high in open_places]
    kept = [s for s in old if not (s.shown and (s.start, s.end) in open_places)]
    return settle(text, [*kept, *new]), len(new)


def show_again(text: str, spans: Sequence[Span], start: int) -> tuple[list[Span], list[Span]]:
    """Return the spans that stay, and those taken away: all that hide the same words.

    Args:
        text: the input text.
        spans: what is hidden.
        start: where one of the spans to take away begins.

    Raises:
        NotFound: no span begins there.
    """
    chosen = next((span for span in spans if span.start == start), None)
    if chosen is None:
        raise NotFound(N_("This mask is no longer there: reload the page."))
    words = fold(text[chosen.start : chosen.end])
    gone = [span for span in spans if fold(text[span.start : span.end]) == words]
    return [span for span in spans if span not in gone], gone
