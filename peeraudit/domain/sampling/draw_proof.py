"""Can a third party, with the published bundle alone, prove that the draw was fair?"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import chain
from typing import Any

from peeraudit.domain.errors import N_, DomainError
from peeraudit.domain.sampling.draw_steps import (
    Extension,
    Replacement,
    is_extension,
    is_replacement,
    step_problems,
)
from peeraudit.domain.sampling.draws import Draw, draw
from peeraudit.domain.sampling.plan_proof import plan_problems
from peeraudit.domain.sampling.proof_problems import Problem

FORMAT = "peer-audit/proof/v1"
ALGORITHM = (
    "ticket = SHA-256('peer-audit/draw/v1' LF seed LF item_key LF); the n_h smallest tickets"
    " of each stratum are drawn; frame_sha256 = SHA-256 over the lines"
    " 'stratum TAB item_key LF' sorted bytewise"
)


def build_proof(
    frame: Iterable[tuple[str, str]],
    seed: str,
    sizes: Mapping[str, int],
    *,
    published: tuple[datetime, datetime] | None = None,
    replacements: Sequence[Replacement] = (),
    extensions: Sequence[Extension] = (),
) -> dict[str, Any]:
    """Return all that is needed to draw the sample again, as JSON values.

    Args:
        frame: (stratum, item key) of each eligible report; the keys are pseudonyms.
        seed: the published seed.
        sizes: n_h for every stratum.
        published: when the frame's fingerprint and when the seed were published, both
            aware; None where no time is claimed.
        replacements: unusable reports in the order in which they were replaced.
        extensions: how the draw grew, in order; a draw that did not has the bundle it had.

    Returns:
        The bundle that :func:`verify_proof` reads.

    Raises:
        InvalidInput: frame, seed or sizes are not valid.
    """
    drawn = draw(frame, seed, sizes)
    bundle: dict[str, Any] = {
        "format": FORMAT,
        "algorithm": ALGORITHM,
        "frame": [[stratum, key] for stratum, keys in drawn.frame.strata.items() for key in keys],
        "frame_sha256": drawn.frame_sha256,
        "frame_sizes": drawn.frame.counts,
        "seed": seed,
        "seed_sha256": drawn.seed_sha256,
        "sizes": dict(sorted(sizes.items())),
        "sample": {
            stratum: [t.item_key for t in part.sample] for stratum, part in drawn.strata.items()
        },
        "replacements": [asdict(replacement) for replacement in replacements],
    }
    if extensions:
        bundle["extensions"] = [asdict(extension) for extension in extensions]
    if published is not None:
        bundle["frame_published_at"] = published[0].isoformat()
        bundle["seed_published_at"] = published[1].isoformat()
    return bundle


def proof_text(bundle: Mapping[str, Any]) -> str:
    """Return a bundle that was built here as the JSON text that is handed out.

    The same characters as ``json.dumps(bundle, ensure_ascii=False, indent=1)``, which goes
    through the list of reports value by value; its names need no escaping.
    """
    text = json.dumps({**bundle, "frame": []}, ensure_ascii=False, indent=1)
    if not bundle["frame"]:
        return text
    lines = ",\n".join([f'  [\n   "{one[0]}",\n   "{one[1]}"\n  ]' for one in bundle["frame"]])
    # Within a text a line feed is escaped, so that this is found at the top level alone.
    head, mark, tail = text.partition('\n "frame": [')
    return f"{head}{mark}\n{lines}\n {tail}"


def verify_proof(bundle: object) -> list[str]:
    """Return what is wrong with a bundle, in plain sentences; nothing if it proves its draw.

    Args:
        bundle: the parsed JSON; any content is safe.

    Returns:
        The problems, each a :class:`Problem` that can be translated.
    """
    if not isinstance(bundle, Mapping):
        return [Problem(N_("This is no proof of a draw."))]
    damaged = N_("The bundle cannot be read: %(part)s is missing or damaged.")
    broken = [Problem(damaged, part=part) for part in _damaged(bundle)]
    if broken:
        return [*broken]
    try:
        drawn = draw(bundle["frame"], bundle["seed"], bundle["sizes"])
    except DomainError as error:
        return [Problem(error.message, **error.params)]
    return [
        *_fingerprint_problems(bundle, drawn),
        *plan_problems(bundle, drawn.frame.counts),
        *_sample_problems(bundle, drawn),
        *step_problems(bundle, drawn),
        *_order_problems(bundle),
    ]


def _is_text_map(value: object, part: type) -> bool:
    return isinstance(value, dict) and all(
        isinstance(key, str) and type(item) is part for key, item in value.items()
    )


def _is_text_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_frame(value: object) -> bool:
    """Return whether a value is a list of pairs of texts; looks at all of them at once."""
    return (
        isinstance(value, list)
        and set(map(type, value)) <= {list}
        and set(map(len, value)) <= {2}
        and set(map(type, chain.from_iterable(value))) <= {str}
    )


def _damaged(bundle: Mapping[str, Any]) -> list[str]:
    """Return the names of the parts that do not have the shape of a bundle."""
    frame, sample = bundle.get("frame"), bundle.get("sample")
    replacements, extensions = bundle.get("replacements", []), bundle.get("extensions", [])
    times = [bundle.get(f"{name}_published_at", "") for name in ("frame", "seed")]
    sound = {
        "format": bundle.get("format") == FORMAT,
        "frame": _is_frame(frame),
        "seed": isinstance(bundle.get("seed"), str),
        "sizes": _is_text_map(bundle.get("sizes"), int),
        "sample": _is_text_map(sample, list)
        and all(_is_text_list(keys) for keys in (sample or {}).values()),
        "replacements": isinstance(replacements, list) and all(map(is_replacement, replacements)),
        "extensions": isinstance(extensions, list) and all(map(is_extension, extensions)),
        "published_at": _is_text_list(times),
        "protocol": _is_text_list([bundle.get("protocol", ""), bundle.get("protocol_sha256", "")]),
    }
    return [part for part, holds in sound.items() if not holds]


def _fingerprint_problems(bundle: Mapping[str, Any], drawn: Draw) -> list[Problem]:
    problems = []
    if bundle.get("frame_sha256") != drawn.frame_sha256:
        problems.append(
            Problem(
                N_(
                    "The list of reports is not the one that was published before the seed: its"
                    " fingerprint is %(found)s."
                ),
                found=drawn.frame_sha256,
            )
        )
    if bundle.get("seed_sha256") != drawn.seed_sha256:
        message = N_("The seed is not the one that was published: its fingerprint is %(found)s.")
        problems.append(Problem(message, found=drawn.seed_sha256))
    counts = {stratum: part.frame_size for stratum, part in drawn.strata.items()}
    if bundle.get("frame_sizes") != counts:
        message = N_("The published numbers of reports per stratum do not match the list.")
        problems.append(Problem(message))
    return problems


def _sample_problems(bundle: Mapping[str, Any], drawn: Draw) -> list[Problem]:
    problems = []
    sample = bundle["sample"]
    for stratum in sorted(sample.keys() - drawn.strata.keys()):
        message = N_("The sample names the stratum %(stratum)s, which the frame does not have.")
        problems.append(Problem(message, stratum=stratum))
    for stratum, part in drawn.strata.items():
        right = [t.item_key for t in part.sample]
        claimed = sample.get(stratum, [])
        for key in sorted(set(claimed) - set(right)):
            message = N_("%(stratum)s: the report %(key)s is in the sample but was not drawn.")
            problems.append(Problem(message, stratum=stratum, key=key))
        for key in sorted(set(right) - set(claimed)):
            message = N_("%(stratum)s: the report %(key)s was drawn but is not in the sample.")
            problems.append(Problem(message, stratum=stratum, key=key))
        if set(claimed) == set(right) and claimed != right:
            message = N_("%(stratum)s: the sample is not in the order of its tickets.")
            problems.append(Problem(message, stratum=stratum))
    return problems


def _order_problems(bundle: Mapping[str, Any]) -> list[Problem]:
    """Return a problem if the seed was known before the frame could no longer change."""
    if "frame_published_at" not in bundle and "seed_published_at" not in bundle:
        return []
    try:
        frozen = datetime.fromisoformat(bundle.get("frame_published_at", ""))
        seeded = datetime.fromisoformat(bundle.get("seed_published_at", ""))
        in_order = frozen < seeded
    except (ValueError, TypeError):
        return [Problem(N_("The times of publication cannot be read."))]
    if in_order:
        return []
    return [Problem(N_("The seed was published before the frame was frozen."))]
