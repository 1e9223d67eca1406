"""Geometry, camera and lights in the path tracer's words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from imagegen.geometry import Bulb, Geometry, Light, Material, Mesh, Panel, Sky, Sun, Texture
from imagegen.renderer.backend import choose, mitsuba
from imagegen.types import Camera, Doubles

SUN_DISTANCE = 500.0  # metres: far enough for parallel shadows in a room, near enough for float32
MATT = 0.85  # roughness from which a surface's sheen is lost in its noise
MIRROR = 0.25  # roughness up to which a surface shows a picture of what it reflects
AIMED_AT = 3.0  # radiance from which a shining mesh is a lamp that light is aimed from, not only a glow
GLASS_REFLECTS = 0.08  # of clear thin glass seen straight on: two surfaces of 4 %
COLOURED = 0.6  # linear: glass that lets less than this of some colour through is smoked or stained, not clear


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A scene ready to be traced: ``segments[i]`` is the class of the shape with index i.

    ``hulls``: the indices of the products' hulls; ``panels``: indices of lights that the camera never shows;
    ``clear[i]``: share of light that goes straight through shape i; ``solid_glass[i]``: whether its two sides differ;
    ``mirrors[i]``: whether it shows a picture of the room; ``shines[i]``: whether it sends out light of its own;
    ``plain[i]`` (3,): its colour in scattered light, linear.
    """

    scene: Any
    segments: np.ndarray
    hulls: tuple[int, ...]
    panels: tuple[int, ...]
    clear: np.ndarray
    solid_glass: np.ndarray
    mirrors: np.ndarray
    shines: np.ndarray
    plain: np.ndarray


def load(geometry: Geometry, hulls: Sequence[Mesh]) -> Loaded:
    """The whole room as a Mitsuba scene, with the hulls of the products that stand in it."""
    mi = mitsuba()
    textures: dict[int, Any] = {}
    parts: dict[str, Any] = {"type": "scene"}
    for number, mesh in enumerate(geometry.meshes):
        parts[f"m{number:04d}"] = _mesh(mi, f"m{number:04d}", mesh, textures)
    bodies = {f"hull{number:02d}" if number else "hull": hull for number, hull in enumerate(hulls)}
    for name, hull in bodies.items():
        parts[name] = _mesh(mi, name, hull, textures)
    for number, light in enumerate(geometry.lights):
        parts[f"light{number:03d}"] = _light(mi, light)
    # As they come: what Mitsuba merges or loads in parallel it orders by addresses and by who was ready first, and
    # the order of the lights decides which of them a path aims at, and so the noise.
    scene = mi.load_dict(parts, parallel=False, optimize=False)
    names = [shape.id() for shape in scene.shapes()]
    meshes = {f"m{number:04d}": mesh for number, mesh in enumerate(geometry.meshes)} | bodies
    lamps = {f"light{number:03d}" for number, light in enumerate(geometry.lights) if isinstance(light, Panel | Bulb)}
    return Loaded(
        scene=scene,
        segments=np.array([meshes[name].segment if name in meshes else 0 for name in names], np.uint8),
        hulls=tuple(names.index(name) for name in bodies),
        panels=tuple(index for index, name in enumerate(names) if name in lamps),
        clear=np.array([_clearness(meshes[name].material) if name in meshes else 1.0 for name in names], np.float32),
        solid_glass=np.array([name in meshes and _is_solid_glass(meshes[name].material) for name in names], bool),
        mirrors=np.array([name in meshes and _is_mirror(meshes[name].material) for name in names], bool),
        shines=np.array([name in meshes and meshes[name].material.emission is not None for name in names], bool),
        plain=np.array([_bounce(meshes[name].material) if name in meshes else (0, 0, 0) for name in names]),
    )


def _is_solid_glass(material: Material) -> bool:
    return material.transmission >= 0.5 and not material.thin


def _is_mirror(material: Material) -> bool:
    return _plain(material.roughness) <= MIRROR or material.transmission >= 0.5


def _mean_colour(material: Material) -> Doubles:
    colour = material.colour
    mean = colour.pixels.mean(axis=(0, 1)) if isinstance(colour, Texture) else colour
    return np.broadcast_to(np.asarray(mean, float), 3)


def _bounce(material: Material) -> Doubles:
    return _mean_colour(material) if material.bounce is None else np.asarray(material.bounce, float)


def _brightest(emission: Texture | tuple[float, float, float]) -> float:
    return float(emission.pixels.max()) if isinstance(emission, Texture) else max(emission)


def _clearness(material: Material) -> float:
    """Share of light that goes straight through a surface."""
    if material.transmission >= 0.5:
        return (1 - GLASS_REFLECTS) * float(_wall(material).mean()) if material.thin else 0.0
    return max(1 - _plain(material.opacity), material.translucence)


def _wall(material: Material) -> Doubles:
    """Share (3,) of light that one wall of thin glass lets through: a body, seen through both walls, has its colour."""
    colour = _mean_colour(material)
    return np.sqrt(colour) if colour.min() < COLOURED else np.ones(3)


def sensor(camera: Camera) -> Any:
    """The camera as a Mitsuba sensor (box filter: the denoiser needs uncorrelated noise)."""
    mi = mitsuba()
    right, down, forward = camera.rotation
    position = np.asarray(camera.position, float)
    pose = np.eye(4)
    pose[:3, 0], pose[:3, 1], pose[:3, 2], pose[:3, 3] = -right, -down, forward, position
    return mi.load_dict(
        {
            "type": "perspective",
            "fov": math.degrees(2 * math.atan(camera.width / 2 / camera.focal)),
            "fov_axis": "x",
            "principal_point_offset_x": -(camera.cx - camera.width / 2) / camera.width,
            "principal_point_offset_y": -(camera.cy - camera.height / 2) / camera.height,
            "near_clip": 0.02,
            "far_clip": 10 * SUN_DISTANCE,
            "to_world": mi.ScalarTransform4f(pose),
            "film": {
                "type": "hdrfilm",
                "width": camera.width,
                "height": camera.height,
                "rfilter": {"type": "box"},
                "pixel_format": "rgb",
                "component_format": "float32",
            },
            "sampler": {"type": "independent"},
        }
    )


def _mesh(mi: Any, name: str, mesh: Mesh, textures: dict[int, Any]) -> Any:
    vertices = np.asarray(mesh.vertices, np.float32)
    faces = np.asarray(mesh.faces, np.uint32)
    props = mi.Properties()
    props["bsdf"] = mi.load_dict(_material(mi, mesh.material, textures, textured=mesh.uv is not None))
    if mesh.normals is None:
        props["face_normals"] = True
    if mesh.material.emission is not None:
        emission = mesh.material.emission
        radiance = _texture(mi, emission, textures) if isinstance(emission, Texture) else _rgb(emission)
        # Aiming at each of a lampshade's ten thousand triangles costs more than its faint glow is worth: what is dim
        # lights the room only through rays that meet it by themselves.
        aimed = 1.0 if _brightest(emission) >= AIMED_AT else 0.0
        props["emitter"] = mi.load_dict({"type": "area", "radiance": radiance, "sampling_weight": aimed})
    made = mi.Mesh(
        name,
        len(vertices),
        len(faces),
        props=props,
        has_vertex_normals=mesh.normals is not None,
        has_vertex_texcoords=mesh.uv is not None,
    )
    buffers = mi.traverse(made)
    buffers["vertex_positions"] = vertices.ravel()
    buffers["faces"] = faces.ravel()
    if mesh.normals is not None:
        buffers["vertex_normals"] = np.asarray(mesh.normals, np.float32).ravel()
    if mesh.uv is not None:
        buffers["vertex_texcoords"] = np.asarray(mesh.uv, np.float32).ravel()
    buffers.update()
    made.set_id(name)
    return made


def _material(mi: Any, material: Material, textures: dict[int, Any], *, textured: bool) -> dict[str, Any]:
    """A material as nested plugin descriptions."""

    def value(source: Any) -> Any:
        if isinstance(source, Texture):
            return _texture(mi, source, textures) if textured else _mean(source)
        return _rgb(source) if isinstance(source, tuple) else float(source)

    if material.transmission >= 0.5:
        return _glass(material, value(material.colour))
    made: dict[str, Any] = {"type": "diffuse", "reflectance": value(material.colour)}
    if not _is_matt(material):
        made = {
            "type": "principled",
            "base_color": value(material.colour),
            "roughness": value(material.roughness),
            "specular": material.specular,
        }
    if material.metallic:
        made["metallic"] = material.metallic
    if material.sheen:
        made |= {"sheen": material.sheen, "sheen_tint": 0.5}
    if material.bump is not None and textured:
        made = {"type": "bumpmap", "scale": 1.0, "t": _texture(mi, material.bump, textures), "b": made}
    made = _both_sides(made)
    if isinstance(material.opacity, Texture) or material.opacity < 1:
        made = {"type": "mask", "opacity": value(material.opacity), "b": made}
    return made


def _glass(material: Material, colour: dict[str, Any]) -> dict[str, Any]:
    if not material.thin:
        return {"type": "dielectric", "int_ior": 1.5, "specular_transmittance": colour}
    if _wall(material).min() < 1:
        return {"type": "thindielectric", "int_ior": 1.5, "specular_transmittance": _rgb(_wall(material))}
    # Rough where the page says so, which a thin dielectric cannot be.
    mirror = {"type": "roughconductor", "material": "none", "alpha": max(0.02, _plain(material.roughness) ** 2)}
    return {"type": "mask", "opacity": GLASS_REFLECTS, "b": _both_sides(mirror)}


def _is_matt(material: Material) -> bool:
    """Whether plain Lambert, at a fraction of the cost, looks the same."""
    plain = isinstance(material.roughness, float | int) and not material.metallic and not material.sheen
    return plain and (material.specular == 0 or _plain(material.roughness) >= MATT)


def _both_sides(made: dict[str, Any]) -> dict[str, Any]:
    """The wavefront tracer turns surfaces towards the ray itself: this plugin would do all its work twice there."""
    return {"type": "twosided", "b": made} if choose().variant.startswith("scalar") else made


def _texture(mi: Any, texture: Texture, cache: dict[int, Any]) -> Any:
    """A tile as a bitmap; made once a scene."""
    key = id(texture.pixels)
    if key not in cache:
        pixels = np.ascontiguousarray(texture.pixels, np.float32)
        # The path tracer's v runs upwards: the tile's first row must come last.
        bitmap = mi.Bitmap(pixels[::-1].copy() if pixels.ndim == 3 else pixels[::-1, :, None].copy())
        width, tall = texture.metres
        cache[key] = mi.load_dict(
            {
                "type": "bitmap",
                "bitmap": bitmap,
                "raw": True,
                "format": "variant",  # half floats would halve the memory and cost a tenth of the speed
                "to_uv": mi.ScalarTransform3f().scale([1 / width, 1 / tall]),
            }
        )
    return cache[key]


def _light(mi: Any, light: Light) -> dict[str, Any]:
    if isinstance(light, Sun):
        return _sun(mi, light)
    if isinstance(light, Sky):
        return _sky(mi, light)
    if isinstance(light, Bulb):
        return _bulb(light)
    normal = np.asarray(light.normal, float)
    centre = np.asarray(light.centre, float)
    up = [0.0, 0.0, 1.0] if abs(normal[2]) < 0.9 * np.linalg.norm(normal) else [0.0, 1.0, 0.0]
    place = mi.ScalarTransform4f().look_at(origin=list(centre), target=list(centre + normal), up=up)
    return {
        "type": "rectangle",
        "to_world": place @ mi.ScalarTransform4f().scale([light.size[0] / 2, light.size[1] / 2, 1]),
        "bsdf": {"type": "null"},
        "emitter": {"type": "area", "radiance": _rgb(light.radiance)},
    }


def _sun(mi: Any, sun: Sun) -> dict[str, Any]:
    """A disk so far away that its light is parallel in a room: soft edges and highlights come by themselves."""
    way = np.asarray(sun.direction, float) / np.linalg.norm(sun.direction)
    half = math.radians(max(sun.angle_deg, 0.05)) / 2
    radius = SUN_DISTANCE * math.tan(half)
    solid = 2 * math.pi * (1 - math.cos(half))
    up = [0.0, 0.0, 1.0] if abs(way[2]) < 0.9 else [0.0, 1.0, 0.0]
    place = mi.ScalarTransform4f().look_at(origin=list(-way * SUN_DISTANCE), target=[0, 0, 0], up=up)
    return {
        "type": "disk",
        "to_world": place @ mi.ScalarTransform4f().scale(radius),
        "bsdf": {"type": "null"},
        "emitter": {"type": "area", "radiance": _rgb(tuple(np.asarray(sun.irradiance) / solid))},
    }


def _bulb(bulb: Bulb) -> dict[str, Any]:
    radiance = np.asarray(bulb.intensity) / (math.pi * bulb.radius**2)
    return {
        "type": "sphere",
        "center": list(bulb.centre),
        "radius": bulb.radius,
        "bsdf": {"type": "null"},
        "emitter": {"type": "area", "radiance": _rgb(radiance)},
    }


def _sky(mi: Any, sky: Sky) -> dict[str, Any]:
    """A gradient from the horizon to the zenith; below the horizon lies ground half as bright as the horizon."""
    picture = np.ones((64, 8, 3)) if sky.picture is None else sky.picture
    rows = len(picture)
    height = np.cos((np.arange(rows) + 0.5) / rows * math.pi)[:, None]
    horizon, zenith = np.asarray(sky.horizon), np.asarray(sky.zenith)
    above = horizon + (zenith - horizon) * np.clip(height, 0, 1) ** 0.6
    column = np.where(height > 0, above, horizon * 0.5)
    pixels = (column[:, None, :] * picture).astype(np.float32)
    return {
        "type": "envmap",
        "bitmap": mi.Bitmap(pixels),
        "to_world": mi.ScalarTransform4f().rotate([1, 0, 0], 90),
    }


def _rgb(value: Sequence[float] | Doubles) -> dict[str, Any]:
    return {"type": "rgb", "value": [float(x) for x in value]}


def _mean(texture: Texture) -> Any:
    mean = texture.pixels.mean(axis=(0, 1))
    return _rgb(mean) if texture.pixels.ndim == 3 else float(mean)


def _plain(value: float | Texture) -> float:
    return float(value.pixels.mean()) if isinstance(value, Texture) else float(value)
