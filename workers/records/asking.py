"""How a scene comes into the records."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from imagegen.errors import BadRequestError
from imagegen.lifecycle import State
from workers import companions, traces
from workers.errors import StateConflictError
from workers.records import events, products, quotas
from workers.records.models import Product, Scene
from workers.records.session import now
from workers.scene_model import SceneRequest

MAX_ATTEMPTS = 3
DEFAULT_ENGINE = "render"


def new_id(milliseconds: float) -> str:
    """24 hexadecimal digits that grow with time: 12 of milliseconds, 12 of chance."""
    return f"{int(milliseconds):012x}{secrets.token_hex(6)}"


def ask(
    session: Session,
    request: SceneRequest,
    *,
    engine: str = DEFAULT_ENGINE,
    by: str = "",
    bulk_id: str | None = None,
    max_attempts: int = MAX_ATTEMPTS,
) -> list[Scene]:
    """One queued scene for each variant, all in one group; send their ids after the commit.

    Whatever is asked of ``companions.check`` holds of the companions, or its errors are raised.

    ``engine`` is used when the request names none. Raises NotFoundError when the product does not exist and
    StateConflictError when it has no photo, BadRequestError when it has not the one that is named. Whether style and
    room exist is the caller's to check: it has the library.
    """
    product = products.get(session, request.sku)
    companions.check(session, request.companions)
    if not product.photos:
        raise StateConflictError(
            f"The product {product.sku} has no photo, so it cannot be shown.", hint="Add a photo first.", where="sku"
        )
    if request.photo is not None and request.photo >= len(product.photos):
        raise BadRequestError(
            f"The product {product.sku} has no photo {request.photo}.",
            hint=f"It has {len(product.photos)}; they count from 0.",
            where="photo",
        )
    group = new_id(now(session).timestamp() * 1000)
    asked = [
        add(
            session,
            request.model_copy(update={"variant": request.variant + step}),
            engine=engine,
            group_id=group,
            by=by,
            bulk_id=bulk_id,
            max_attempts=max_attempts,
        )
        for step in range(request.variants)
    ]
    for scene in asked:
        _complete(scene, product)
    return asked


def _complete(scene: Scene, product: Product) -> None:
    """What a new scene has besides is known and need not be read: it is shown after its session has ended."""
    for column in Scene.__mapper__.column_attrs:
        if column.key not in scene.__dict__:
            set_committed_value(scene, column.key, None)
    for name, value in {"product": product, "decisions": [], "publication": None}.items():
        set_committed_value(scene, name, value)


def add(
    session: Session,
    request: SceneRequest,
    *,
    engine: str,
    group_id: str,
    by: str,
    parent_id: str | None = None,
    bulk_id: str | None = None,
    max_attempts: int = MAX_ATTEMPTS,
) -> Scene:
    """One queued scene. Raises QuotaError."""
    quotas.check_scene(session)
    at = now(session)
    settled = request.model_copy(update={"engine": request.engine or engine, "variants": 1})
    scene = Scene(
        id=new_id(at.timestamp() * 1000),
        group_id=group_id,
        parent_id=parent_id,
        bulk_id=bulk_id,
        sku=request.sku,
        style=request.style,
        room=request.room,
        engine=settled.engine,
        quality=request.quality,
        request=settled.model_dump(mode="json", exclude={"variants"}),
        asked_by=by,
        trace=traces.traceparent(),
        state=State.QUEUED,
        stage="",
        share=0.0,
        attempt=0,
        max_attempts=max_attempts,
        send_after=at,
        events=1,
        findings=[],
        seconds={},
        created_at=at,
        updated_at=at,
    )
    session.add(scene)
    session.flush()
    events.write(session, scene.id, 1, at, "state", {"state": str(State.QUEUED), "by": by})
    return scene
