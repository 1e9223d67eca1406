"""What a picture says of its own making: an XMP packet (ISO 16684-1) with the IPTC's digital source type."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

from PIL import Image

from imagegen import recipe as recipes
from imagegen.errors import BadImageError

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The IPTC's vocabulary: an engine's ``source_type`` is the last word of such a URI."""

NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "imagegen": "https://imagegen.invalid/ns/1.0/",
}
for _prefix, _uri in NAMESPACES.items():
    ET.register_namespace(_prefix, _uri)

_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_TAIL = '<?xpacket end="r"?>'
LARGEST_PACKET = 65_000
"""A JPEG holds its XMP in one segment of 64 KiB; what we write and what we read stays below."""


def xmp(recipe: Mapping[str, Any], source_type: str) -> bytes:
    """An XMP packet for a picture: how it came about, with what, and the identity (sha256) of its recipe.

    ``source_type``: last word of the IPTC digital source type's URI, such as ``compositeSynthetic``. Only the
    product's name and the style's slug are told in words; nothing else of the recipe leaves the house.
    """
    root = ET.Element(_name("x", "xmpmeta"))
    described = ET.SubElement(ET.SubElement(root, _name("rdf", "RDF")), _name("rdf", "Description"))
    described.set(_name("rdf", "about"), "")
    described.set(_name("xmp", "CreatorTool"), f"imagegen {_version()}")
    described.set(_name("Iptc4xmpExt", "DigitalSourceType"), SOURCE_TYPES + source_type)
    described.set(_name("imagegen", "recipe"), recipes.identity(recipe))
    words = ET.SubElement(ET.SubElement(described, _name("dc", "description")), _name("rdf", "Alt"))
    line = ET.SubElement(words, _name("rdf", "li"), {"{http://www.w3.org/XML/1998/namespace}lang": "x-default"})
    line.text = _sentence(recipe)
    return f"{_HEAD}\n{ET.tostring(root, encoding='unicode')}\n{_TAIL}".encode()


def read_xmp(data: bytes) -> dict[str, str]:
    """What ``xmp`` wrote, read back from a JPEG, PNG or WebP.

    Keys: ``source_type`` (the URI), ``tool``, ``recipe`` (its identity), ``description``.
    Empty where the file carries no packet. Raises BadImageError when the file or its packet cannot be read.
    """
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    except Exception as error:  # decoders raise whatever they like when fed hostile bytes
        raise BadImageError("This is not an image that we can read.", hint="Send a JPEG, PNG or WebP file.") from error
    text = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else str(packet)
    if not text.strip():
        return {}
    # Entities are how a small packet becomes a huge one; XMP needs none.
    if len(text) > LARGEST_PACKET or "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadImageError("The file's XMP packet is not one that we read.", hint="Export the picture again.")
    try:
        root = ET.fromstring(text.replace("\ufeff", "").strip("\0 \n"))  # noqa: S314 - no doctype, no entities
    except ET.ParseError as error:
        raise BadImageError("The file's XMP packet is broken.", hint="Export the picture again.") from error
    described = root.find(f".//{_name('rdf', 'Description')}")
    if described is None:
        return {}
    told = {
        "source_type": described.get(_name("Iptc4xmpExt", "DigitalSourceType")),
        "tool": described.get(_name("xmp", "CreatorTool")),
        "recipe": described.get(_name("imagegen", "recipe")),
        "description": described.findtext(f".//{_name('dc', 'description')}//{_name('rdf', 'li')}"),
    }
    return {key: value for key, value in told.items() if value}


def _sentence(recipe: Mapping[str, Any]) -> str:
    product, style = recipe.get("product") or {}, recipe.get("style") or {}
    room = "photographed" if recipe.get("room_photo") else "rendered"
    told = f"{product.get('name') or product.get('sku') or 'A product'} in a {room} room"
    told += f", style {style['slug']}" if style.get("slug") else ""
    # Control characters have no place in XML, escaped or not; a name of a thousand letters none in a caption.
    return "".join(c for c in told if c.isprintable())[:400]


def _version() -> str:
    try:
        return version("imagegen")
    except PackageNotFoundError:
        return "unknown"


def _name(prefix: str, local: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{local}"
