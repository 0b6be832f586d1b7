"""Which reports does the published seed draw from the frozen frame?"""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peeraudit.domain.errors import N_, InvalidInput

DRAW_TAG = "peer-audit/draw/v1"
DOUBLE_READ_TAG = "peer-audit/double-read/v1"
FIELD = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
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
        reserves: all others; the next one replaces a report that proves unusable.
    """

    frame_size: int
    sample: tuple[Ticketed, ...]
    reserves: tuple[Ticketed, ...]


@dataclass(frozen=True)
class Draw:
    """A sample that anybody with frame and seed can draw again.

    Attributes:
        frame_sha256: fingerprint of the frame, published before the seed exists.
        seed_sha256: fingerprint of the seed.
        strata: the draw of each stratum, in the order of the strata's names.
    """

    frame_sha256: str
    seed_sha256: str
    strata: Mapping[str, StratumDraw]

    @property
    def keys(self) -> tuple[str, ...]:
        """The drawn reports, stratum by stratum in ticket order."""
        return tuple(t.item_key for part in self.strata.values() for t in part.sample)


def frame_lines(frame: Iterable[tuple[str, str]]) -> list[bytes]:
    """Return the frame as sorted lines, S1.08 step 1.

    Args:
        frame: (stratum, item key) of each eligible report, in any order.

    Returns:
        One line per report, ``stratum TAB item_key LF`` in ASCII, sorted bytewise.

    Raises:
        InvalidInput: a field has other characters than letters, digits and ``._:-``, or not
            1 to 128 of them; or a report is listed twice.
    """
    seen: set[str] = set()
    lines = []
    for stratum, item_key in frame:
        for value in (stratum, item_key):
            if not FIELD.fullmatch(value):
                raise InvalidInput(
                    N_(
                        "The frame has the name “%(value)s”. A stratum or report key has 1 to 128"
                        " characters: unaccented letters, digits, dot, underscore, colon, hyphen."
                    ),
                    value=value[:130],
                )
        if item_key in seen:
            raise InvalidInput(
                N_("The report %(key)s is in the frame twice. Remove one and freeze it again."),
                key=item_key,
            )
        seen.add(item_key)
        lines.append(f"{stratum}\t{item_key}\n".encode("ascii"))
    return sorted(lines)


def frame_sha256(frame: Iterable[tuple[str, str]]) -> str:
    """Return the fingerprint of a frame: SHA-256 in hex over its sorted lines.

    Raises:
        InvalidInput: as :func:`frame_lines`.
    """
    return hashlib.sha256(b"".join(frame_lines(frame))).hexdigest()


def frame_counts(frame: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return N_h per stratum, in the order of the strata's names."""
    counts: dict[str, int] = {}
    for stratum, _ in frame:
        counts[stratum] = counts.get(stratum, 0) + 1
    return dict(sorted(counts.items()))


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


def draw(frame: Iterable[tuple[str, str]], seed: str, sizes: Mapping[str, int]) -> Draw:
    """Return the sample: in each stratum the n_h reports with the smallest tickets, S1.08.

    Args:
        frame: (stratum, item key) of each eligible report, in any order.
        seed: 16 to 256 printable ASCII characters, made after the frame was frozen.
        sizes: n_h for every stratum of the frame; 0 is allowed.

    Returns:
        The draw, with all reserves in order.

    Raises:
        InvalidInput: frame or seed is not valid, or the sizes do not fit the frame.
    """
    listed = list(frame)
    fingerprint = frame_sha256(listed)
    seed_fingerprint = seed_sha256(seed)
    by_stratum: dict[str, list[str]] = {stratum: [] for stratum in frame_counts(listed)}
    for stratum, item_key in listed:
        by_stratum[stratum].append(item_key)
    _check_sizes({stratum: len(keys) for stratum, keys in by_stratum.items()}, sizes)
    strata = {}
    for stratum, keys in by_stratum.items():
        tickets = sorted((ticket(seed, key), key) for key in keys)
        ordered = tuple(Ticketed(key, number) for number, key in tickets)
        n = sizes[stratum]
        strata[stratum] = StratumDraw(len(keys), ordered[:n], ordered[n:])
    return Draw(fingerprint, seed_fingerprint, strata)


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
