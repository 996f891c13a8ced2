"""The token source of a run: stored tokens, renewed by one process at a time."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from xero_sync.client.auth import XeroAuth
from xero_sync.client.errors import XeroDisconnected, XeroUnavailable
from xero_sync.outcomes.drafts import TokenSet
from xero_sync.store.tokens import (
    StoredTokens,
    claim_refresh,
    read_tokens,
    release_refresh,
    save_tokens,
)

# Renewed a little early, so that a call does not set out with a token that dies on it.
EARLY = timedelta(minutes=2)
WAIT_FOR_ANOTHER = 5.0


class StoredTokenSource:
    def __init__(
        self, connection_id: int, auth: XeroAuth, clock: Callable[[], datetime]
    ) -> None:
        self._connection_id = connection_id
        self._auth = auth
        self._clock = clock

    def access_token(self) -> str:
        tokens = read_tokens(self._connection_id)
        if not tokens.access:
            raise XeroDisconnected("no token")
        if tokens.expires_at and tokens.expires_at - self._clock() < EARLY:
            return self.refresh(tokens.access)
        return tokens.access

    def refresh(self, rejected: str) -> str:
        """No transaction is open while Xero is asked: the claim on the row keeps others
        away, and the new tokens are stored before anybody uses them."""
        waited = 0.0
        while not claim_refresh(self._connection_id, now=self._clock()):
            current = read_tokens(self._connection_id).access
            if current != rejected:
                return current
            if waited >= WAIT_FOR_ANOTHER:
                raise XeroUnavailable("The connection is being renewed elsewhere.")
            time.sleep(0.1)
            waited += 0.1
        try:
            tokens = read_tokens(self._connection_id)
            if tokens.access != rejected:
                return tokens.access
            renewed = self._renew(tokens)
            save_tokens(self._connection_id, renewed, replaced=tokens.refresh)
            return renewed.access_token
        finally:
            release_refresh(self._connection_id)

    def _renew(self, tokens: StoredTokens) -> TokenSet:
        try:
            return self._auth.refresh(tokens.refresh)
        except XeroDisconnected:
            if not tokens.previous:
                raise
            return self._auth.refresh(tokens.previous)
