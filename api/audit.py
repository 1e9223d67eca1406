"""Who did what: the log, for whoever administers the service."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.auth import Administering
from api.deps import Here
from api.errors import responses
from api.paging import lead_on
from workers.records import audit
from workers.records.pages import LARGEST_PAGE

router = APIRouter(prefix="/v1/audit", tags=["audit"])


class Line(BaseModel):
    """One thing that somebody did."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    by: str = Field(examples=["Lena (desk)"])
    action: str = Field(examples=["approve"])
    kind: str = Field(description="What it was done to: scene, product, key, person, webhook.")
    subject: str = Field(description="The scene's id, the product's sku, the person's id, ...")
    detail: dict[str, Any] = Field(description="What was said, or each changed fact as [before, after].")


class Log(BaseModel):
    """Some lines of the log, the newest first."""

    items: list[Line]
    next_cursor: str | None


@router.get("", operation_id="readAudit", summary="Who did what, newest first", responses=responses(403, 422))
def read_audit(
    request: Request,
    response: Response,
    context: Here,
    _: Administering,
    by: Annotated[str | None, Query(max_length=200)] = None,
    action: Annotated[str | None, Query(max_length=16)] = None,
    kind: Annotated[str | None, Query(max_length=16)] = None,
    subject: Annotated[str | None, Query(max_length=64)] = None,
    since: Annotated[AwareDatetime | None, Query(description="From then on.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before then.")] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
) -> Log:
    """A page of the log, which is only ever added to; ``Link: rel="next"`` leads to the one after it."""
    with context.database.reading() as session:
        page = audit.page(session, audit.Sought(by, action, kind, subject, since, until), cursor, limit)
    lead_on(request, response, page.next_cursor)
    return Log(items=[Line.model_validate(line) for line in page.items], next_cursor=page.next_cursor)
