"""Stored files on their way to a browser: tagged, cached, and never taken for anything but what they are."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request, Response

from api.scenes.service import File

FOR_EVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"


def file_response(
    request: Request, tag: str, make: Callable[[], File], *, download: bool = False, version: str = ""
) -> Response:
    """A file, or 304 when the caller has it already (``tag`` is known before the file is made).

    A caller that names the right version in the address may keep the file for ever.
    """
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": FOR_EVER if version and tag.startswith(version) else ASK_AGAIN,
        "X-Content-Type-Options": "nosniff",
    }
    if tag and _matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    file = make()
    headers["Content-Disposition"] = f'{"attachment" if download else "inline"}; filename="{file.name}"'
    # A picture opened as a page of its own runs nothing.
    headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return Response(file.data, media_type=file.media_type, headers=headers)


def _matches(header: str, tag: str) -> bool:
    named = [part.strip().removeprefix("W/").strip('"') for part in header.split(",")]
    return tag in named or named == ["*"]
