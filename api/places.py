"""Where a request comes from: this machine, or another one."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from fastapi import Request


def is_here(request: Request) -> bool:
    """Whether browser and service are one machine, by the connection and by the name that was typed.

    A foreign page can have its own name resolve to this machine (DNS rebinding); the Host header gives it away.
    """
    return is_loopback(address(request)) and is_loopback(
        urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    )


def address(request: Request) -> str:
    """The other end of the connection."""
    return request.client.host if request.client else ""


def is_loopback(host: str) -> bool:
    """Whether the name or number means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
