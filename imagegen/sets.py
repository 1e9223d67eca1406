"""Scenes of several products: who finds a place, and how their pictures are laid over each other by depth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from imagegen import photos
from imagegen.errors import InputError
from imagegen.furnished import Furnished
from imagegen.geometry import Mesh
from imagegen.images import srgb_to_linear
from imagegen.job import Companion
from imagegen.protocols import Staged
from imagegen.tone import encode8
from imagegen.types import (
    Body,
    Composed,
    Cutout,
    Draft,
    Finding,
    Front,
    Layer,
    Mount,
    Passes,
    Placement,
    Pose,
    Product,
    Seen,
    Verdict,
)

Light = Callable[[Staged, Passes], Layer]
Over = Callable[[Layer, Draft], Composed]
Judge = Callable[[Staged, Passes, Composed], tuple[Finding, ...]]
Carve = Callable[[Cutout, Pose, Placement, Product], Mesh]
Look = Callable[[Product, int, bytes], Seen]
Join = Callable[
    [Sequence[tuple[Product, Sequence[Seen]]], Product, Placement, Furnished, frozenset[str]],
    tuple[Placement | None, ...],
]

LEFT_OUT = (
    "It found no free place in sight of the picture's camera and is left out. "
    "Another variant, another room or a wider picture may have one."
)
SEES = 0.02
"""Share of a pixel from which on it sees a product's hull."""


@dataclass(frozen=True, slots=True, eq=False)
class Guest:
    """A companion with its usable photos, and what is told of the others."""

    product: Product
    views: tuple[Seen, ...]
    findings: tuple[Finding, ...]

    def view(self, placement: Placement) -> Seen:
        """The photo that was chosen."""
        return next(view for view in self.views if view.photo == placement.photo)


def invited(look: Look, companions: Sequence[Companion]) -> tuple[Guest, ...]:
    """The companions' photos, looked through. Raises what ``photos.look_through`` does, with the product's sku."""
    return tuple(_invited(look, each) for each in companions)


def _invited(look: Look, companion: Companion) -> Guest:
    product = companion.product
    try:
        return Guest(product, *photos.look_through(partial(look, product), photos.numbered(companion.photos)))
    except InputError as error:
        error.message = f"{product.sku}, to be shown with it: {error.message}"
        raise


def seated(
    join: Join,
    guests: Sequence[Guest],
    hero: Product,
    place: Placement,
    stage: Furnished,
    stays: Callable[[], frozenset[str]],
) -> tuple[tuple[tuple[Guest, Placement], ...], tuple[Finding, ...]]:
    """The guests that found a place with it, and a finding for each that did not. ``stays``: what ``join`` asks for."""
    if not guests:
        return (), ()
    places = join([(guest.product, guest.views) for guest in guests], hero, place, stage, stays())
    found = tuple((guest, spot) for guest, spot in zip(guests, places, strict=True) if spot is not None)
    lost = [guest.product.sku for guest, spot in zip(guests, places, strict=True) if spot is None]
    told = [replace(f, check=f"{guest.product.sku}: {f.check}") for guest in guests for f in guest.findings]
    return found, (*told, *(Finding(f"{sku}: place", Verdict.FAIL, 0.0, 1.0, LEFT_OUT) for sku in lost))


def beside(carve: Carve, hero: Staged, seated: Sequence[tuple[Guest, Placement]]) -> tuple[Staged, ...]:
    """The companions where they stand, each with its own hull."""
    return tuple(
        replace(
            hero,
            product=guest.product,
            cutout=guest.view(spot).cutout,
            pose=guest.view(spot).pose,
            placement=spot,
            hull=carve(guest.view(spot).cutout, guest.view(spot).pose, spot, guest.product),
        )
        for guest, spot in seated
    )


def judged(
    judge: Judge, companions: Sequence[Staged], passes: Passes, layers: Sequence[Composed]
) -> tuple[Finding, ...]:
    """All that is told of the companions, each under its own sku."""
    told: list[Finding] = []
    for number, (staged, layer) in enumerate(zip(companions, layers, strict=True), start=1):
        own = judge(staged, passes_of(passes, number), layer)
        found = (*staged.cutout.findings, *staged.pose.findings, *staged.placement.findings, *own)
        told += [replace(finding, check=f"{staged.product.sku}: {finding.check}") for finding in found]
    return tuple(told)


def passes_of(passes: Passes, number: int) -> Passes:
    """The passes as they are for one product alone: 0 is the hero, 1 the first of its companions.

    Where another product's hull is seen nothing of the room stands before this one, as far as can be told: products
    hide each other by the order in which they are laid, with their own soft edges.
    """
    bodies = (Body(passes.hull, passes.shading), *passes.others)
    own = bodies[number]
    foreign = np.zeros(own.hull.shape, bool)
    for body in (body for body in bodies if body is not own):
        foreign |= body.hull > SEES
    depth = np.where(foreign, np.float32(np.inf), passes.depth)
    return replace(passes, hull=own.hull, shading=own.shading, depth=depth, others=())


def lit(light: Light, hero: Staged, others: Sequence[Staged], passes: Passes) -> tuple[Layer, ...]:
    """Each product as the picture will show it, the hero first. ``light`` lights a single product."""
    if not others:
        return (light(hero, passes),)
    return tuple(light(each, passes_of(passes, number)) for number, each in enumerate((hero, *others)))


def order(hero: Staged, others: Sequence[Staged]) -> tuple[int, ...]:
    """In which order the products are laid, the farthest first; 0 is the hero."""
    staged = (hero, *others)
    return tuple(sorted(range(len(staged)), key=lambda number: -_depth(staged[number], staged)))


def front(layers: Sequence[Layer], laid: Sequence[int], staged: Sequence[Staged]) -> Front:
    """All products as one layer, for an engine that paints around them."""
    products = tuple(each.product for each in staged)
    if len(layers) == 1:
        return Front(layers[0].shown, layers[0].alpha, products)
    colour, alpha = np.zeros_like(layers[0].shown), np.zeros_like(layers[0].alpha)
    for number in laid:
        own = layers[number].alpha[..., None]
        colour = colour * (1 - own) + layers[number].shown * own  # premultiplied
        alpha = alpha * (1 - layers[number].alpha) + layers[number].alpha
    straight = np.asarray(colour / np.maximum(alpha, 1e-4)[..., None], np.float32)
    return Front(straight, np.asarray(alpha, np.float32), products)


def compose(
    over: Over, layers: Sequence[Layer], laid: Sequence[int], draft: Draft
) -> tuple[Composed, tuple[Composed, ...]]:
    """The picture with all products in it, told as the hero's; then each companion's, for its own checks.

    ``over`` lays a single product over a draft. Alone, the hero is composed by it and nothing else. Every ``alpha`` is
    what the picture shows of that product once the nearer ones stand before it.
    """
    if len(layers) == 1:
        return over(layers[0], draft), ()
    picture = draft.picture
    shown = [layer.alpha for layer in layers]
    for place, number in enumerate(laid):
        alpha = layers[number].alpha[..., None]
        picture = picture * (1 - alpha) + srgb_to_linear(layers[number].lit / 255.0) * alpha
        for farther in laid[:place]:
            shown[farther] = shown[farther] * (1 - layers[number].alpha)
    flat = encode8(picture.astype(np.float32))
    for layer, alpha in zip(layers, shown, strict=True):
        flat = np.where(alpha[..., None] >= 1, layer.lit, flat)
    told = [
        Composed(flat, layer.source, alpha, layer.gain, layer.lit) for layer, alpha in zip(layers, shown, strict=True)
    ]
    return told[0], tuple(told[1:])


def _depth(staged: Staged, all_of_them: Sequence[Staged]) -> float:
    """How far a product stands, metres along the camera's axis: rugs lie under all, what stands on one before it."""
    if staged.product.mount is Mount.RUG:
        return np.inf
    own = _middle(staged)
    name = staged.placement.anchor.removeprefix("on-")
    host = [_middle(each) for each in all_of_them if each.product.sku == name and each is not staged]
    return min([own, *(depth - 0.01 for depth in host)])


def _middle(staged: Staged) -> float:
    camera = staged.placement.camera
    return float((np.asarray(staged.placement.position) - camera.position) @ camera.rotation[2])
