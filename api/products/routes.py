"""Putting products into the catalog and looking at them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from api.auth import Writing
from api.deps import Here
from api.errors import responses
from api.files import file_response
from api.once import OnceRoute
from api.paging import lead_on
from api.products import service
from api.products.forms import HandedIn
from api.products.schemas import (
    ProductChanged,
    ProductOut,
    ProductPage,
    changed,
    product_out,
    product_page,
    request_body,
)
from api.scenes.service import photo, tag_of
from imagegen.images import MAX_WIDTH
from workers.records.pages import LARGEST_PAGE

router = APIRouter(prefix="/v1/products", tags=["products"], route_class=OnceRoute)

Sku = Annotated[str, Path(max_length=64, examples=["SOFA-1"])]


@router.post(
    "",
    operation_id="putProduct",
    summary="Put a product into the catalog",
    status_code=201,
    responses={200: {"model": ProductChanged, "description": "It was there already"}, **responses(403, 413, 415, 422)},
    openapi_extra={"requestBody": request_body()},
)
def put_product(context: Here, person: Writing, given: HandedIn, response: Response) -> ProductChanged:
    """As JSON with the addresses of photos, or as a form with the photos themselves.

    The same product again changes nothing; other facts update it. Photos are decoded and rewritten: only their
    pixels are kept, in sRGB, upright.
    """
    product, change = service.put(context, given, person.name)
    response.status_code = 201 if change == "created" else 200
    response.headers["Location"] = f"/v1/products/{product.sku}"
    return changed(product, change)


@router.get("", operation_id="listProducts", summary="The catalog, by sku", responses=responses(422))
def list_products(
    request: Request,
    response: Response,
    context: Here,
    category: Annotated[str | None, Query(max_length=64)] = None,
    q: Annotated[str, Query(max_length=100, description="Looked for in sku and name.")] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
) -> ProductPage:
    """A page of products; ``Link: rel="next"`` leads to the one after it."""
    page = service.page(context, category, q, cursor, limit)
    lead_on(request, response, page.next_cursor)
    return product_page(page)


@router.get("/{sku}", operation_id="getProduct", summary="One product", responses=responses(404))
def get_product(context: Here, sku: Sku) -> ProductOut:
    """Its facts and photos."""
    return product_out(service.get(context, sku))


@router.get(
    "/{sku}/photos/{position}",
    operation_id="getProductPhoto",
    summary="A product's photo",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}, "image/png": {}, "image/webp": {}}, "description": "The photo"},
        **responses(404, 422),
    },
)
def get_product_photo(
    request: Request,
    context: Here,
    sku: Sku,
    position: Annotated[int, Path(ge=0, le=1000)],
    form: Annotated[Literal["jpeg", "png", "webp"], Query(alias="format")] = "webp",
    width: Annotated[int | None, Query(ge=16, le=MAX_WIDTH)] = None,
    v: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The stored pixels; a transparent background stays transparent but in JPEG."""
    product = service.get(context, sku)
    key = next((stored.key for stored in product.photos if stored.position == position), None)
    known = tag_of(key, form, width) if key else ""
    return file_response(request, known, lambda: photo(context, product, position, form, width), version=v)
