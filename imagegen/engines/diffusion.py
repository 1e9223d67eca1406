"""Stable Diffusion around the product: the room painted on the renderer's passes, in the style's words.

What is kept, told and checked is decided here, on the CPU; the painting itself is done by this process's desk, which
gathers requests for the GPU. The products' own pixels never pass through the model: they are laid over afterwards, at
the picture's own size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from imagegen import images, saliency
from imagegen.diffusion import conditions, families, prompts, reading, store, tiles, upscale
from imagegen.diffusion.conditions.segments import named
from imagegen.diffusion.desk import desk
from imagegen.diffusion.modes import MODES
from imagegen.diffusion.options import Equipment
from imagegen.diffusion.request import Painting, Request, Sampling, Tell, Window
from imagegen.diffusion.sizes import Fit, fit
from imagegen.diffusion.wardrobe import AND
from imagegen.errors import BadRequestError
from imagegen.images import srgb_to_linear
from imagegen.margin import expansion, expansion_by, halo
from imagegen.protocols import Progress, Settings, Staged
from imagegen.tone import display, encode8, relight
from imagegen.types import Draft, Finding, Floats, Front, Labels, Mode, Passes, Verdict
from styles.schema import Style

TRIES, CLOSER = 3, 0.65
"""How often a room is painted at most; each try begins with so much less noise: closer to what was traced."""
SHARES = (0.0, 0.8, 0.94, 0.98)
"""Share of the stage that is done when each try begins, and when the last has ended."""
GROWTH, RIM = 0.02, 4.0
"""What is still good: area painted on to the product, and a rim's step of L*."""
PASSING = frozenset({"seconds", "seconds_per_step", "batch", "tflop"})
"""What a painter notes that is another the next time: no part of a recipe."""
GROWN = 0.05
"""The same by a segmenter, which is no surer of an outline than that."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A picture's numbers, all of which are in its recipe. ``tiles``: whether what is enlarged is painted once more."""

    mode: Mode
    strength: float
    sampling: Sampling
    windows: Mapping[str, Window]
    adapter: str
    reference: Path | None
    tiles: bool

    def stricter(self) -> Plan:
        """The same, closer to the geometry and to what was traced: for the next try."""
        windows = {n: Window(min(1.5 * w.weight, 1.5), w.start, max(w.end, 0.9)) for n, w in self.windows.items()}
        return replace(self, strength=CLOSER * self.strength, windows=windows)


class DiffusionEngine:
    """Paints the room with the model that this machine has."""

    name: ClassVar[str] = "diffusion"
    version: ClassVar[str] = "1"
    source_type: ClassVar[str] = "compositeWithTrainedAlgorithmicMedia"
    """A photographed product in a picture made by a generative model (IPTC NewsCodes, Digital Source Type)."""

    def __init__(self, equipment: Equipment) -> None:
        self.equipment = equipment
        self.spec = families.family(equipment.family, equipment.models)

    def decided(self, style: Style, settings: Settings) -> Mapping[str, Any]:
        """The model, its weights, the mode and all numbers. Raises MissingWeightsError, BadRequestError."""
        plan = self.plan(style, settings)
        return {
            "model": self.spec.slug,
            "weights": store.weights_sha(self.spec, store.home(self.spec, self.equipment.models)),
            "demonstration": self.spec.demonstration,
            "mode": str(plan.mode),
            "strength": plan.strength,
            "sampling": asdict(plan.sampling) | {"guided": list(plan.sampling.guided)},
            "windows": {name: asdict(window) for name, window in plan.windows.items()},
            "adapter": plan.adapter,
            "tiles": plan.tiles,
            "reference": images.fingerprint(plan.reference.read_bytes()) if plan.reference else None,
        }

    def plan(self, style: Style, settings: Settings) -> Plan:
        """What the request, the style and the model say together, in this order. Raises BadRequestError."""
        told = style.engines.get(self.name, {})
        mode = settings.mode or _mode(told.get("mode", Mode.REFINE))
        way, few = MODES[mode], str(told.get("few_steps", ""))
        if few and few not in self.spec.few_steps:
            known = ", ".join(self.spec.few_steps) or "none"
            raise BadRequestError(f"{self.spec.name} has no few-step adapter {few[:40]!r}.", hint=f"It has: {known}.")
        own = self.spec.few_steps[few].sampling if few else self.spec.sampling
        sampling = replace(
            own,
            steps=int(told.get("steps", own.steps)),
            guidance=own.guidance if few else float(told.get("guidance", own.guidance)),
        )
        return Plan(
            mode,
            float(told.get("strength", way.strength)) if way.follows_style else way.strength,
            sampling,
            {name: control.window for name, control in self.spec.controls.items()},
            AND.join(filter(None, (str(told.get("adapter", "")), few))),
            _reference(style, str(told.get("reference", ""))),
            bool(told.get("tiles", False)),
        )

    def finish(self, staged: Staged, passes: Passes, front: Front, progress: Progress) -> Draft:
        """The painted room at the picture's size; painted again, closer to the traced one, where it grew the product.

        Raises MissingWeightsError, OutOfMemoryError (retryable), and what ``progress`` raises.
        """
        progress("engine", 0.0)
        plan = self.plan(staged.style, staged.settings)
        place = fit((staged.settings.width, staged.settings.height), self.spec.buckets)
        traced = display(passes.picture)
        room, said = encode8(traced), self._words(staged, front)
        request = self._request(staged, passes, front, plan, place, said)
        small, alpha = place.cropped(place.laid(room)), place.cropped(_laid(front.alpha, place))
        paintings: list[Painting] = []
        tries: list[dict[str, Any]] = []
        for number in range(TRIES):
            painting = desk(self.equipment).paint(request, _within(progress, number))
            seen = place.cropped(painting.picture)
            grown, rim = expansion(seen, small, alpha), halo(seen, small, alpha)
            tries.append({"seed": request.seed, "strength": request.strength, "expansion": grown, "seam": rim})
            paintings.append(painting)
            if grown <= GROWTH and rim <= RIM:
                break
            plan = plan.stricter()
            again = _seed(staged.settings, number + 1)
            request = replace(request, strength=plan.strength, windows=plan.windows, seed=again)
        best = int(np.argmin([each["expansion"] / GROWTH + each["seam"] / RIM for each in tries]))
        size = staged.settings.width, staged.settings.height
        picture = upscale.enlarged(place.cropped(paintings[best].picture), size, room)
        if plan.tiles and size[0] * size[1] > place.inner[0] * place.inner[1]:
            picture = self._detailed(picture, request, staged, passes, front)
        shown = _kept(srgb_to_linear(picture / 255.0), traced, place.cropped(request.keep))
        progress("engine", 1.0)
        return Draft(
            _exposed(shown, staged.settings.exposure_ev),
            f"{self.name}/{self.version}",
            {
                **asdict(said),
                "size": list(place.bucket),
                "tries": tries,
                "taken": best,
                **{name: told for name, told in paintings[best].notes.items() if name not in PASSING},
            },
            (*self._demonstration(), *self._grown(place.cropped(paintings[best].picture), alpha)),
        )

    def _detailed(self, picture: Labels, asked: Request, staged: Staged, passes: Passes, front: Front) -> Labels:
        """The enlarged picture painted once more in tiles of the model's own size, all of a row at once."""
        size = picture.shape[1], picture.shape[0]
        own, known = desk(self.equipment), named(passes, [product.category for product in front.products])

        def paint(row: Sequence[Request]) -> list[Painting]:
            with ThreadPoolExecutor(len(row)) as pool:
                return list(pool.map(own.paint, row))

        return tiles.refined(
            replace(asked, reference=None),
            picture,
            paint,
            keep=MODES[Mode.REFINE].keep(staged, passes, front.alpha, size),
            controls={n: conditions.read(control.reads, known, size) for n, control in self.spec.controls.items()},
        )

    def _demonstration(self) -> tuple[Finding, ...]:
        """What nobody may overlook: a model that only shows how things work."""
        if not self.spec.demonstration:
            return ()
        told = f"{self.spec.name}, a demonstration model, painted it: that shows how things work, not what is possible."
        return (Finding("model", Verdict.WARN, 0.0, 1.0, told),)

    def _grown(self, picture: Labels, alpha: Floats) -> tuple[Finding, ...]:
        """What a segmenter makes of the painted picture, where this machine has one."""
        if self.equipment.segmenter is None:
            return ()
        score = expansion_by(saliency.mask(self.equipment.segmenter, srgb_to_linear(picture / 255.0)), alpha)
        verdict = Verdict.PASS if score <= GROWN else Verdict.WARN
        told = f"A segmenter finds {score:.1%} more of it than its own outline holds."
        return (Finding("expansion_by_segmenter", verdict, score, GROWN, told),)

    def _words(self, staged: Staged, front: Front) -> prompts.Words:
        budget = reading.budget(self.spec, store.home(self.spec, self.equipment.models))
        style, settings = staged.style, staged.settings
        light = style.light(settings.light)
        return prompts.words(style, staged.room, front.products, budget, light=light, text=settings.prompt)

    def _request(
        self, staged: Staged, passes: Passes, front: Front, plan: Plan, place: Fit, said: prompts.Words
    ) -> Request:
        over = front.alpha[..., None]
        laid = encode8(display(passes.picture) * (1 - over) + front.colour * over)
        known = named(passes, [product.category for product in front.products])
        kept = MODES[plan.mode].keep(staged, passes, front.alpha, place.inner)
        shown = {
            name: place.padded(conditions.read(control.reads, known, place.inner))
            for name, control in self.spec.controls.items()
        }
        return Request(
            family=self.spec.slug,
            words=said.positive,
            unwanted=said.negative,
            seed=_seed(staged.settings, 0),
            picture=place.laid(laid),
            keep=place.padded(kept, 0.0),
            strength=plan.strength,
            sampling=plan.sampling,
            controls=shown,
            windows=plan.windows,
            style=plan.adapter,
            reference=_seen(plan.reference) if plan.reference else None,
        )


def _mode(word: object) -> Mode:
    try:
        return Mode(str(word))
    except ValueError:
        raise BadRequestError(
            f"There is no way of painting {str(word)[:40]!r}.", hint=f"Ways: {', '.join(Mode)}.", where="mode"
        ) from None


def _reference(style: Style, name: str) -> Path | None:
    """The picture beside the style's page whose look is taken on. Raises BadRequestError."""
    if not name:
        return None
    file = (style.home or Path()) / name
    if Path(name).name != name or not file.is_file():
        raise BadRequestError(
            f"The style {style.slug!r} has no reference picture {name[:80]!r}.",
            hint="Put the file beside the style's page and give its name alone.",
            where="reference",
        )
    return file


def _seen(file: Path) -> Labels:
    photo = images.decode(file.read_bytes())
    return encode8(photo.colour)


def _seed(settings: Settings, number: int) -> int:
    """A seed for each try of each variant: 32 bits, the same whenever it is asked for."""
    return int(np.random.SeedSequence([settings.seed, settings.variant, number]).generate_state(1)[0])


def _within(progress: Progress, number: int) -> Tell:
    """The steps of one try as a share of the stage."""
    first, last = SHARES[number], SHARES[number + 1]

    def tell(done: int, steps: int) -> None:
        progress("engine", first + (last - first) * done / max(steps, 1))

    return tell


def _laid(alpha: Floats, place: Fit) -> Floats:
    """A mask (H, W) 0..1 as the bucket shows it."""
    grey = np.rint(alpha * 255).astype(np.uint8)
    return np.asarray(place.laid(np.repeat(grey[..., None], 3, axis=2))[..., 0] / 255, np.float32)


def _kept(painted: Floats, traced: Floats, keep: Floats) -> Floats:
    """The painted room (H, W, 3) display light, with the traced one where it was kept (h, w): no VAE softens that."""
    size = painted.shape[1], painted.shape[0]
    share = np.asarray(Image.fromarray(keep).resize(size, Image.Resampling.BILINEAR))[..., None]
    return np.asarray(painted * (1 - share) + traced * share, np.float32)


def _exposed(shown: Floats, stops: float) -> Floats:
    """Display light so many stops brighter, rolled off at white as a product's is."""
    return relight(np.asarray(shown, np.float32), np.full_like(shown, 2.0**stops, dtype=np.float32))
