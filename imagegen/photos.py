"""Several photos of one product: which are looked at, and what is said of those that are no use.

A catalog's other photos are seldom all packshots: details, people, rooms. One of them must not spoil a scene that
another photo can make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from imagegen.errors import BadRequestError, InputError, MissingWeightsError
from imagegen.types import Finding, Seen, Verdict

MOST = 6
"""Photos that are looked at: each costs a second or two and memory."""
MOST_PIXELS = 60_000_000
"""Pixels of all of them together, as decoded; what goes beyond is passed over."""


def numbered(photos: Sequence[bytes], wanted: int | None = None) -> tuple[tuple[int, bytes], ...]:
    """The photos that may be shown, each with its number from 0: the first few, or only the ``wanted`` one.

    Raises BadRequestError when there is no such photo.
    """
    if wanted is None:
        return tuple(enumerate(photos[:MOST]))
    if not 0 <= wanted < len(photos):
        raise BadRequestError(
            f"The product has no photo {wanted}.",
            hint=f"It has {len(photos)}: photos count from 0.",
            where="photo",
        )
    return ((wanted, photos[wanted]),)


def look_through(
    look: Callable[[int, bytes], Seen], photos: Iterable[tuple[int, bytes]]
) -> tuple[tuple[Seen, ...], tuple[Finding, ...]]:
    """The product as each usable photo shows it, and a finding for each that was passed over.

    A photo in which the product's shape contradicts its centimetres (a detail, another product) is passed over when
    another does not. Raises what ``look`` raised of the first photo when all are unusable, and whatever is no fault of
    the photo's own (a job that was cancelled).
    """
    seen: list[Seen] = []
    refused: dict[int, str] = {}
    first: InputError | MissingWeightsError | None = None
    pixels = 0
    for number, data in photos:
        if pixels > MOST_PIXELS:
            refused[number] = "the photos before it are large, and there is no memory for more"
            continue
        try:
            view = look(number, data)
        except (InputError, MissingWeightsError) as error:
            refused[number] = error.message
            first = first or error
        else:
            seen.append(view)
            pixels += view.cutout.alpha.size
    if first and not seen:
        raise first
    honest = [view for view in seen if not _contradicts(view)] or seen
    for view in seen:
        if view not in honest:
            refused[view.photo] = "it does not show the whole product, or its centimetres are not those of this photo"
    return tuple(honest), tuple(_finding(number, why) for number, why in sorted(refused.items()))


def _contradicts(view: Seen) -> bool:
    return any(finding.verdict is Verdict.FAIL for finding in (*view.cutout.findings, *view.pose.findings))


def _finding(number: int, why: str) -> Finding:
    """The catalog's first photo should be usable; that another is not is worth a line and no more."""
    verdict = Verdict.WARN if number == 0 else Verdict.PASS
    text = f"Photo {number + 1} was not used: {why[0].lower()}{why[1:].rstrip('.')}."
    return Finding("photo", verdict, float(number), 0.0, text)
