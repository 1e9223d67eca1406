"""Photos from other people's servers, fetched so that an address can never be used to reach our own network.

A name is resolved once and the connection goes to that very address (what is checked is what is used: a second
look-up could answer differently). Only public addresses, only http and https, every redirect checked anew, bytes
and seconds limited.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from workers.errors import RemotePhotoError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

MAX_REDIRECTS = 3
LONGEST_URL = 2000
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open internet, also when it is wrapped in an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Pinned:
    """A request's address by number; its name stays in Host and in TLS."""

    url: httpx.URL
    headers: dict[str, str]
    extensions: dict[str, str]


def pin(url: str, permit: Callable[[Address], bool], resolve: Resolve) -> Pinned:
    """The one address that was checked. Raises RemotePhotoError for what may not be reached."""
    try:
        parsed = httpx.URL(url) if len(url) <= LONGEST_URL else httpx.URL("")
    except httpx.InvalidURL as error:
        raise RemotePhotoError("This is not a web address.", where=_short(url)) from error
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        raise RemotePhotoError("Only plain http and https addresses are asked.", where=_short(url))
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    address = _checked(parsed.host, port, url, permit, resolve)
    return Pinned(
        parsed.copy_with(host=address, fragment=None),
        {"Host": parsed.netloc.decode("ascii")},
        {"sni_hostname": parsed.host},
    )


def _checked(host: str, port: int, url: str, permit: Callable[[Address], bool], resolve: Resolve) -> str:
    try:
        found = resolve(host, port)
        addresses = [ipaddress.ip_address(text.split("%")[0]) for text in found]
    except (OSError, ValueError) as error:
        raise RemotePhotoError(f"There is no server named {host[:100]}.", where=_short(url)) from error
    if not addresses or not all(permit(address) for address in addresses):
        raise RemotePhotoError(
            f"{host[:100]} lies in a private network, which is not asked from here.",
            hint="Upload the photo, or put it on a public server.",
            where=_short(url),
        )
    return str(addresses[0])


@dataclass(frozen=True, slots=True)
class RemotePhotos:
    """Fetches photos within limits. ``permit`` says which addresses may be reached."""

    max_bytes: int = 25_000_000
    timeout_s: float = 20.0
    permit: Callable[[Address], bool] = is_public
    resolve: Resolve = resolve

    def __call__(self, url: str) -> bytes:
        """The body at ``url``. Raises RemotePhotoError that says why not."""
        deadline = time.monotonic() + self.timeout_s
        with httpx.Client(trust_env=False, follow_redirects=False) as client:
            for _ in range(MAX_REDIRECTS + 1):
                body, onward = self._once(client, url, deadline)
                if onward is None:
                    return body
                url = onward
        raise RemotePhotoError(f"More than {MAX_REDIRECTS} redirects.", where=_short(url))

    def _once(self, client: httpx.Client, url: str, deadline: float) -> tuple[bytes, str | None]:
        request = self._pinned(client, url, deadline)
        try:
            response = client.send(request, stream=True)
            try:
                return self._read(response, url, deadline)
            finally:
                response.close()
        except httpx.TimeoutException as error:
            raise self._too_slow(url) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise RemotePhotoError(f"The server did not answer: {error}.", where=_short(url)) from error

    def _pinned(self, client: httpx.Client, url: str, deadline: float) -> httpx.Request:
        """A request that goes to the one address that was checked."""
        pinned = pin(url, self.permit, self.resolve)
        wait = max(0.1, deadline - time.monotonic())
        return client.build_request(
            "GET",
            pinned.url,
            headers=pinned.headers | {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "imagegen"},
            extensions=pinned.extensions,
            timeout=httpx.Timeout(wait),
        )

    def _read(self, response: httpx.Response, url: str, deadline: float) -> tuple[bytes, str | None]:
        if response.is_redirect:
            return b"", urljoin(url, response.headers["location"])
        if response.status_code != httpx.codes.OK:
            raise RemotePhotoError(f"The server answered {response.status_code}.", where=_short(url))
        if response.headers.get("content-encoding", "identity") != "identity":
            raise RemotePhotoError("The server sent a compressed answer.", where=_short(url))
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self.max_bytes:
                raise RemotePhotoError(f"The file is larger than {self.max_bytes / 1e6:.0f} MB.", where=_short(url))
            if time.monotonic() > deadline:
                raise self._too_slow(url)
        return bytes(body), None

    def _too_slow(self, url: str) -> RemotePhotoError:
        return RemotePhotoError(f"The server took longer than {self.timeout_s:.0f} s.", where=_short(url))


def _short(url: str) -> str:
    return url[:200]
