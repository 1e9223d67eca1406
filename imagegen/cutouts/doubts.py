"""When a photo is no packshot, or its cutout is not to be trusted: say what was seen and what would help."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen.cutouts.background import Background
from imagegen.cutouts.edge import furthest, grow
from imagegen.errors import NotAPackshotError
from imagegen.types import Bools, Finding, Floats, Verdict

PLAIN_SHARE = 0.78
"""Less of the border than this being plain means a room, a street, a hand: not a studio."""
CUT_SHARE = 0.12
"""A product that lies on more of a side than this goes on beyond the photo."""
CORD_SHARE = 0.02
SMALLEST = 0.12
"""Least length of the product beside the photo's own: below, there are too few pixels to show."""
FAINT_WARN, FAINT_REFUSE = 0.06, 0.35
"""Shares of the contour along which the product and the studio look alike."""
ALIKE_WARN = 0.05
"""Share of the product that looks like the bare studio."""
SECOND_WARN, SECOND_REFUSE = 0.04, 0.25
"""Sizes of a second thing beside the largest one."""

_ALONE = "Send a photo of the product alone on a plain background, or one with an alpha channel."
_WHOLE = "Send a photo that shows the whole product with some background around it."


def judge_border(background: Background) -> None:
    """Raises NotAPackshotError when the photo's border is not plain."""
    ring, plain = background.ring, background.plain
    share = float(plain.sum() / ring.sum())
    height, width = ring.shape
    deep = max(3, round(0.012 * min(height, width)))
    strips = {"top": plain[:deep], "bottom": plain[-deep:], "left": plain[:, :deep], "right": plain[:, -deep:]}
    busy = {name: float(strip.mean()) for name, strip in strips.items() if strip.mean() < 0.85}
    if len(busy) == 1 and share >= 0.6:
        (name, clear) = next(iter(busy.items()))
        if clear < 1 - CUT_SHARE - 0.2:
            raise NotAPackshotError(
                f"The photo's {name} edge is not plain (only {clear:.0%} of it is): the product is cut off there, "
                "or stands on something.",
                hint=_WHOLE,
            )
    if share < PLAIN_SHARE:
        raise NotAPackshotError(
            f"Only {share:.0%} of the photo's border is one plain background: it looks like a photo of a place.",
            hint=_ALONE,
        )


def judge_result(encoded: Floats, alpha: Floats, background: Background) -> tuple[Finding, ...]:
    """What is doubtful about a cutout; raises NotAPackshotError where it must not be used."""
    solid = alpha > 0.5
    _judge_size(solid)
    findings = (
        _judge_parts(solid),
        _judge_frame(solid),
        _judge_contour(encoded, alpha, background),
        _judge_inside(encoded, solid, background),
    )
    return tuple(finding for finding in findings if finding is not None)


def _judge_size(solid: Bools) -> None:
    share = float(solid.mean())
    if share < 2e-4:
        raise NotAPackshotError("No product stands out from the background.", hint=_ALONE)
    rows, columns = np.nonzero(solid.any(axis=1))[0], np.nonzero(solid.any(axis=0))[0]
    long = max(np.ptp(rows) / solid.shape[0], np.ptp(columns) / solid.shape[1])
    if long < SMALLEST:
        raise NotAPackshotError(
            f"The product is only {long:.0%} as large as the photo.", hint="Crop the photo closer to the product."
        )
    if share > 0.97:
        raise NotAPackshotError("The product fills the whole photo; no background is left.", hint=_WHOLE)


def _judge_parts(solid: Bools) -> Finding | None:
    """Several things that do not touch each other, nor nearly so."""
    label, count = ndimage.label(grow(solid, max(1, round(0.006 * max(solid.shape)))))
    if count < 2:
        return None
    sizes = np.sort(np.bincount(label[solid], minlength=count + 1)[1:])[::-1] / solid.sum()
    second = float(sizes[1] / sizes[0])
    if second > SECOND_REFUSE:
        several = int((sizes > SECOND_REFUSE * sizes[0]).sum())
        raise NotAPackshotError(
            f"The photo shows {several} separate things of similar size.", hint="Send one photo for each product."
        )
    verdict = Verdict.WARN if second > SECOND_WARN else Verdict.PASS
    message = f"There is more than one thing in the photo; the second is {second:.1%} as large as the first."
    return Finding("cutout_parts", verdict, second, SECOND_WARN, message)


def _judge_frame(solid: Bools) -> Finding | None:
    """A product that goes on beyond the photo. A thin cord may leave it at the top."""
    sides = {"top": solid[0], "bottom": solid[-1], "left": solid[:, 0], "right": solid[:, -1]}
    touched = {name: float(side.mean()) for name, side in sides.items() if side.any()}
    for name, share in touched.items():
        if share > CUT_SHARE:
            raise NotAPackshotError(
                f"The product is cut off by the photo's {name} edge (along {share:.0%} of it).", hint=_WHOLE
            )
    cut = [name for name, share in touched.items() if share > CORD_SHARE and _goes_on(solid, name)]
    if len(cut) > 1:
        raise NotAPackshotError(
            f"The product is cut off by the photo's edges ({' and '.join(cut)}): it is as wide there as inside.",
            hint=_WHOLE,
        )
    if not touched:
        return None
    name = max(touched, key=lambda key: touched[key])
    if set(touched) == {"top"} and touched["top"] <= CORD_SHARE:
        message = "A thin cord leaves the photo at the top."
        return Finding("cutout_frame", Verdict.PASS, touched["top"], CORD_SHARE, message)
    message = f"The product touches the photo's {' and '.join(touched)} edge and may be cut off there."
    return Finding("cutout_frame", Verdict.WARN, touched[name], 0.0, message)


def _goes_on(solid: Bools, side: str) -> bool:
    """Whether the product meets a side as broadly as it lies a little inside: what merely touches narrows there."""
    lines = {"top": solid, "bottom": solid[::-1], "left": solid.T, "right": solid.T[::-1]}[side]
    inside = lines[max(3, round(CORD_SHARE * len(lines)))]
    return bool(lines[0].sum() > 0.6 * (inside & grow(lines[:1], 8)[0]).sum())


def _judge_contour(encoded: Floats, alpha: Floats, background: Background) -> Finding:
    """A contour along which product and background are alike was drawn half by guessing."""
    reach = max(2, round(0.003 * max(alpha.shape)) // 2)
    encoded, alpha = encoded[::2, ::2], alpha[::2, ::2]  # a mean over a few pixels needs no more of them
    solid = alpha > 0.5
    inner, outer = _mean(encoded, alpha > 0.95, reach), _mean(encoded, alpha < 0.05, reach)
    contour = solid & grow(~solid, 1)
    contrast = furthest(inner, outer)[contour]
    least = max(3.0, 0.7 * background.tolerance)
    faint = float((contrast < least).mean())
    if faint > FAINT_REFUSE:
        raise NotAPackshotError(
            f"Along {faint:.0%} of its contour the product cannot be told from the background.",
            hint="Send a photo on a background of another shade, or one with an alpha channel.",
        )
    verdict = Verdict.WARN if faint > FAINT_WARN else Verdict.PASS
    message = f"Along {faint:.1%} of its contour the product looks like the background."
    return Finding("cutout_contour", verdict, faint, FAINT_WARN, message)


def _judge_inside(encoded: Floats, solid: Bools, background: Background) -> Finding:
    """A part of the product that has the studio's very colour may be a gap that was left closed."""
    alike = furthest(encoded, background.plate) < max(3.0, background.tolerance)
    share = float(alike[solid].mean())
    verdict = Verdict.WARN if share > ALIKE_WARN else Verdict.PASS
    message = f"{share:.1%} of the product has the background's own colour: white parts, or gaps left closed."
    return Finding("cutout_gaps", verdict, share, ALIKE_WARN, message)


def _mean(picture: Floats, where: Bools, reach: int) -> Floats:
    """Mean colour (H, W, 3) of the pixels ``where`` within ``reach``."""
    weight = where.astype(np.float32)
    total = ndimage.uniform_filter(weight, 2 * reach + 1)
    planes = [ndimage.uniform_filter(picture[..., k] * weight, 2 * reach + 1) for k in range(3)]
    return np.asarray(np.stack(planes, axis=2) / np.maximum(total, 1e-6)[..., None], np.float32)
