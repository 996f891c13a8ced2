"""How often somebody may try a password: per account and per address."""

from hashlib import sha256
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle


class SignInByAddress(AnonRateThrottle):
    scope = "sign-in-address"


class SignInByAccount(SimpleRateThrottle):
    scope = "sign-in-account"

    def get_cache_key(self, request: Request, view: Any) -> str:
        sent = request.data if isinstance(request.data, dict) else {}
        account = str(sent.get("username", "")).strip().casefold()
        # A digest: whatever was typed must not become a part of the cache's key.
        ident = sha256(account.encode()).hexdigest()
        return self.cache_format % {"scope": self.scope, "ident": ident}
