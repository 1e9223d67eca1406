"""``imagegen scene``: one product photo into a room, at once, without a database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.console import emit
from api.cli.exits import NOT_ALL_WELL

PRODUCT, CAMERA, PICTURE = "The product", "The photo's camera, where it is known", "The picture"


def _of(panel: str, text: str, *names: str) -> Any:
    return typer.Option(*names, help=text, rich_help_panel=panel, show_default=False)


def register(app: typer.Typer) -> None:
    """Hang the command on the root."""
    app.command("scene")(scene)


def scene(
    photo: Annotated[Path, typer.Argument(help="A packshot: JPEG, PNG, WebP, TIFF ..., plain background or alpha.")],
    width_cm: Annotated[float, _of(PRODUCT, "Width of the product, centimetres.")],
    depth_cm: Annotated[float, _of(PRODUCT, "Depth, front to back, centimetres.")],
    height_cm: Annotated[float, _of(PRODUCT, "Height, centimetres (of a pendant: with its cord).")],
    category: Annotated[str, _of(PRODUCT, "What it is: sofa, dining chair, pendant lamp, rug ...")],
    style: Annotated[str, _of(PICTURE, "Which look; imagegen styles list shows them.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder for the pictures and their recipes.")],
    mount: Annotated[
        str | None, _of(PRODUCT, "floor, wall, ceiling, surface or rug; told from the category when left out.")
    ] = None,
    sku: Annotated[str | None, _of(PRODUCT, "Stock number for the recipe; else the photo's file name.")] = None,
    name: Annotated[str | None, _of(PRODUCT, "Name for the recipe.")] = None,
    colour: Annotated[str, _of(PRODUCT, "Colour, in words.")] = "",
    material: Annotated[str, _of(PRODUCT, "Material, in words.")] = "",
    yaw: Annotated[
        float | None, _of(CAMERA, "Degrees that it was walked round to the product's right side (+) or left (-).")
    ] = None,
    elevation: Annotated[float | None, _of(CAMERA, "Degrees that it stood above the product's middle.")] = None,
    focal: Annotated[float | None, _of(CAMERA, "Focal length, millimetres on 35 mm film.")] = None,
    room: Annotated[
        str | None, _of(PICTURE, "Which of the style's rooms; the one that suits best when left out.")
    ] = None,
    light: Annotated[str | None, _of(PICTURE, "Which of the style's lights; its usual one when left out.")] = None,
    engine: Annotated[str | None, _of(PICTURE, "What finishes the picture: render (default) or diffusion.")] = None,
    mode: Annotated[
        str | None, _of(PICTURE, "How diffusion goes about it: paint, refine or harmonise; the style's own way.")
    ] = None,
    quality: Annotated[
        str, _of(PICTURE, "draft, standard (default) or final: about 4, 20 and 90 s on 2 cores.")
    ] = "standard",
    size: Annotated[str | None, _of(PICTURE, "Pixels, WIDTHxHEIGHT; the quality's own when left out.")] = None,
    seed: Annotated[int, _of(PICTURE, "The same seed gives the same picture (default: 0).")] = 0,
    variants: Annotated[int, _of(PICTURE, "How many: other places, rooms and compositions (default: 1).")] = 1,
    exposure: Annotated[float, _of(PICTURE, "Brighter (+) or darker (-), in stops (default: 0).")] = 0.0,
    at: Annotated[str | None, _of(PICTURE, "Put it at X,Y or X,Y,Z metres of the room, not at an anchor.")] = None,
    turn: Annotated[float, _of(PICTURE, "With --at: degrees of turn about the vertical (default: 0).")] = 0.0,
    lamp_on: Annotated[bool, typer.Option("--lamp-on", help="Light the lamp.", rich_help_panel=PICTURE)] = False,
    prompt: Annotated[str, _of(PICTURE, "A few words for engines that read.")] = "",
    also: Annotated[
        list[Path] | None, _of(PRODUCT, "Another photo of it; the one that suits the room is shown.")
    ] = None,
    others: Annotated[
        list[str] | None,
        _of(PICTURE, 'Show another product with it: "PHOTO WIDTHxDEPTHxHEIGHT CATEGORY", centimetres.', "--with"),
    ] = None,
    shown: Annotated[
        int | None, _of(PICTURE, "Show this photo, whatever suits: 0 is the first, 1 the first --also.", "--photo")
    ] = None,
    cutter: Annotated[str | None, _of(PICTURE, "Force a way of cutting out.")] = None,
    space: Annotated[str, _of(PICTURE, "Colour space of the file: srgb (default) or adobe-rgb, for print.")] = "srgb",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Make a room scene of one product photo. Needs no database and no other service.

    Writes scene.png and scene.json (recipe, findings, seconds) into --out; with --variants 3 scene-1.png to
    scene-3.png. Leaves with 0 when all is well, 1 when a picture failed its checks (it is written all the same,
    and the table says what is wrong), 2 for bad input, 3 when this machine cannot make it.

    For example:

      imagegen scene sofa.jpg --width-cm 210 --depth-cm 92 --height-cm 80 --category sofa --style scandinavian --out out

      imagegen scene sofa.jpg --width-cm 210 --depth-cm 92 --height-cm 80 --category sofa --style scandinavian --out out
      --with "lamp.jpg 40x40x155 floor lamp" --with "rug.jpg 240x170x1 rug"

      imagegen scene lamp.png --width-cm 45 --depth-cm 45 --height-cm 120 --category "pendant lamp" --mount ceiling
      --style scandinavian --quality draft --variants 3 --out out
    """
    from api.cli.asking import companion_of, place_of, product_of, request_of  # noqa: PLC0415 - numpy behind it
    from api.cli.making import make_scenes  # noqa: PLC0415 - the stages behind it

    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", photo.stem).strip("-")[:60] or "product"
    facts: dict[str, Any] = {
        "category": category,
        "mount": mount,
        "width_cm": width_cm,
        "depth_cm": depth_cm,
        "height_cm": height_cm,
    }
    facts |= {"colour": colour, "material": material, "yaw_deg": yaw, "elevation_deg": elevation, "focal_mm": focal}
    product = product_of(facts | {"sku": stem if sku is None else sku, "name": name or stem})
    wishes: dict[str, Any] = {
        "style": style,
        "room": room,
        "light": light,
        "variants": variants,
        "seed": seed,
        "engine": engine,
        "quality": quality,
        "size": size,
    }
    wishes |= {
        "sku": product.sku,
        "placement": place_of(at, turn),
        "exposure_ev": exposure,
        "prompt": prompt,
        "photo": shown,
        "lamp_on": lamp_on,
        "mode": mode,
    }
    companions = [companion_of(text) for text in others or []]
    wishes["companions"] = [other.sku for _, other in companions]
    told = make_scenes(
        [photo, *(also or [])], product, companions, request_of(wishes), cutter, folder, quiet=as_json, space=space
    )
    if as_json:
        emit(told if variants > 1 else told[0])
    if any(one["verdict"] == "fail" for one in told):
        raise typer.Exit(NOT_ALL_WELL)
