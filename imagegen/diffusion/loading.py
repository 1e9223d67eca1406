"""From a mirror's folder to networks in memory: real classes, local files, and nothing that is not as it was pinned.

Nothing here reaches the network, runs code that came with a model, or fills a gap with random numbers: a part that is
missing, a hash that differs, a class that is not on the list and a tensor that is not in the file are all refused.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from imagegen.diffusion import families, store
from imagegen.diffusion.families import ModelSpec
from imagegen.diffusion.modules import Modules
from imagegen.diffusion.options import Equipment, Options
from imagegen.errors import BadWeightsError

log = logging.getLogger(__name__)

CONFIGS = ("config.json", "scheduler_config.json", "tokenizer_config.json")
REMOTE_CODE = ("auto_map", "custom_pipelines", "trust_remote_code")

SCHEDULERS = frozenset(
    {
        "DDIMScheduler", "DDPMScheduler", "DPMSolverMultistepScheduler", "EulerAncestralDiscreteScheduler",
        "EulerDiscreteScheduler", "LCMScheduler", "PNDMScheduler", "TCDScheduler", "UniPCMultistepScheduler",
    }
)  # fmt: skip
TOKENIZERS = frozenset({"CLIPTokenizer", "CLIPTokenizerFast"})
SPARE_KEYS = frozenset({"text_model.embeddings.position_ids", "vision_model.embeddings.position_ids"})
"""Tensors that old checkpoints hold and that are counted out anew: no weights."""

PREVIEW, ENCODER, ADAPTER = "preview_vae", "image_encoder", "ip_adapter"


def resident(equipment: Equipment) -> Modules:
    """The family that a machine keeps in memory. Raises as ``load``, and UnknownNameError."""
    spec = families.family(equipment.family, equipment.models)
    return load(spec, store.home(spec, equipment.models), equipment.options)


def load(spec: ModelSpec, folder: Path, options: Options, extras: Collection[str] | None = None) -> Modules:
    """The networks of a family, in eval mode, without gradients, on the options' device and in their dtype.

    ``extras``: which optional parts to load (``preview_vae``, ``ip_adapter``); those that are there by default. The
    adapter for reference pictures becomes part of the UNet. Every file that is loaded is hashed first (about a second
    for each gigabyte).

    Raises MissingWeightsError (what is missing and which command gets it) and BadWeightsError.
    """
    lock = store.require(spec, folder)
    wanted = {PREVIEW, ADAPTER} if extras is None else set(extras)
    there = set(store.present(spec, folder)) & {*lock.parts}
    extra = {part for part in wanted if part in there and (part != ADAPTER or ENCODER in there)}
    targets = [*spec.required, *sorted(extra), *([ENCODER] if ADAPTER in extra else [])]
    store.refuse_faults(spec, folder, targets)
    maker = _Maker(spec, folder, options)
    modules = Modules(
        family=spec.slug,
        unet=maker.net("unet", "UNet2DConditionModel"),
        vae=maker.net("vae", "AutoencoderKL"),
        tokenizers=tuple(maker.tokenizer(target) for target, _ in spec.text_parts),
        encoders=tuple(
            maker.words(target, kind) for (_, target), kind in zip(spec.text_parts, spec.encoders, strict=True)
        ),
        scheduler=maker.scheduler("scheduler"),
        controls={name: maker.control(name) for name in spec.controls},
        preview_vae=maker.net(PREVIEW, "AutoencoderTiny") if PREVIEW in extra else None,
        image_encoder=maker.words(ENCODER, "CLIPVisionModelWithProjection") if ADAPTER in extra else None,
        weights_sha=store.weights_sha(spec, folder),
    )
    if ADAPTER in extra:
        maker.adapt(modules.unet)
    _check_channels(spec, folder, modules)
    return modules


def device_of(options: Options) -> str:
    """Where the networks go: "auto" is a GPU where there is one, else the CPU."""
    import torch  # noqa: PLC0415 - heavy, and only who loads needs it

    if options.device != "auto":
        return options.device
    return "cuda" if torch.cuda.is_available() else "cpu"


def dtype_of(options: Options) -> Any:
    """The torch dtype of the networks; "auto" is bfloat16 on a GPU, else float32."""
    import torch  # noqa: PLC0415 - as above

    if options.dtype != "auto":
        return getattr(torch, options.dtype)
    return torch.bfloat16 if device_of(options).startswith("cuda") else torch.float32


class _Maker:
    """Makes the parts of one family out of one folder for one device."""

    def __init__(self, spec: ModelSpec, folder: Path, options: Options) -> None:
        self.spec = spec
        self.folder = folder
        self.options = options
        self.device = device_of(options)
        self.dtype = dtype_of(options)

    def net(self, target: str, kind: str) -> Any:
        """A network of diffusers'."""
        import diffusers  # noqa: PLC0415 - heavy

        _check_class(self.folder / target, {kind})
        return self._ready(target, getattr(diffusers, kind), kind, conv=True)

    def words(self, target: str, kind: str) -> Any:
        """A text or image encoder of transformers'."""
        import transformers  # noqa: PLC0415 - heavy

        transformers.utils.logging.disable_progress_bar()
        _check_class(self.folder / target, {kind})
        return self._ready(target, getattr(transformers, kind), kind, conv=False)

    def control(self, name: str) -> Any:
        """A ControlNet; one that reads several conditions answers to the same call."""
        control = self.spec.controls[name]
        net = self.net(f"controls/{name}", control.kind)
        if control.kind == "ControlNetModel":
            return net
        from imagegen.diffusion.union import UnionControl  # noqa: PLC0415 - torch

        return UnionControl(net, [control.types[condition] for condition in control.reads]).eval()

    def tokenizer(self, target: str) -> Any:
        """A CLIP tokenizer."""
        from transformers import CLIPTokenizer  # noqa: PLC0415 - heavy

        _check_class(self.folder / target, TOKENIZERS)
        return CLIPTokenizer.from_pretrained(str(self.folder / target), local_files_only=True)

    def scheduler(self, target: str) -> Any:
        """The scheduler that holds the training's noise."""
        import diffusers  # noqa: PLC0415 - heavy

        kind = _check_class(self.folder / target, SCHEDULERS)
        return getattr(diffusers, kind).from_pretrained(str(self.folder / target), local_files_only=True)

    def adapt(self, unet: Any) -> None:
        """Put the adapter for reference pictures into the UNet."""
        from imagegen.diffusion.reference import adapt  # noqa: PLC0415 - heavy

        name = store.names(self.spec, self.folder, ADAPTER)[0]
        try:
            adapt(unet, self.folder / ADAPTER / name)
        except (KeyError, RuntimeError, ValueError) as error:
            raise self._unfit(ADAPTER, f"does not fit the UNet: {error}") from error
        self._settle(unet, conv=True)

    def _ready(self, target: str, kind: Any, name: str, *, conv: bool) -> Any:
        """A network with every weight from its file, where and how it will be run."""
        try:
            net, told = kind.from_pretrained(
                str(self.folder / target),
                local_files_only=True,
                use_safetensors=True,
                dtype=self._dtype_for(name),
                output_loading_info=True,
            )
        except (OSError, ValueError, RuntimeError, TypeError, KeyError) as error:
            raise self._unfit(target, f"cannot be loaded: {error}") from error
        self._refuse_holes(target, told)
        self._settle(net, conv=conv)
        return net

    def _settle(self, net: Any, *, conv: bool) -> None:
        import torch  # noqa: PLC0415 - heavy

        net.to(self.device)
        if conv and self.options.channels_last:
            net.to(memory_format=torch.channels_last)
        net.eval().requires_grad_(requires_grad=False)

    def _dtype_for(self, name: str) -> Any:
        import torch  # noqa: PLC0415 - heavy

        overflows = self.spec.vae_fp32 and name == "AutoencoderKL" and self.dtype == torch.float16
        return torch.float32 if overflows else self.dtype

    def _refuse_holes(self, target: str, told: Mapping[str, Any]) -> None:
        for what, says in (("missing_keys", "lacks"), ("mismatched_keys", "has the wrong shape for"),
                           ("unexpected_keys", "has more than its class knows:")):  # fmt: skip
            keys = sorted(str(key) for key in told.get(what, ()) if str(key) not in SPARE_KEYS)
            if keys:
                more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
                raise self._unfit(target, f"{says} {', '.join(keys[:3])}{more}")

    def _unfit(self, target: str, told: str) -> BadWeightsError:
        return BadWeightsError(
            f"The part {target!r} of the model {self.spec.slug!r} {told}.",
            hint="Weights and config.json must be of the same model.",
            where=str(self.folder / target),
        )


def _check_class(folder: Path, allowed: Collection[str]) -> str:
    """The class that a part's config names; BadWeightsError unless it is allowed and asks for no code of its own."""
    file = next((folder / name for name in CONFIGS if (folder / name).is_file()), None)
    config = json.loads(file.read_text(encoding="utf-8")) if file else None
    if file is None or not isinstance(config, dict):
        raise BadWeightsError(f"Nothing in {folder} says which class it is for.", where=str(folder))
    asked = [key for key in REMOTE_CODE if key in config]
    if asked:
        raise BadWeightsError(
            f"{file} asks for code of its own ({asked[0]}).", hint="Such models are not loaded.", where=str(file)
        )
    named = (
        config.get("_class_name") or config.get("tokenizer_class") or next(iter(config.get("architectures") or ()), "")
    )
    if named not in allowed:
        raise BadWeightsError(
            f"{file} is for the class {named!r}.",
            hint=f"Here it may be: {', '.join(sorted(allowed))}.",
            where=str(file),
        )
    return str(named)


def _check_channels(spec: ModelSpec, folder: Path, modules: Modules) -> None:
    """A checkpoint of another kind is refused here, not in the middle of a picture."""
    latents = modules.vae.config.latent_channels
    takes = 2 * latents + 1 if spec.inpaints else latents
    if modules.unet.config.in_channels != takes:
        found = modules.unet.config.in_channels
        raise BadWeightsError(
            f"The UNet of {spec.slug!r} takes {found} channels instead of {takes}.", where=str(folder / "unet")
        )
    for name, control in spec.controls.items():
        found = modules.controls[name].config.conditioning_channels
        if found != control.channels:
            raise BadWeightsError(
                f"The ControlNet {name!r} of {spec.slug!r} reads {found} channels instead of {control.channels}.",
                where=str(folder / "controls" / name),
            )
