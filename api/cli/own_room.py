"""``imagegen own-room``: a product stood into a customer's own photo of a room."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.console import emit
from api.cli.exits import NOT_ALL_WELL

ROOM, PRODUCT, PICTURE = "The room", "The product: --sku of the catalog, or --product and its facts", "The picture"


def _of(panel: str, text: str, *names: str) -> Any:
    return typer.Option(*names, help=text, rich_help_panel=panel, show_default=False)


def register(app: typer.Typer) -> None:
    """Hang the command on the root."""
    app.command("own-room")(own_room)


def own_room(
    room: Annotated[Path, typer.Argument(help="A photo of a room with its floor, as it was taken: not cropped.")],
    points: Annotated[
        list[str],
        _of(
            ROOM, "A point of the floor, X,Y=PX,PY: metres on the floor, pixels in the photo. Four or more.", "--point"
        ),
    ],
    at: Annotated[str, _of(ROOM, "Where it stands: X,Y metres of those points, or X,Y,Z on a table Z metres high.")],
    out: Annotated[Path, _of(PICTURE, "The picture: .png (nothing is lost), .jpg or .webp; FILE.json beside it.")],
    sku: Annotated[str | None, _of(PRODUCT, "A product of the catalog, with its photos.")] = None,
    product: Annotated[Path | None, _of(PRODUCT, "A packshot, where the product is not in the catalog.")] = None,
    also: Annotated[list[Path] | None, _of(PRODUCT, "Another photo of it; the one that suits best is shown.")] = None,
    width_cm: Annotated[float | None, _of(PRODUCT, "Width of the product, centimetres.")] = None,
    depth_cm: Annotated[float | None, _of(PRODUCT, "Depth, front to back, centimetres.")] = None,
    height_cm: Annotated[float | None, _of(PRODUCT, "Height, centimetres.")] = None,
    category: Annotated[str | None, _of(PRODUCT, "What it is: sofa, dining chair, rug ...")] = None,
    mount: Annotated[str | None, _of(PRODUCT, "floor, surface or rug; told from the category when left out.")] = None,
    yaw: Annotated[
        float | None,
        _of(ROOM, "Degrees of turn; at 0 its back is towards +Y. Left out, it turns as its photo shows it best."),
    ] = None,
    light: Annotated[
        str | None,
        _of(
            ROOM,
            "AZIMUTH,ELEVATION of the light: degrees to the right of where the photo looks (180 is behind it), and "
            "above the floor. A guess when left out.",
        ),
    ] = None,
    front: Annotated[
        Path | None, _of(ROOM, "A mask of the photo's size: white is what stands before the product.")
    ] = None,
    depth_weights: Annotated[
        Path | None, _of(ROOM, "A folder with MiDaS' weights: what stands before it is read in the photo.")
    ] = None,
    cutter: Annotated[str | None, _of(PICTURE, "Force a way of cutting out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Stand a product into a customer's own photo of a room, at its true size. Nothing else of the photo changes.

    Four points of the floor whose distances a tape measure told (the corners of a rug, of tiles) give the photo's
    camera. X grows to the right and Y away from the viewer. It is approximate in light and in what stands in front; the
    findings say what. Leaves with 0 when all is well, 1 when a check failed (the picture is written all the same), 2
    for bad input: points that tell no camera, a place out of sight.

    For example:

      imagegen own-room living.jpg --point 0,0=312,905 --point 2.4,0=1310,930 --point 2.4,1.7=1105,700
      --point 0,1.7=455,688 --sku CHA-ASK-1 --at 1.2,0.85 --yaw 20 --out chair.png

      imagegen own-room living.jpg --point 0,0=312,905 --point 2.4,0=1310,930 --point 2.4,1.7=1105,700
      --point 0,1.7=455,688 --product sofa.jpg --width-cm 210 --depth-cm 92 --height-cm 80 --category sofa
      --at 1.2,2.4 --light -60,45 --front plant.png --out sofa.jpg
    """
    from api.cli.furnishing import Asked, file_of, light_of, marks_of, metres_of, put  # noqa: PLC0415 - numpy behind it

    facts = {"width_cm": width_cm, "depth_cm": depth_cm, "height_cm": height_cm, "category": category, "mount": mount}
    asked = Asked(
        room=room,
        marks=marks_of(points),
        sku=sku,
        photos=(*((product,) if product else ()), *(also or ())),
        facts=facts,
        at=metres_of(at),
        yaw=yaw,
        light=light_of(light),
        front=front,
        depth_weights=depth_weights,
        cutter=cutter,
    )
    told = put(asked, out.parent, *file_of(out), quiet=as_json)
    if as_json:
        emit(told)
    if told["verdict"] == "fail":
        raise typer.Exit(NOT_ALL_WELL)
