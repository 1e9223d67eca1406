"""Model families as data: one TOML page each in ``families/``, and nothing else knows their names.

A family is what a checkpoint of that kind needs and likes: which networks, from which repository and commit, under
which licence, at which sizes, and what each of its ControlNets reads. Its parts are told by the folder in which each
lies in the local mirror: ``unet``, ``vae``, ``text_encoder``, ``tokenizer``, ``scheduler``, ``controls/NAME`` ...
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from imagegen.diffusion.request import Sampling, Window
from imagegen.errors import BadWeightsError, UnknownNameError

HERE = Path(__file__).parent
PAGES = HERE / "families"
OWN_PAGE = "family.toml"
"""The page of a family that only a mirror knows."""

Condition = Literal["depth", "segments", "edges"]
Encoder = Literal["CLIPTextModel", "CLIPTextModelWithProjection"]
ControlKind = Literal["ControlNetModel", "ControlNetUnionModel"]

CHANNELS = 3
"""Of each condition picture."""
SAFE_SUFFIXES = frozenset({".safetensors", ".json", ".txt"})
"""What a family may consist of: numbers, and words about them. A pickle is a program."""


def _inside(value: str) -> str:
    path = PurePosixPath(value)
    if not value or path.is_absolute() or path.as_posix() != value or any(part.startswith(".") for part in path.parts):
        raise ValueError(f"{value!r} is not a plain path below a folder")
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
        raise ValueError(f"{value!r} is not a slug; use small letters, digits and single hyphens")
    return value


Inside = Annotated[str, AfterValidator(_inside)]
Slug = Annotated[str, AfterValidator(_slug)]
Revision = Annotated[str, Field(pattern=r"^([0-9a-f]{40})?$")]


class _Page(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class File(_Page):
    """A file of a part. ``sha256`` (hex) and ``bytes`` where public pages state them; else the mirror's lock does.

    ``source``: its path in the hub's repository where it has another name there (half precision variants have).
    """

    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    bytes: Annotated[int, Field(ge=0)] = 0
    source: str = ""


class Part(_Page):
    """What lies in one folder of the mirror. ``repo``, ``revision`` (commit), ``subfolder``: where the hub has it.

    An empty ``revision`` means that none is known here: the first pull takes what is newest and the lock keeps it. No
    ``repo``: it comes with the project, and the lock beside it names its files. ``optional``: the family works
    without, and ``purpose`` says what it is for.
    """

    repo: str = ""
    revision: Revision = ""
    subfolder: str = ""
    licence: str
    optional: bool = False
    purpose: str = ""
    files: Mapping[Inside, File] = {}

    def source(self, name: str) -> str:
        """The path in the hub's repository of the file that is called ``name`` here."""
        return self.files[name].source or str(PurePosixPath(self.subfolder) / name)

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        unsafe = [name for name in self.files if PurePosixPath(name).suffix not in SAFE_SUFFIXES]
        if unsafe:
            raise ValueError(f"{unsafe[0]!r} is neither safetensors nor json nor txt")
        if bool(self.repo) != bool(self.files):
            raise ValueError(
                "a part of the hub names its files, one that comes with the project leaves them to its lock"
            )
        if self.optional and not self.purpose:
            raise ValueError("an optional part says what it is for")
        return self


class Control(_Page):
    """A ControlNet. ``reads``: the conditions whose channels, in this order, are its picture's.

    ``window``: how strongly and when it speaks unless somebody says otherwise. ``kind``: its class; a union tells
    conditions apart by their number in its training (``types``).
    """

    reads: tuple[Condition, ...] = Field(min_length=1)
    window: Window = Window()
    kind: ControlKind = "ControlNetModel"
    types: Mapping[Condition, int] = {}

    @property
    def channels(self) -> int:
        """Of the picture that it is shown."""
        return CHANNELS * len(self.reads)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if len(set(self.reads)) < len(self.reads):
            raise ValueError("a condition is read twice")
        if set(self.types) != (set(self.reads) if self.kind == "ControlNetUnionModel" else set()):
            raise ValueError("a union, and only a union, names the type of each condition that it reads")
        if not 0.0 <= self.window.start < self.window.end <= 1.0 or self.window.weight <= 0.0:
            raise ValueError("its window is a share of the steps with a weight above 0")
        return self


class FewSteps(_Page):
    """A distilled LoRA (``part``) and how it wants to be sampled."""

    part: Inside
    sampling: Sampling


class ModelSpec(_Page):
    """A family.

    ``demonstration``: it shows that everything works, not what the service can do; whatever it paints says so.
    ``inpaints``: its UNet takes 9 channels (noise, mask, masked picture). ``encoders``: classes of its text encoders
    in the order in which their embeddings are joined. ``native``: the size it was trained at, ``buckets``: those it is
    asked for, (width, height) in pixels, multiples of ``stride``. ``vae_fp32``: its VAE overflows in float16 (bfloat16
    holds it). ``bundled``: its weights come with the project.
    """

    slug: Slug
    like: str = ""
    name: str
    summary: str
    licence: str
    licence_url: str
    demonstration: bool = False
    bundled: bool = False
    inpaints: bool
    encoders: tuple[Encoder, ...] = Field(min_length=1, max_length=2)
    native: tuple[int, int]
    stride: int = Field(gt=0, multiple_of=8)
    buckets: tuple[tuple[int, int], ...] = Field(min_length=1)
    vae_fp32: bool = False
    sampling: Sampling
    controls: Mapping[Slug, Control] = {}
    few_steps: Mapping[Slug, FewSteps] = {}
    parts: Mapping[Inside, Part]

    @property
    def text_parts(self) -> tuple[tuple[str, str], ...]:
        """(tokenizer, text encoder): the folders of each pair, in order."""
        suffixes = ("", "_2")[: len(self.encoders)]
        return tuple((f"tokenizer{suffix}", f"text_encoder{suffix}") for suffix in suffixes)

    @property
    def required(self) -> tuple[str, ...]:
        """The folders without which it paints nothing, sorted."""
        return tuple(sorted(target for target, part in self.parts.items() if not part.optional))

    @property
    def optional(self) -> tuple[str, ...]:
        """The folders that it gains something by, sorted."""
        return tuple(sorted(target for target, part in self.parts.items() if part.optional))

    @model_validator(mode="after")
    def _has_its_parts(self) -> Self:
        needed = {"unet", "vae", "scheduler", *(name for pair in self.text_parts for name in pair)}
        needed |= {f"controls/{name}" for name in self.controls}
        missing = sorted(needed - set(self.required))
        if missing:
            raise ValueError(f"there is no part {missing[0]!r} that is always there")
        stray = sorted(t for t in self.parts if t.startswith("controls/") and t not in needed)
        stray += sorted(few.part for few in self.few_steps.values() if few.part not in self.parts)
        if stray:
            raise ValueError(f"{stray[0]!r} is told only once: as a part or as what it is for")
        return self

    @model_validator(mode="after")
    def _has_its_sizes(self) -> Self:
        if self.native not in self.buckets:
            raise ValueError(f"the native size {self.native} is not one of the buckets")
        odd = [size for size in self.buckets if any(side <= 0 or side % self.stride for side in size)]
        if odd:
            raise ValueError(f"the bucket {odd[0]} is no multiple of {self.stride}")
        if any((height, width) not in self.buckets for width, height in self.buckets):
            raise ValueError("a bucket has no counterpart in the other orientation")
        return self


@cache
def families() -> Mapping[str, ModelSpec]:
    """Every family by its slug, sorted. Raises BadWeightsError for a page that makes no sense."""
    pages = {file.stem: _toml(file) for file in PAGES.glob("*.toml")}
    return MappingProxyType({slug: _read(slug, pages) for slug in sorted(pages)})


def family(slug: str, mirror: Path | None = None) -> ModelSpec:
    """The family of that slug: one of the project's, or one that the mirror brings a page of its own for.

    A mirror's page is ``<mirror>/<slug>/family.toml``; it may be ``like`` one of the project's (a checkpoint that
    somebody trained further, say). Raises UnknownNameError, which lists those that exist.
    """
    known = families()
    if slug in known:
        return known[slug]
    own = _own_pages(mirror)
    if slug not in own:
        names = ", ".join((*known, *own))
        raise UnknownNameError(f"There is no model {slug!r}.", hint=f"Known are: {names}.", where="model")
    return _read(slug, {page.stem: _toml(page) for page in PAGES.glob("*.toml")} | {slug: _toml(own[slug])})


def known(mirror: Path | None) -> Mapping[str, ModelSpec]:
    """Every family that this machine knows of: the project's, then the mirror's own. Raises BadWeightsError."""
    return {**families(), **{slug: family(slug, mirror) for slug in _own_pages(mirror) if slug not in families()}}


def _own_pages(mirror: Path | None) -> dict[str, Path]:
    return {page.parent.name: page for page in sorted(mirror.glob(f"*/{OWN_PAGE}"))} if mirror else {}


def read(file: Path) -> ModelSpec:
    """One page as a validated value. Raises BadWeightsError with the page and what is wrong with it."""
    return _read(file.stem, {page.stem: _toml(page) for page in (*PAGES.glob("*.toml"), file)})


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadWeightsError(f"This is not TOML: {error}.", where=str(file)) from None


def _read(slug: str, pages: Mapping[str, dict[str, Any]]) -> ModelSpec:
    """A page on top of the one that it is ``like``: what it does not say itself is that page's.

    Its parts are added to the other's; the other's ControlNets go when it names its own.
    """
    page = pages[slug]
    like = page.get("like", "")
    if like:
        if like == slug or like not in pages or pages[like].get("like"):
            raise BadWeightsError(f"The model {slug!r} is like {like!r}, which is no page of its own.", where=slug)
        under = dict(pages[like])
        if "controls" in page:
            under["parts"] = {t: part for t, part in under["parts"].items() if not t.startswith("controls/")}
        page = under | page | {"parts": under["parts"] | page.get("parts", {})}
    try:
        return ModelSpec.model_validate({"slug": slug} | page)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(step) for step in first["loc"])
        said = str(first["msg"]).removeprefix("Value error, ")
        raise BadWeightsError(f"The page of the model {slug!r} makes no sense: {at}: {said}.", where=slug) from None
