"""Products as they come and leave over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AnyHttpUrl, BaseModel, Field

from imagegen.types import Mount
from workers.catalog_model import Change, ProductIn
from workers.records.models import Product
from workers.records.pages import Page

EXAMPLE = {
    "sku": "SOFA-1",
    "name": "Nordby three-seater",
    "category": "sofa",
    "width_cm": 212,
    "depth_cm": 91,
    "height_cm": 78,
    "mount": "floor",
    "colour": "oat",
    "material": "bouclé",
    "tags": ["nordic", "bestseller"],
}


class ProductJson(ProductIn):
    """A product with the addresses of its photos. Without ``photos`` those that are stored stay."""

    photos: Annotated[list[AnyHttpUrl], Field(max_length=12)] | None = None

    def facts(self) -> ProductIn:
        """What the catalog keeps, without the addresses."""
        return ProductIn.model_validate(self.model_dump(exclude={"photos"}))


class PhotoOut(BaseModel):
    """A stored photo."""

    position: int
    width: int
    height: int
    source: str = Field(description="The file name or address that it came from.")
    link: str


class ProductOut(BaseModel):
    """A product of the catalog; centimetres."""

    sku: str
    name: str
    category: str
    width_cm: float
    depth_cm: float
    height_cm: float
    mount: str
    colour: str
    material: str
    tags: list[str]
    yaw_deg: float | None
    elevation_deg: float | None
    focal_mm: float | None
    photos: list[PhotoOut]
    created_at: datetime
    updated_at: datetime


class ProductChanged(ProductOut):
    """A product and what became of it: created, updated or unchanged."""

    change: Change


class ProductPage(BaseModel):
    """Some products by sku."""

    items: list[ProductOut]
    next_cursor: str | None


def product_out(product: Product) -> ProductOut:
    """A row as it leaves."""
    return ProductOut.model_validate(_facts(product))


def changed(product: Product, change: Change) -> ProductChanged:
    """A row and what became of it."""
    return ProductChanged.model_validate(_facts(product) | {"change": change})


def product_page(page: Page[Product]) -> ProductPage:
    """A page of rows."""
    return ProductPage(items=[product_out(product) for product in page.items], next_cursor=page.next_cursor)


def _facts(product: Product) -> dict[str, Any]:
    same = {name: getattr(product, name) for name in ProductOut.model_fields if name != "photos"}
    photos = [
        {
            "position": photo.position,
            "width": photo.width,
            "height": photo.height,
            "source": photo.source,
            "link": f"/v1/products/{product.sku}/photos/{photo.position}",
        }
        for photo in product.photos
    ]
    return same | {"photos": photos}


def request_body() -> dict[str, Any]:
    """What the OpenAPI page says of the two forms in which a product may come."""
    with_files = ProductIn.model_json_schema(ref_template="#/components/schemas/{model}")
    with_files.pop("$defs", None)
    with_files["properties"]["mount"] = {
        "enum": [str(mount) for mount in Mount],
        "description": "What holds it; told from the category when left out.",
    }
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    with_files["properties"] |= {
        "photo": files | {"description": "Photos, the preferred one first: JPEG, PNG, WebP, TIFF or AVIF."},
        "alpha": files | {"description": "Masks for the photos, in the same order."},
        "photo_url": {"type": "array", "items": {"type": "string", "format": "uri"}},
    }
    as_json = ProductJson.model_json_schema(ref_template="#/components/schemas/{model}")
    as_json.pop("$defs", None)
    as_json["properties"]["mount"] = with_files["properties"]["mount"]
    return {
        "required": True,
        "content": {
            "application/json": {"schema": as_json, "example": EXAMPLE},
            "multipart/form-data": {"schema": with_files},
        },
    }
