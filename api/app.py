"""The front doors, assembled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from anyio import to_thread
from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool

from api import audit, auth, crew, errors, guards, health, metrics, once, webhooks
from api.access import Access
from api.deps import THREADS, open_context
from api.errors import Problem, responses
from api.people import account, oidc
from api.people import routes as people
from api.previews import routes as previews
from api.products import routes as products
from api.review import admin, keys, pages, placing, reference, teams, verdicts
from api.review import people as admin_people
from api.review import routes as review
from api.scenes import routes as scenes
from api.stylebook import routes as stylebook
from workers.settings import Settings, get_settings

TAGS = [
    {"name": "products", "description": "The catalog: facts in centimetres, and photos."},
    {"name": "styles", "description": "The looks and the rooms they offer."},
    {"name": "scenes", "description": "Asking for pictures, following them, judging and publishing them."},
    {"name": "previews", "description": "A product laid into a room while somebody drags it; approximate."},
    {"name": "webhooks", "description": "Who is told of scenes outside, and what became of the telling."},
    {"name": "workers", "description": "Who makes the pictures, and with what."},
    {"name": "audit", "description": "Who approved, rejected, published and changed what."},
    {"name": "health", "description": "For whoever keeps the service running."},
]

FORM_BYTES = 1_000_000
"""What a form may weigh beside its photos."""

DESCRIPTION = """
Places catalog products at true scale into style-tagged rooms. A scene is asked for, made by a worker, checked, and
judged by a designer; only an approved one can be published. Errors are problem details (RFC 9457).
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API and the review desk. Raises SettingsError rather than open doors that are not safe."""
    settings = settings or get_settings()
    auth.check_settings(settings)
    oidc.check_settings(settings)
    app = FastAPI(
        title="Product scenes",
        summary="From packshots to room scenes that a designer has approved.",
        description=DESCRIPTION,
        version=_version(),
        openapi_tags=TAGS,
        lifespan=_lifespan,
        docs_url=None,
        openapi_url=None,
        redoc_url=None,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.state.context = open_context(settings)
    app.state.meters = metrics.Meters()
    app.state.problem_page = pages.problem_page
    errors.install(app)
    # The last one added is the first to see a request.
    app.add_middleware(guards.SameOrigin)
    app.add_middleware(guards.BodyLimit, upload=settings.max_upload_bytes + FORM_BYTES)
    app.add_middleware(Access, count=app.state.meters.count)
    app.add_middleware(guards.CarefulHeaders)
    app.include_router(health.router)
    app.include_router(metrics.router)  # says itself who may see them
    app.include_router(people.router, include_in_schema=False)
    guarded = [Depends(auth.person)]
    for router in (
        products.router,
        stylebook.router,
        scenes.router,
        previews.router,
        webhooks.router,
        crew.router,
        audit.router,
    ):
        app.include_router(router, dependencies=guarded, responses=responses(401, 429))
    for router in (
        review.router,
        placing.router,
        verdicts.router,
        admin.router,
        admin_people.router,
        keys.router,
        teams.router,
        account.router,
        reference.router,
    ):
        app.include_router(router, dependencies=guarded, include_in_schema=False)
    app.mount("/static", pages.static_files(), name="static")
    _describe(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The tables are brought up to date before the first request."""
    context = app.state.context
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    await run_in_threadpool(context.database.create_or_upgrade)
    yield
    await run_in_threadpool(context.messenger.close)
    context.database.close()


def _version() -> str:
    try:
        return version("imagegen")
    except PackageNotFoundError:  # run from a tree that is not installed
        return "0"


def _describe(app: FastAPI) -> None:
    """Errors leave as problem details; the schema says so instead of FastAPI's own form."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = original()
            schemas = schema["components"]["schemas"]
            schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            answer = responses(422)[422]
            for path in schema["paths"].values():
                for method, operation in path.items():
                    if method == "post" and operation["tags"] != ["previews"]:  # nothing to count: it makes no row
                        operation.setdefault("parameters", []).append(once.PARAMETER)
                    if "422" in operation["responses"]:
                        operation["responses"]["422"] = answer
                    if "requestBody" in operation:
                        operation["responses"]["400"] = responses(400)[400]  # a body that is no text at all
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the schema
