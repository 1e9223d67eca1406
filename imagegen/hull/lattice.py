"""Rays through the nodes of a grid over the photo's silhouette, in the product's own frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from imagegen.types import Bools, Cutout, Doubles, Placement

ACROSS = 400  # nodes over the longer side of the silhouette
NODES = 60_000  # at most, in the solid part
COVERED = 0.4  # alpha above which a node is solid
LIFT = 0.0015  # metres: the hull ends this far above the floor, so that no two surfaces coincide

Span = tuple[Doubles, Doubles]
"""Where each ray (R, C) enters and leaves something, in metres of depth along the camera's forward axis."""


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Nodes over the silhouette: ``solid`` (R, C); ``rays`` (R, C, 3) and ``eye`` (3,) in the product's frame.

    ``view`` (3, 4): from points of that frame to (column, row) of the nodes, homogeneous. ``frame``: the part of the
    photo, in its pixels, that the nodes span: left, top, right, bottom.
    """

    solid: Bools
    rays: Doubles
    eye: Doubles
    view: Doubles
    frame: tuple[float, float, float, float]

    @classmethod
    def over(cls, cutout: Cutout, placement: Placement) -> Lattice:
        """Nodes over the photo's silhouette, their rays by the picture's own camera: the two then agree exactly."""
        alpha = cutout.alpha
        rows, cols = np.flatnonzero(alpha.max(axis=1) > COVERED), np.flatnonzero(alpha.max(axis=0) > COVERED)
        if not rows.size:
            rows, cols = np.arange(alpha.shape[0]), np.arange(alpha.shape[1])
        area = float((alpha > COVERED).sum())
        step = max(1.0, max(np.ptp(rows), np.ptp(cols)) / ACROSS, np.sqrt(area / NODES))
        v = np.arange(rows[0] - step, rows[-1] + 1 + 2 * step, step)
        u = np.arange(cols[0] - step, cols[-1] + 1 + 2 * step, step)
        smooth = ndimage.uniform_filter(alpha, size=max(1, round(step)), mode="constant") if step > 1.5 else alpha
        grid_v, grid_u = np.meshgrid(v, u, indexing="ij")
        value = ndimage.map_coordinates(smooth, [grid_v - 0.5, grid_u - 0.5], order=1, mode="constant")
        flat = np.column_stack([grid_u.ravel(), grid_v.ravel(), np.ones(grid_u.size)]) @ placement.warp.T
        turn = turn_of(placement.yaw_deg)
        camera = placement.camera
        rays = camera.rays(flat[:, :2] / flat[:, 2:]) @ turn
        eye = (np.asarray(camera.position, float) - placement.position) @ turn
        lens = np.array([[camera.focal, 0, camera.cx], [0, camera.focal, camera.cy], [0, 0, 1]])
        to_nodes = np.array([[1 / step, 0, -u[0] / step], [0, 1 / step, -v[0] / step], [0, 0, 1]])
        looking = lens @ camera.rotation @ turn
        view = to_nodes @ np.linalg.inv(placement.warp) @ np.column_stack([looking, -looking @ eye])
        frame = (float(u[0]), float(v[0]), float(u[-1]), float(v[-1]))
        return cls(value > COVERED, rays.reshape(*grid_u.shape, 3), eye, view, frame)

    def at(self, depth: Doubles) -> Doubles:
        """Points (R, C, 3) at that depth along the rays."""
        return np.asarray(self.eye + self.rays * depth[..., None])

    def nodes(self, points: Doubles) -> Doubles:
        """Column and row (N, 2), with fractions, of the nodes that points (N, 3) lie behind."""
        flat = np.column_stack([points, np.ones(len(points))]) @ self.view.T
        return np.asarray(flat[:, :2] / np.where(np.abs(flat[:, 2:]) > 1e-9, flat[:, 2:], np.nan))

    def sees(self, points: Doubles) -> float:
        """Share of points (N, 3) that lie behind solid nodes."""
        nodes = np.rint(self.nodes(points))
        rows, cols = self.solid.shape
        inside = np.all((nodes >= 0) & (nodes < (cols, rows)), axis=1)
        col, row = nodes[inside].astype(int).T
        return float(self.solid[row, col].sum() / max(len(points), 1))

    def covers(self, across: Doubles, height: float) -> float:
        """Share of places (N, 2), lifted to ``height`` metres, that lie behind solid nodes."""
        return self.sees(np.column_stack([across, np.full(len(across), height)]))

    def depth_of(self, point: Doubles) -> Doubles:
        """Along each ray, where it meets the upright plane through ``point`` (..., 3) that faces the camera."""
        facing = -self.eye * np.array([1, 1, 0])
        facing /= max(float(np.linalg.norm(facing)), 1e-9)
        along = self.rays @ facing
        distance = (point - self.eye) @ facing
        return np.asarray(distance / np.where(np.abs(along) < 1e-6, 1e-6, along))

    def down_to(self, height: float) -> Doubles:
        """Along each ray, the depth at which it has sunk to ``height`` metres; inf where it does not sink."""
        sinks = self.rays[..., 2] < -1e-6
        return np.where(sinks, (height - self.eye[2]) / np.where(sinks, self.rays[..., 2], -1), np.inf)

    def stretch(self) -> Doubles:
        """Metres of ray to one metre of depth."""
        return np.asarray(np.linalg.norm(self.rays, axis=-1))


def turn_of(yaw_deg: float) -> Doubles:
    """Rotation (3, 3) about the vertical, for column vectors."""
    c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
