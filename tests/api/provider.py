"""A small OpenID provider on loopback: real keys, real codes, PKCE checked; it can be told to misbehave."""

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "imagegen", "the-clients-own-secret"


def new_key(kid):
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class Provider:
    """``claims`` stand in the tokens of whoever signs in next; ``wrong`` names what is to be wrong with them."""

    def __init__(self):
        self.key = new_key("one")
        self.claims = {"sub": "u-1", "email": "lena@house.example", "email_verified": True, "name": "Lena Maier"}
        self.wrong = ""
        self.codes, self.asked = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def metadata(self):
        return {
            "issuer": "https://other.example" if self.wrong == "issuer name" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def authorize(self, query):
        """What a browser gets that comes here: the address to go back to, with a code."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = {name: query[name] for name in ("nonce", "code_challenge", "redirect_uri")}
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form, authorization):
        """(status, body) of the token endpoint."""
        known = self.codes.pop(form.get("code", ""), None)
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if known is None or given != f"{CLIENT}:{SECRET}" or form.get("redirect_uri") != known["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if challenge.decode().rstrip("=") != known["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        return 200, {"access_token": "a", "token_type": "Bearer", "expires_in": 60} | self._id_token(known["nonce"])

    def _id_token(self, nonce):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": nonce, **self.claims}
        header, key, algorithms = {"alg": "RS256", "kid": self.key.kid}, self.key, ["RS256"]
        if self.wrong == "no token":
            return {}
        if self.wrong == "key":
            key = new_key(self.key.kid)
        if self.wrong == "our secret as key":
            header, key, algorithms = {"alg": "HS256"}, OctKey.import_key(SECRET), ["HS256"]
        if self.wrong == "no signature":
            parts = ({"alg": "none"}, claims)
            return {"id_token": ".".join([*(_b64(json.dumps(part).encode()) for part in parts), ""])}
        claims |= {
            "nonce": {"nonce": "another"},
            "audience": {"aud": "another"},
            "issuer": {"iss": "https://other.example"},
            "end": {"exp": now - 3600, "iat": now - 7200},
        }.get(self.wrong, {})
        return {"id_token": jwt.encode(header, claims, key, algorithms=algorithms)}

    def _handler(provider):  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                address = urlsplit(self.path)
                provider.asked.append(address.path)
                if address.path == "/authorize":
                    query = {name: values[0] for name, values in parse_qs(address.query).items()}
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(query))
                    self.end_headers()
                    return
                keys = {"keys": [provider.key.as_dict(private=False)]}
                pages = {"/.well-known/openid-configuration": provider.metadata(), "/jwks": keys}
                self.answer(200 if address.path in pages else 404, pages.get(address.path, {}))

            def do_POST(self):
                provider.asked.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self.answer(*provider.token(form, self.headers.get("Authorization", "")))

            def answer(self, status, told):
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


def _b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextlib.contextmanager
def running():
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()
