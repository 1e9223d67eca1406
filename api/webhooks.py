"""Who is told of scenes outside: for whoever administers the service."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import Administering
from api.deps import Here
from api.errors import responses
from api.once import Once, OnceRoute
from api.paging import lead_on
from workers.records import once, webhooks
from workers.records.pages import LARGEST_PAGE

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=OnceRoute)

Id = Annotated[str, Path(max_length=40)]


class WebhookIn(BaseModel):
    """Where news is to be posted to."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"url": "https://shop.example/hook"}]})

    url: str = Field(max_length=webhooks.LONGEST_URL)


class WebhookOut(BaseModel):
    """An address that is told of scenes."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    url: str
    created_at: datetime
    created_by: str
    last_taken_at: datetime | None = Field(description="When it took something last.")
    disabled_at: datetime | None
    disabled_why: str


class WebhookAdded(WebhookOut):
    """A new webhook with the secret that its receiver checks signatures with."""

    secret: str = Field(description="Standard Webhooks' form: whsec_ and base64. Shown only here.")


class WebhookList(BaseModel):
    """All webhooks."""

    items: list[WebhookOut]


class DeliveryOut(BaseModel):
    """One piece of news to one webhook."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    webhook_id: str
    message_id: str = Field(description="What the receiver sees as webhook-id.")
    at: datetime
    tries: int
    send_after: datetime
    sent_at: datetime | None = Field(description="When it was taken.")
    given_up_at: datetime | None
    status: int | None = Field(description="What the receiver answered last.")
    error: str | None


class DeliveryPage(BaseModel):
    """Some deliveries, the newest first."""

    items: list[DeliveryOut]
    next_cursor: str | None


@router.post(
    "", operation_id="addWebhook", summary="Tell an address of scenes", status_code=201, responses=responses(403, 422)
)
def add_webhook(context: Here, person: Administering, hold: Once, wanted: Annotated[WebhookIn, Body()]) -> WebhookAdded:
    """It hears of every scene that is made, judged, published, failed or cancelled from now on."""
    secure = context.settings.environment == "production"
    with context.database.transaction() as session:
        if hold and hold.made:
            return WebhookAdded.model_validate(webhooks.get(session, hold.made))
        hook = webhooks.add(session, wanted.url, person.name, secure=secure)
        if hold:
            once.seal(session, hold, hook.id)
        return WebhookAdded.model_validate(hook)


@router.get("", operation_id="listWebhooks", summary="All webhooks", responses=responses(403))
def list_webhooks(context: Here, _: Administering) -> WebhookList:
    """The newest first, without their secrets."""
    with context.database.reading() as session:
        return WebhookList(items=[WebhookOut.model_validate(hook) for hook in webhooks.listed(session)])


@router.post(
    "/{webhook_id}/disable", operation_id="disableWebhook", summary="Tell it nothing", responses=responses(403, 404)
)
def disable_webhook(context: Here, person: Administering, webhook_id: Id) -> WebhookOut:
    """What happens until it is enabled again it never hears."""
    with context.database.transaction() as session:
        return WebhookOut.model_validate(webhooks.disable(session, webhook_id, person.name, "by hand"))


@router.post(
    "/{webhook_id}/enable", operation_id="enableWebhook", summary="Tell it again", responses=responses(403, 404)
)
def enable_webhook(context: Here, person: Administering, webhook_id: Id) -> WebhookOut:
    """It hears first what it had not taken."""
    with context.database.transaction() as session:
        return WebhookOut.model_validate(webhooks.enable(session, webhook_id, person.name))


@router.post(
    "/{webhook_id}/test",
    operation_id="testWebhook",
    summary="Send it a piece of news that means nothing",
    status_code=202,
    responses=responses(403, 404, 409),
)
def test_webhook(context: Here, person: Administering, webhook_id: Id) -> DeliveryOut:
    """Signed, retried and listed as any other; its type is ``imagegen.test``."""
    with context.database.transaction() as session:
        return DeliveryOut.model_validate(webhooks.send_test(session, webhook_id, person.name))


@router.get("/deliveries", operation_id="listDeliveries", summary="What was sent", responses=responses(403, 422))
def list_deliveries(
    request: Request,
    response: Response,
    context: Here,
    _: Administering,
    webhook: Annotated[str | None, Query(max_length=40)] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
) -> DeliveryPage:
    """A page of deliveries; ``Link: rel="next"`` leads to the one after it."""
    with context.database.reading() as session:
        page = webhooks.page(session, webhook, cursor, limit)
    lead_on(request, response, page.next_cursor)
    return DeliveryPage(items=[DeliveryOut.model_validate(row) for row in page.items], next_cursor=page.next_cursor)


@router.post(
    "/deliveries/{delivery_id}/replay",
    operation_id="replayDelivery",
    summary="Send it again",
    status_code=202,
    responses=responses(403, 404),
)
def replay_delivery(context: Here, person: Administering, delivery_id: Id) -> DeliveryOut:
    """Taken or given up, it goes out once more under its own webhook-id."""
    with context.database.transaction() as session:
        return DeliveryOut.model_validate(webhooks.replay(session, delivery_id, person.name))
