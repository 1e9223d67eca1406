"""Photos that a cutter must refuse: a furnished corner, two products, one cut off. ``python -m demo.make_hard``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from demo.forms import box, patch, turn
from demo.make_packshots import HERE
from demo.products import ITEMS, build
from demo.studio import Shot, camera_for, expose, studio
from demo.surfaces import paint, timber
from imagegen.geometry import Geometry, Mesh, Panel, Sky
from imagegen.renderer import render
from imagegen.types import Floats, Mount

SHOT = Shot(24, 8, 4.6, (640, 480), 0.06, 0.9)


def placed(sku: str, x: float, y: float, z: float = 0.0, yaw: float = 0.0) -> list[Mesh]:
    """A product's meshes, turned and moved."""
    swing = turn("z", yaw)
    item = next(item for item in ITEMS if item.sku == sku)
    return [
        replace(
            m,
            vertices=m.vertices @ swing.T + np.array([x, y, z]),
            normals=None if m.normals is None else m.normals @ swing.T,
        )
        for m in build(item)
    ]


def lifestyle(samples: int = 10) -> Floats:
    """A sideboard in a furnished corner: wood floor, green wall, lamp, vase, plant, rug, a picture on the wall."""
    wall, side = paint("#a9b3a0", 0.9, 0.1), paint("#e6e1d6", 0.9, 0.1)
    floor = patch(np.array([[[-4, -5, 0], [-4, 0, 0]], [[4, -5, 0], [4, 0, 0]]], float))
    back = patch(np.array([[[-4, 0, 0], [-4, 0, 3]], [[4, 0, 0], [4, 0, 3]]], float))
    left = patch(np.array([[[-1.75, -5, 0], [-1.75, -5, 3]], [[-1.75, 0, 0], [-1.75, 0, 3]]], float))
    skirting = box(6, 0.02, 0.10, 0.003).moved(0, -0.01, 0)
    frame, print_ = box(0.62, 0.03, 0.82, 0.003).moved(-0.2, -0.02, 1.25), box(0.5, 0.034, 0.7, 0.002)
    meshes = [
        floor.dressed(timber("oak", 40), smooth=False),
        back.dressed(wall, smooth=False),
        left.dressed(side, smooth=False),
        skirting.dressed(paint("#f1efe9")),
        frame.dressed(timber("black")),
        print_.moved(-0.2, -0.021, 1.31).dressed(paint("#c98f5e", 0.9)),
        *placed("SID-RIBBA-160", 0.0, -0.25),
        *placed("LAM-KALLA-T", -0.52, -0.25, 0.72),
        *placed("VAS-BLANK-33", 0.5, -0.22, 0.72),
        *placed("PLA-STREL-121", 1.35, -0.55),
        *placed("RUG-RUTA-240", 0.3, -1.6, 0.001, 4.0),
    ]
    lights = (
        Sky((0.5, 0.52, 0.56), (0.45,) * 3),
        Panel((3.2, -2.2, 1.7), (-0.95, 0.31, 0.0), (2.0, 2.0), (5.0, 4.7, 4.2)),
    )
    points = np.concatenate([m.vertices for m in meshes[6:]])
    camera = camera_for(points, np.array([0.2, -0.6, 0.8]), replace(SHOT, yaw=16), Mount.FLOOR)
    camera = replace(camera, cx=320.0)
    return render(Geometry(tuple(meshes), lights, 0.9), camera, None, samples=samples, seed=3).picture


def two_products(samples: int = 10) -> Floats:
    """A chair and a side table on the same white sweep."""
    meshes = [*placed("CHA-ASK-1", -0.42, 0.0, 0, 8), *placed("TAB-RUND-50", 0.40, -0.05)]
    camera = camera_for(np.concatenate([m.vertices for m in meshes]), np.array([0, 0, 0.4]), SHOT, Mount.FLOOR)
    camera = replace(camera, cx=320.0)
    return render(studio(meshes, camera, SHOT, Mount.FLOOR), camera, None, samples=samples, seed=4).picture


def cut_off(samples: int = 10) -> Floats:
    """A chair that the frame cuts on the left and at its feet."""
    meshes = placed("CHA-KROM-B", 0, 0)
    camera = camera_for(np.concatenate([m.vertices for m in meshes]), np.array([0, 0, 0.41]), SHOT, Mount.FLOOR)
    camera = replace(camera, focal=camera.focal * 1.5, cx=camera.width * 0.5, cy=camera.height * 0.62)
    camera = replace(camera, position=camera.position + 0.17 * camera.rotation[0])
    return render(studio(meshes, camera, SHOT, Mount.FLOOR), camera, None, samples=samples, seed=5).picture


def main() -> None:
    """Write demo/hard/*.jpg."""
    (HERE / "hard").mkdir(exist_ok=True)
    for name, scene in (("lifestyle", lifestyle), ("two-products", two_products), ("cut-off", cut_off)):
        Image.fromarray(expose(scene(), SHOT.white if name != "lifestyle" else 0.75)).save(
            HERE / "hard" / f"{name}.jpg", quality=90
        )
        print(name, flush=True)


if __name__ == "__main__":
    main()
