"""The camera of the photo, solved from the silhouette and the product's centimetres.

Single-view metrology (Criminisi, Reid and Zisserman 2000) turned round: there the camera is known and sizes are
measured; here the sizes are known from the catalog and give the camera. What the catalog knows of the camera wins
over every estimate, each fact by itself; how its studio usually shoots decides where a photo says little.
"""

from __future__ import annotations

from imagegen.pose.box import solve_box
from imagegen.pose.circular import LEVEL, USUAL_ELEVATION, solve_round
from imagegen.pose.contacts import contacts
from imagegen.pose.fit import Fit
from imagegen.pose.flat import top_view
from imagegen.pose.frontal import solve_frontal
from imagegen.pose.hanging import without_cord
from imagegen.pose.kinds import SOLID, form_of, is_round
from imagegen.pose.lines import straight_edges
from imagegen.pose.oblique import solve_oblique
from imagegen.pose.orbit import focal_mm, orbit
from imagegen.pose.silhouette import Silhouette
from imagegen.pose.studio import FEWEST, learn
from imagegen.types import Camera, Cutout, Dimensions, Finding, Habit, Mount, Pose, Product, Verdict

__all__ = ["FEWEST", "learn", "solve_pose"]

DOUBTFUL_DEG = 5.0
MISMATCH_WARN = 0.05
MISMATCH_FAIL = 0.15
POOR_OVERLAP = 0.62
SHALLOW = 0.35
"""Wall goods less deep than this share of their smaller side are plates."""
STRAIGHT_DEG = 3.0


def solve_pose(cutout: Cutout, product: Product) -> Pose:
    """The photo's camera in the product's frame, in the photo's own pixels.

    Focal length and principal point are a weighted least squares over the silhouette's tangents (left, right, top
    and bottom weigh most), so the product's scale is true by construction; what is left between width and height is
    reported. The findings hold one "pose" (pass or warn) and, when photo and centimetres disagree by more
    than 5 %, one "dimensions". Raises NotAPackshotError for an empty cutout.
    """
    silhouette = Silhouette.of(cutout.alpha)
    kind, fit, camera = _solve(cutout, silhouette, product)
    facts = product.camera
    if facts.yaw_deg is not None and facts.elevation_deg is not None:
        kind = "given"
    return Pose(
        camera=camera,
        kind=kind,
        yaw_deg=fit.yaw_deg,
        elevation_deg=fit.elevation_deg,
        distance_m=fit.distance,
        focal_mm=focal_mm(camera.focal, camera.width),
        sigma_deg=fit.sigma_deg,
        overlap=fit.overlap,
        findings=_findings(kind, fit),
        body=fit.body,
        spread=fit.spread,
        footprint=fit.footprint,
        footprint_sigma_m=fit.footprint_sigma,
        contacts=contacts(fit, camera, product.dimensions),
    )


def _solve(cutout: Cutout, silhouette: Silhouette, product: Product) -> tuple[str, Fit, Camera]:
    size, facts, habit = product.dimensions, product.camera, product.habit
    if product.mount is Mount.CEILING:
        silhouette, size = without_cord(silhouette, size)
    if product.mount is Mount.RUG:
        seen = top_view(silhouette, size) if facts.elevation_deg is None else None
        if seen:
            return "flat", seen[1], seen[0]
        return _with_camera(
            "flat",
            solve_box(silhouette, size, facts, SOLID, straight_edges(cutout, silhouette), Habit()),
            size,
            silhouette,
        )
    if product.mount is Mount.WALL and size.depth < SHALLOW * min(size.width, size.height):
        fit = solve_oblique(silhouette, size, facts)
        if fit is None or (_is_straight(fit) and facts.yaw_deg is facts.elevation_deg is None):
            return _with_camera("frontal", solve_frontal(silhouette, size), size, silhouette)
        return _with_camera("oblique", fit, size, silhouette)
    if is_round(product.category, product.name, size, silhouette):
        return _with_camera(
            "round",
            solve_round(
                cutout, silhouette, size, facts, habit, LEVEL if product.mount is Mount.CEILING else USUAL_ELEVATION
            ),
            size,
            silhouette,
        )
    form = form_of(product.category, product.name)
    return _with_camera(
        "box", solve_box(silhouette, size, facts, form, straight_edges(cutout, silhouette), habit), size, silhouette
    )


def _is_straight(fit: Fit) -> bool:
    return max(abs(fit.yaw_deg), abs(fit.elevation_deg)) < STRAIGHT_DEG


def _with_camera(kind: str, fit: Fit, size: Dimensions, silhouette: Silhouette) -> tuple[str, Fit, Camera]:
    camera = orbit(size, fit.yaw_deg, fit.elevation_deg, fit.distance, fit.focal, fit.principal, silhouette.photo)
    return kind, fit, camera


def _findings(kind: str, fit: Fit) -> tuple[Finding, ...]:
    doubts = []
    if fit.sigma_deg > DOUBTFUL_DEG:
        doubts.append(f"several views explain the outline (uncertain by {fit.sigma_deg:.0f} degrees)")
    if fit.overlap < POOR_OVERLAP:
        doubts.append(f"the product's box covers the outline badly ({fit.overlap:.0%})")
    if kind == "box" and not -8 <= fit.elevation_deg <= 30:
        doubts.append(f"an unusual elevation came out ({fit.elevation_deg:.0f} degrees)")
    message = f"camera {fit.yaw_deg:+.0f} degrees round, {fit.elevation_deg:.0f} up, {fit.distance:.1f} m away ({kind})"
    if doubts:
        message = (
            f"The photo's camera is doubtful: {'; '.join(doubts)}. Its yaw and elevation in the catalog would help."
        )
    verdict = Verdict.WARN if doubts else Verdict.PASS
    found = [Finding("pose", verdict, round(fit.sigma_deg, 2), DOUBTFUL_DEG, message)]
    if abs(fit.mismatch) > MISMATCH_WARN:
        verdict = Verdict.FAIL if abs(fit.mismatch) > MISMATCH_FAIL else Verdict.WARN
        how = "taller" if fit.mismatch > 0 else "lower"
        text = (
            f"In the photo the product is {abs(fit.mismatch):.0%} {how} for its width than its centimetres say. "
            "Check width, depth and height, and that the photo shows the whole product."
        )
        found.append(Finding("dimensions", verdict, round(abs(fit.mismatch), 4), MISMATCH_WARN, text))
    return tuple(found)
