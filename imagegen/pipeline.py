"""The one way through, from a packshot to a scene: the only file that knows the order of the stages."""

from __future__ import annotations

from functools import partial

from imagegen import (
    checks,
    composite,
    cutouts,
    engines,
    glow,
    hull,
    images,
    machine,
    photos,
    placement,
    pose,
    recipe,
    renderer,
    rooms,
    sets,
)
from imagegen.clock import Clock, silent
from imagegen.job import Job, Kit, open_rooms, planned
from imagegen.protocols import Made, Progress, Staged
from imagegen.types import Pose, Product, Scene, Seen


def make_scene(job: Job, progress: Progress = silent, kit: Kit | None = None) -> Scene:
    """A finished, checked picture of the product in a room.

    ``progress`` is called between stages and may raise CancelledError. Raises InputError for what the caller can
    mend and EngineError for what this machine cannot do; a picture that merely fails its checks is returned.
    """
    kit, clock = kit or Kit(), Clock(progress)
    made = make(job, clock, kit)
    written = recipe.record(planned(job, kit), made.staged, machine.fingerprint(), made.others, made.notes)
    return Scene(made.composed.picture, made.findings, written, clock.seconds)


def camera_of(photo: bytes, product: Product, cutter: str | None, kit: Kit) -> Pose:
    """The camera of one photo of a product. Raises InputError."""
    decoded = images.decode(photo)
    cutout = cutouts.choose(decoded, cutter, kit.cutter_weights).cut(decoded)
    return pose.solve_pose(cutout, product)


def make(job: Job, clock: Clock, kit: Kit) -> Made:
    """All the stages in their order; what each of them gave. Raises what ``make_scene`` does."""
    product, settings = job.product, job.settings
    style = kit.library.style(job.style)
    stages = {room.slug: rooms.furnished(style, room) for room in open_rooms(job, kit.library)}
    engine = engines.load(job.engine, kit.equipment)

    look = partial(_look, job, clock, kit)
    views, passed_over = photos.look_through(partial(look, product), photos.numbered(job.photos, job.photo))
    place = clock("placement", placement.place, views, product, list(stages.values()), settings, job.placement)
    view, room = next(v for v in views if v.photo == place.photo), kit.library.room(job.style, place.room)
    guests = sets.invited(look, job.companions)
    stays = partial(rooms.standing, style, room, place, product)
    seated, left_out = clock("placement", sets.seated, placement.join, guests, product, place, stages[room.slug], stays)
    others = [(guest.product, spot) for guest, spot in seated]
    geometry = clock("room", rooms.build, style, room, place, product, settings, others)
    body = clock("hull", hull.carve, view.cutout, view.pose, place, product)
    geometry, body = glow.kindled(geometry, body, product, lamp_on=settings.lamp_on)
    staged = Staged(product, style, room, view.cutout, view.pose, place, geometry, body, settings)
    companions = clock("hull", sets.beside, hull.carve, staged, seated)
    passes = clock(
        "render",
        renderer.render,
        geometry,
        place.camera,
        staged.hull,
        samples=settings.samples,
        seed=settings.seed,
        others=[each.hull for each in companions],
        progress=clock.within("render"),
    )
    layers = clock("light", sets.lit, composite.light, staged, companions, passes)
    laid = sets.order(staged, companions)
    front = sets.front(layers, laid, (staged, *companions))
    draft = clock("engine", engine.finish, staged, passes, front, clock.within("engine"))
    composed, beside = clock("composite", sets.compose, composite.over, layers, laid, draft)
    judged = clock("checks", checks.judge, staged, passes, composed)
    theirs = clock("checks", sets.judged, checks.judge_companion, companions, passes, beside)
    doubts = (*passed_over, *view.cutout.findings, *view.pose.findings, *place.findings, *draft.findings)
    return Made(staged, passes, composed, (*doubts, *judged, *left_out, *theirs), companions, draft.notes)


def _look(job: Job, clock: Clock, kit: Kit, product: Product, number: int, data: bytes) -> Seen:
    """One photo's own stages: what it shows of the product, and from where."""
    photo = clock("decode", images.decode, data)
    cutter = cutouts.choose(photo, job.cutter, kit.cutter_weights)
    cutout = clock("cutout", cutter.cut, photo)
    return Seen(number, photo.sha256, cutout, clock("pose", pose.solve_pose, cutout, product))
