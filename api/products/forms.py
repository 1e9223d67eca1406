"""A product as it is handed in: JSON with the addresses of photos, or a form with the photos themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.products.schemas import ProductJson
from workers.catalog_model import ProductIn

FILES = frozenset({"photo", "alpha"})
MOST_FILES, MOST_FIELDS = 24, 64
LONGEST_FIELD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo's bytes with its mask's, if it has one."""

    name: str
    data: bytes
    alpha: bytes | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """A product's facts and photos. ``addresses`` None and no uploads: the stored photos stay."""

    facts: ProductIn
    uploads: tuple[Upload, ...] = ()
    addresses: tuple[str, ...] | None = None

    @property
    def has_photos(self) -> bool:
        """Whether this says anything of photos."""
        return bool(self.uploads) or self.addresses is not None


async def handed(request: Request) -> Handed:
    """The product in a request's body. Raises RequestValidationError, or HTTPException 415 for other bodies."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _from_json(await request.body())
    if kind == "multipart/form-data":
        async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD) as form:
            return await _from_form(form)
    raise HTTPException(415, "Send application/json or multipart/form-data.")


HandedIn = Annotated[Handed, Depends(handed)]


def _from_json(body: bytes) -> Handed:
    try:
        product = ProductJson.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(error) from error
    addresses = None if product.photos is None else tuple(str(url) for url in product.photos)
    return Handed(product.facts(), addresses=addresses)


async def _from_form(form: FormData) -> Handed:
    facts: dict[str, Any] = {}
    for name, value in form.multi_items():
        if name in FILES or name == "photo_url":
            continue
        if isinstance(value, UploadFile):
            raise _fault(name, "is not a field that takes a file")
        if value.strip():  # an empty input of a form is one that was not filled in
            facts.setdefault(name, []).append(value)
    joined = {name: ", ".join(values) if name == "tags" else values[-1] for name, values in facts.items()}
    try:
        product = ProductIn.model_validate(joined)
    except ValidationError as error:
        raise _invalid(error) from error
    photos, masks = await _files(form, "photo"), await _files(form, "alpha")
    if len(masks) > len(photos):
        raise _fault("alpha", "there are more masks than photos")
    masked = [data for _, data in masks] + [None] * (len(photos) - len(masks))
    uploads = tuple(Upload(name, data, mask) for (name, data), mask in zip(photos, masked, strict=True))
    addresses = tuple(url for url in form.getlist("photo_url") if isinstance(url, str) and url)
    return Handed(product, uploads, addresses or None)


async def _files(form: FormData, name: str) -> list[tuple[str, bytes]]:
    """The files of a field; a file input that was left empty sends one without a name."""
    given = form.getlist(name)
    if any(isinstance(value, str) and value for value in given):
        raise _fault(name, "must be a file")
    files = [value for value in given if isinstance(value, UploadFile) and (value.filename or value.size)]
    return [((file.filename or name)[:200], await file.read()) for file in files]


def _invalid(error: ValidationError) -> RequestValidationError:
    entries = error.errors(include_url=False, include_context=False, include_input=False)
    return RequestValidationError([entry | {"loc": ("body", *entry["loc"])} for entry in entries])


def _fault(name: str, message: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", name), "msg": message, "type": "value_error"}])
