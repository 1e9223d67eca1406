"""The pages of the library as validated values: metres, degrees, sRGB hex.

A **room** is a page of parts and anchors and knows no material. A **style** says what each role of a room is made
of, which form it takes and how the light falls. Both are frozen data: nothing in a page is ever run.

The room's frame: origin at the foot of the back wall, in its middle; the back wall is y = 0, the room lies at
y < 0; the left wall is x = -width / 2; Z is up. A part's frame: origin in the middle of its footprint, its back
towards +Y. A positive yaw turns counter-clockwise seen from above.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from styles.errors import UnknownLightError

Scalar = bool | int | float | str
Vec2 = tuple[float, float]
Vec3 = tuple[float, float, float]
Wall = Literal["back", "left", "right", "ceiling"]
MountName = Literal["floor", "wall", "ceiling", "surface", "rug"]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Time = Literal["morning", "midday", "afternoon", "evening"]
Positive = Annotated[float, Field(gt=0.0)]

BEYOND = 2.5
"""Metres that goods of the back wall may stand past a side wall: they are there when that wall has stepped aside."""

_WALL_YAW: dict[str, float] = {"back": 0.0, "left": 90.0, "right": -90.0, "ceiling": 0.0, "": 0.0}


def _hex(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(f"{value!r} is not a colour; write it as #rrggbb")
    return value.lower()


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
        raise ValueError(f"{value!r} is not a slug; use small letters, digits and single hyphens")
    return value


Hex = Annotated[str, AfterValidator(_hex)]
Slug = Annotated[str, AfterValidator(_slug)]


class Page(BaseModel):
    """Frozen data without surprises: an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tags(Page):
    """What people search a style by."""

    decor_theme: tuple[str, ...]
    colour_scheme: tuple[str, ...]
    room_types: tuple[str, ...]
    lighting: tuple[str, ...]
    season: tuple[str, ...] = ()


class MaterialPage(Page):
    """A surface. ``pattern``: a procedural texture; ``colours``: palette names or hex, as the pattern reads them.

    ``tile``: metres (width, height) of one repeat. ``relief``: metres from the lowest to the highest point of the
    bump. ``glow``: radiance of the surface itself as a multiple of its colour, in units of a white wall.
    """

    pattern: str = "plain"
    colours: tuple[str, ...]
    tile: Vec2 | None = None
    roughness: Share = 0.6
    specular: Share = 0.4
    metallic: Share = 0.0
    sheen: Share = 0.0
    transmission: Share = 0.0
    opacity: Share = 1.0
    relief: float = 0.0
    glow: float = 0.0
    seed: int = 0
    settings: dict[str, Scalar] = {}


class RolePage(Page):
    """How a style plays a role: the form of the part, the material of each of its slots, and turns of the form."""

    form: str = ""
    materials: dict[str, str] = {}
    settings: dict[str, Scalar] = {}
    present: bool = True


class SunPage(Page):
    """Direct light.

    ``azimuth_deg``: where it comes from, seen from above: 90 is square through the left wall, less comes from behind
    the back wall's corner, more from the front and so onto the back wall; negative comes from the right.
    ``irradiance`` in units of a white wall.
    """

    azimuth_deg: float = 70.0
    elevation_deg: float = 30.0
    colour: Hex = "#ffffff"
    irradiance: float = 0.0
    softness_deg: float = 1.0


class LightPage(Page):
    """One light of a style, at a time of day. Radiances are multiples of the white that the picture shows as 1.0.

    ``sky``: what fills the openings and the open side of the room; ``window``: the glow that each window pours in;
    ``fill``: a broad soft light from the open side; ``exposure`` multiplies everything;
    ``key``: log-average luminance (1.0 is white) that pictures are drawn towards, low for a moody style;
    ``outside``: how bright the view from the windows and whatever daylight shines through (sheers, paper) are, 1 by
    day, in the colour of the sky; ``lamps``: how bright the room's own lamps and fires burn, in ``lamp_colour``: 0 is
    off, up to 1 they only glow, and what is more lights the room (4 to 8 in the evening).
    ``adapts``: share of the way by which the colour of the light is drawn to white: an evening stays warm.
    """

    name: str
    time: Time = "midday"
    sky: float = 0.5
    sky_colour: Hex = "#ffffff"
    window: float = 5.0
    window_colour: Hex = "#ffffff"
    fill: float = 0.3
    fill_colour: Hex = "#ffffff"
    exposure: Positive = 1.0
    key: Positive = 0.32
    outside: Annotated[float, Field(ge=0.0)] = 1.0
    lamps: Annotated[float, Field(ge=0.0)] = 1.0
    lamp_colour: Hex = "#ffe6c8"
    adapts: Share = 0.95
    sun: SunPage = SunPage()


class PromptPage(Page):
    """Templates for engines that read: ``{product}``, ``{room}`` and ``{extra}`` are filled in."""

    positive: str
    negative: str

    @model_validator(mode="after")
    def _has_product(self) -> Self:
        if "{product}" not in self.positive:
            raise ValueError("the positive prompt does not name {product}")
        return self

    def fill(self, product: str, room: str = "living room", extra: str = "") -> tuple[str, str]:
        """(positive, negative) with the product's name cut to eight words so that the whole fits 77 tokens."""
        words = " ".join(product.replace("{", "").replace("}", "").split()[:8])
        text = self.positive.replace("{product}", words).replace("{room}", room).replace("{extra}", extra)
        return re.sub(r"\s*,(\s*,)+\s*", ", ", text).strip(" ,"), self.negative


class Style(Page):
    """A look: tags, palette, materials, what each role is made of, lights, prompts; and the rooms it offers.

    The first of its rooms and of its lights is its usual one. ``like``: the style from which a page takes all that it
    does not say itself. ``home``: the folder of its page, which the library fills in; files that it names lie there.
    """

    slug: Slug
    home: Path | None = Field(None, exclude=True)
    like: str = ""
    name: str
    summary: str
    rooms: tuple[Slug, ...] = Field(min_length=1)
    tags: Tags
    palette: dict[str, Hex] = Field(min_length=3)
    materials: dict[str, MaterialPage]
    roles: dict[str, RolePage]
    lights: dict[Slug, LightPage] = Field(min_length=1)
    prompts: PromptPage
    engines: dict[str, dict[str, Scalar]] = {}

    def colour(self, name: str) -> str:
        """Hex of a palette name, or the hex itself."""
        return self.palette.get(name, name)

    def role(self, name: str) -> RolePage:
        """How this style plays a role; a role it does not mention takes its part's own form and plain materials."""
        return self.roles.get(name, RolePage())

    def shows(self, part: Part) -> bool:
        """Whether this style furnishes a room with that part: an optional one only when the style names its role."""
        return self.role(part.plays).present and (not part.optional or part.plays in self.roles)

    def light(self, slug: str = "") -> LightPage:
        """The light of that slug, the style's usual one for an empty slug. Raises UnknownLightError."""
        if not slug:
            return next(iter(self.lights.values()))
        if slug not in self.lights:
            known = ", ".join(self.lights)
            raise UnknownLightError(f"The style {self.slug!r} has no light {slug!r}.", hint=f"Its lights: {known}.")
        return self.lights[slug]

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for name, material in self.materials.items():
            for colour in material.colours:
                if not colour.startswith("#") and colour not in self.palette:
                    known = ", ".join(sorted(self.palette))
                    raise ValueError(f"material {name!r} uses the colour {colour!r}; the palette has {known}")
                self._check_hex(name, colour)
        for name, role in self.roles.items():
            for slot, material_name in role.materials.items():
                if material_name not in self.materials:
                    known = ", ".join(sorted(self.materials))
                    raise ValueError(f"role {name!r}, slot {slot!r}: no material {material_name!r}; there are {known}")
        return self

    @staticmethod
    def _check_hex(name: str, colour: str) -> None:
        if colour.startswith("#"):
            try:
                _hex(colour)
            except ValueError as error:
                raise ValueError(f"material {name!r}: {error}") from None


class Part(Page):
    """A piece of a room. ``size`` is (width, depth, height) before its turn; ``role`` defaults to its kind.

    ``wall``: what it is fastened to (it leaves with it); ``on``: the part it stands on (it leaves with it).
    What is wholly past a side wall is there only when that wall has stepped aside for a camera.
    ``yaw_deg`` defaults to facing away from its wall. ``form`` wins over the style's. ``optional``: there only in
    styles that name its role (panelling, beams, a fireplace).
    """

    id: Slug
    kind: str
    role: str = ""
    at: Vec3
    size: Vec3
    yaw_deg: float | None = None
    wall: Wall | None = None
    on: str = ""
    form: str = ""
    seed: int = 0
    settings: dict[str, Scalar] = {}
    materials: dict[str, str] = {}
    optional: bool = False

    @property
    def plays(self) -> str:
        """The role that the style looks up."""
        return self.role or self.kind

    @property
    def yaw(self) -> float:
        """Degrees about Z."""
        return self.yaw_deg if self.yaw_deg is not None else _WALL_YAW[self.wall or ""]

    @model_validator(mode="after")
    def _has_size(self) -> Self:
        if min(self.size) <= 0.0:
            raise ValueError(f"part {self.id!r} has a size that is not positive: {self.size}")
        return self


class Anchor(Page):
    """A place where a kind of product may stand.

    ``against = "wall"``: ``at`` is where the middle of the product's back touches (the centre comes forward by half
    the depth and ``gap``); ``"open"``: ``at`` is the centre of the footprint. Wall mount: ``at`` is the product's
    middle on the wall; ceiling: on the ceiling, over the part named by ``on`` if any; surface: on its top; rug: centre
    of the free floor. ``yaw_deg``: turn of the product, 0 has its back to the back wall. ``free``: metres (w, d, h).
    ``must_not_hide``: ids of parts that the picture should still show (a fireplace, the lamp over a table).
    """

    id: Slug
    mounts: tuple[MountName, ...] = Field(min_length=1)
    categories: tuple[str, ...] = ()
    at: Vec3
    yaw_deg: float = 0.0
    against: Literal["wall", "open"] = "open"
    gap: float = 0.03
    free: Vec3
    on: str = ""
    must_not_hide: tuple[Slug, ...] = ()


class Room(Page):
    """A space with its parts and the places for products; metres."""

    slug: Slug
    name: str
    room_type: str
    width: Annotated[float, Field(ge=2.0, le=12.0)]
    depth: Annotated[float, Field(ge=2.0, le=12.0)]
    height: Annotated[float, Field(ge=2.2, le=5.0)]
    exposure: Positive = 1.0
    parts: tuple[Part, ...]
    anchors: tuple[Anchor, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        ids = [part.id for part in self.parts]
        twice = {name for name in ids if ids.count(name) > 1}
        if twice:
            raise ValueError(f"parts with the same id: {', '.join(sorted(twice))}")
        things: tuple[Part | Anchor, ...] = (*self.parts, *self.anchors)
        for thing in things:
            if thing.on and thing.on not in ids:
                raise ValueError(f"{thing.id!r} stands on {thing.on!r}, which is no part of this room")
            unknown = [name for name in getattr(thing, "must_not_hide", ()) if name not in ids]
            if unknown:
                raise ValueError(f"{thing.id!r} must not hide {unknown[0]!r}, which is no part of this room")
            x, y, z = thing.at
            past = BEYOND if getattr(thing, "wall", None) == "back" else 0.5
            if (
                abs(x) > self.width / 2 + past
                or not -self.depth - 0.5 <= y <= 0.5
                or not -0.01 <= z <= self.height + 0.01
            ):
                raise ValueError(f"{thing.id!r} lies outside the room: {thing.at}")
        return self

    def part(self, name: str) -> Part:
        """The part with that id. Raises KeyError."""
        return next((part for part in self.parts if part.id == name), None) or _missing(name)


def _missing(name: str) -> Part:
    raise KeyError(name)
