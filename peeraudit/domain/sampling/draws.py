"""Which reports does the published seed draw from the frozen frame?"""

import hashlib
import heapq
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from string import ascii_letters, digits

from peeraudit.domain.errors import N_, InvalidInput

DRAW_TAG = "peer-audit/draw/v1"
DOUBLE_READ_TAG = "peer-audit/double-read/v1"
FIELD = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
FIELD_BYTES = f"{ascii_letters}{digits}._:-".encode("ascii")
FIELD_LONGEST = 128
# Whoever wants more than one in so many is served sooner by sorting all.
HEAP_SHARE = 8
SEED = re.compile(r"[\x20-\x7e]{16,256}")
# Of the designated cases about four in five are expected to be concordant.
CONCORDANT_SHARE = 0.8
ROUNDING = 1e-9


@dataclass(frozen=True)
class Ticketed:
    """A report of the frame with its permanent ticket.

    Attributes:
        item_key: the keyed pseudonym of the report.
        ticket: SHA-256 in lower-case hex.
    """

    item_key: str
    ticket: str

    @property
    def u(self) -> float:
        """The ticket as a number from 0 to 1; for display only."""
        return int(self.ticket[:13], 16) / 2**52


@dataclass(frozen=True)
class StratumDraw:
    """The reports of one stratum in ticket order.

    Attributes:
        frame_size: N_h, reports in the frame.
        sample: the n_h smallest tickets.
        tickets: digest and item key of every report, in no order.
    """

    frame_size: int
    sample: tuple[Ticketed, ...]
    tickets: Sequence[tuple[bytes, str]] = field(compare=False, repr=False)

    @cached_property
    def reserves(self) -> tuple[Ticketed, ...]:
        """All reports that were not drawn; the next one replaces a report that is unusable."""
        return self.next_reserves(self.frame_size)

    def next_reserves(self, count: int) -> tuple[Ticketed, ...]:
        """Return the first ``count`` reserves, or all where there are fewer."""
        drawn = len(self.sample)
        return _smallest(self.tickets, drawn + count)[drawn:]


@dataclass(frozen=True)
class Draw:
    """A sample that anybody with frame and seed can draw again.

    Attributes:
        frame: the list, sorted.
        frame_sha256: fingerprint of the frame, published before the seed exists.
        seed_sha256: fingerprint of the seed.
        strata: the draw of each stratum, in the order of the strata's names.
    """

    frame: "SortedFrame" = field(compare=False, repr=False)
    frame_sha256: str
    seed_sha256: str
    strata: Mapping[str, StratumDraw]

    @property
    def keys(self) -> tuple[str, ...]:
        """The drawn reports, stratum by stratum in ticket order."""
        return tuple(t.item_key for part in self.strata.values() for t in part.sample)


@dataclass(frozen=True)
class SortedFrame:
    """A list of eligible reports as columns: a million of them are no million objects.

    Attributes:
        strata: the item keys of each stratum, both in the order of their bytes.
    """

    strata: Mapping[str, Sequence[str]]

    @property
    def counts(self) -> dict[str, int]:
        """N_h per stratum, in the order of the strata's names."""
        return {stratum: len(keys) for stratum, keys in self.strata.items()}

    def parts(self) -> Iterator[bytes]:
        """Yield the lines of one stratum after the other, S1.08 step 1."""
        for stratum, keys in self.strata.items():
            between = f"\n{stratum}\t"
            yield f"{stratum}\t{between.join(keys)}\n".encode("ascii")

    def sha256(self) -> str:
        """Return the fingerprint: SHA-256 in hex over all lines."""
        digest = hashlib.sha256()
        for part in self.parts():
            digest.update(part)
        return digest.hexdigest()


def sort_frame(frame: Iterable[Sequence[str]]) -> SortedFrame:
    """Return a frame as sorted columns.

    Args:
        frame: (stratum, item key) of each eligible report, in any order.

    Returns:
        The columns. No character of a name sorts before TAB and LF, so that sorting the
        strata, and the keys of each, is sorting the lines bytewise.

    Raises:
        InvalidInput: a field has other characters than letters, digits and ``._:-``, or not
            1 to 128 of them; or a report is listed twice.
    """
    by_stratum: dict[str, list[str]] = {}
    for stratum, item_key in frame:
        keys = by_stratum.get(stratum)
        if keys is None:
            keys = by_stratum[stratum] = []
        keys.append(item_key)
    for stratum in by_stratum:
        _check_name(stratum)
    for keys in by_stratum.values():
        _check_names(keys)
        keys.sort()
    _check_once(by_stratum)
    return SortedFrame(dict(sorted(by_stratum.items())))


def _check_name(value: str) -> None:
    if not FIELD.fullmatch(value):
        raise InvalidInput(
            N_(
                "The frame has the name “%(value)s”. A stratum or report key has 1 to 128"
                " characters: unaccented letters, digits, dot, underscore, colon, hyphen."
            ),
            value=value[:130],
        )


def _check_names(keys: Sequence[str]) -> None:
    """Refuse what is no name; looks at all keys at once, and one by one where that fails."""
    joined = "".join(keys)
    sound = joined.isascii() and not joined.encode("ascii").translate(None, FIELD_BYTES)
    if not sound or min(map(len, keys)) < 1 or max(map(len, keys)) > FIELD_LONGEST:
        for key in keys:
            _check_name(key)


def _check_once(strata: Mapping[str, Sequence[str]]) -> None:
    total = sum(len(keys) for keys in strata.values())
    if len(set().union(*strata.values())) == total:
        return
    seen: set[str] = set()
    for keys in strata.values():
        for key in keys:
            if key in seen:
                raise InvalidInput(
                    N_("The report %(key)s is in the frame twice. Remove one and freeze it again."),
                    key=key,
                )
            seen.add(key)


def frame_lines(frame: Iterable[Sequence[str]]) -> list[bytes]:
    """Return the frame as sorted lines, S1.08 step 1.

    Args:
        frame: (stratum, item key) of each eligible report, in any order.

    Returns:
        One line per report, ``stratum TAB item_key LF`` in ASCII, sorted bytewise.

    Raises:
        InvalidInput: as :func:`sort_frame`.
    """
    return b"".join(sort_frame(frame).parts()).splitlines(keepends=True)


def frame_sha256(frame: Iterable[Sequence[str]]) -> str:
    """Return the fingerprint of a frame: SHA-256 in hex over its sorted lines.

    Raises:
        InvalidInput: as :func:`sort_frame`.
    """
    return sort_frame(frame).sha256()


def frame_counts(frame: Iterable[Sequence[str]]) -> dict[str, int]:
    """Return N_h per stratum, in the order of the strata's names."""
    return dict(sorted(Counter(stratum for stratum, _ in frame).items()))


def check_seed(seed: str) -> None:
    """Refuse a seed that others could not type again.

    Raises:
        InvalidInput: it has not 16 to 256 printable ASCII characters.
    """
    if not SEED.fullmatch(seed):
        raise InvalidInput(
            N_(
                "A seed has 16 to 256 characters: unaccented letters, digits, signs and spaces,"
                " without a line break."
            )
        )


def seed_sha256(seed: str) -> str:
    """Return the fingerprint of a seed.

    Raises:
        InvalidInput: as :func:`check_seed`.
    """
    check_seed(seed)
    return hashlib.sha256(seed.encode("ascii")).hexdigest()


def ticket(seed: str, item_key: str) -> str:
    """Return a report's permanent ticket, S1.08 step 3.

    Args:
        seed: a valid seed.
        item_key: a valid key.

    Returns:
        SHA-256 in lower-case hex. It depends on nothing else, so that a larger sample keeps
        the smaller one, and a report keeps its ticket when strata are redefined.

    Source:
        Rivest R. L. (2018). doi:10.48550/arXiv.1808.10016; Ohlsson E. (1995), permanent random
        numbers.
    """
    return _ticket(DRAW_TAG, seed, item_key)


def double_read_ticket(seed: str, item_key: str) -> str:
    """Return the ticket that decides on a random second read.

    It is not the draw's own ticket: within a stratum drawn thinly all drawn tickets are
    small, so their order across strata would designate the thinly drawn strata first.
    """
    return _ticket(DOUBLE_READ_TAG, seed, item_key)


def _ticket(tag: str, seed: str, item_key: str) -> str:
    return hashlib.sha256(f"{tag}\n{seed}\n{item_key}\n".encode("ascii")).hexdigest()


def draw(frame: Iterable[Sequence[str]], seed: str, sizes: Mapping[str, int]) -> Draw:
    """Return the sample: in each stratum the n_h reports with the smallest tickets, S1.08.

    Args:
        frame: (stratum, item key) of each eligible report, in any order.
        seed: 16 to 256 printable ASCII characters, made after the frame was frozen.
        sizes: n_h for every stratum of the frame; 0 is allowed.

    Returns:
        The draw; its reserves are put in order once they are asked for.

    Raises:
        InvalidInput: frame or seed is not valid, or the sizes do not fit the frame.
    """
    listed = sort_frame(frame)
    seed_fingerprint = seed_sha256(seed)
    _check_sizes(listed.counts, sizes)
    strata = {}
    for stratum, keys in listed.strata.items():
        tickets = _tickets(seed, keys)
        sample = _smallest(tickets, sizes[stratum])
        strata[stratum] = StratumDraw(len(keys), sample, tickets)
    return Draw(listed, listed.sha256(), seed_fingerprint, strata)


def _tickets(seed: str, keys: Sequence[str]) -> list[tuple[bytes, str]]:
    """Return the ticket of each key as bytes, which sort as their hexadecimal text does."""
    head, sha256 = f"{DRAW_TAG}\n{seed}\n".encode("ascii"), hashlib.sha256
    lines = "\n".join([*keys, ""]).encode("ascii").splitlines(keepends=True)
    return list(zip([sha256(head + line).digest() for line in lines], keys, strict=True))


def _smallest(tickets: Sequence[tuple[bytes, str]], n: int) -> tuple[Ticketed, ...]:
    # A heap is quicker than sorting as long as it stays small.
    few = n * HEAP_SHARE < len(tickets)
    first = heapq.nsmallest(n, tickets) if few else sorted(tickets)[:n]
    return tuple(Ticketed(key, digest.hex()) for digest, key in first)


def _check_sizes(counts: Mapping[str, int], sizes: Mapping[str, int]) -> None:
    for stratum in sorted(counts.keys() ^ sizes.keys()):
        raise InvalidInput(
            N_("The stratum %(stratum)s is in the frame or in the plan, but not in both."),
            stratum=stratum,
        )
    for stratum, size in sizes.items():
        if size < 0:
            raise InvalidInput(N_("A number of reports cannot be negative."))
        if size > counts[stratum]:
            raise InvalidInput(
                N_(
                    "More reports (%(wanted)d) are to be drawn from %(stratum)s than it holds"
                    " (%(held)d)."
                ),
                wanted=size,
                stratum=stratum,
                held=counts[stratum],
            )


def double_read_size(n: int, *, share: float, minimum: int) -> int:
    """Return how many of ``n`` drawn cases are designated for a random second read.

    The design asks for a share of the cases and for a minimum of *concordant* first reads
    that are read again, or the missed findings cannot be estimated. But the cases must be
    designated before any score exists: a case chosen after its score is no random one, and
    agreement computed on chosen cases is wrong. So the minimum is divided by the share
    of first reads expected to be concordant (four in five, on the safe side), and that many
    are designated whatever their scores turn out to be.

    Args:
        n: drawn cases.
        share: of these to be read again, 0 to 1.
        minimum: concordant cases wanted among them.

    Returns:
        min(n, max(⌈share·n⌉, ⌈minimum/0.8⌉)).

    Raises:
        InvalidInput: a value is out of its range.
    """
    if not 0 <= share <= 1:
        raise InvalidInput(N_("The share of second reads must lie between 0 and 100 per cent."))
    if n < 0 or minimum < 0:
        raise InvalidInput(N_("A number of reports cannot be negative."))
    by_share = math.ceil(share * n - ROUNDING)
    return min(n, max(by_share, math.ceil(minimum / CONCORDANT_SHARE - ROUNDING)))


def double_read_prefix(
    tickets: Mapping[str, str], *, share: float, minimum: int
) -> tuple[str, ...]:
    """Return the drawn cases designated for a random second read, before any score exists.

    Args:
        tickets: item key to :func:`double_read_ticket` of every drawn case.
        share: as :func:`double_read_size`, which also says why the prefix is this long.
        minimum: as :func:`double_read_size`.

    Returns:
        The designated keys in ticket order; a larger share or minimum keeps them all.

    Raises:
        InvalidInput: a value is out of its range.
    """
    size = double_read_size(len(tickets), share=share, minimum=minimum)
    ordered = sorted(tickets, key=lambda key: (tickets[key], key))
    return tuple(ordered[:size])
