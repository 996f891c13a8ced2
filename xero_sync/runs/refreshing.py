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
    drop_previous,
    read_tokens,
    release_refresh,
    save_renewed,
)

# Renewed a little early, so that a call does not set out with a token that dies on it.
EARLY = timedelta(minutes=2)
WAIT_FOR_ANOTHER = 5.0
# Most are done in a moment; longer and longer, for one that was killed.
LOOK_FIRST, LOOK_EVERY = 0.1, 1.0


class StoredTokenSource:
    def __init__(
        self,
        connection_id: int,
        auth: XeroAuth,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection_id = connection_id
        self._auth = auth
        self._clock = clock
        self._sleep = sleep
        self._proven = ""
        self._known: StoredTokens | None = None

    def access_token(self) -> str:
        tokens = self._read()
        access = _present(tokens)
        if tokens.expires_at and tokens.expires_at - self._clock() < EARLY:
            return self.refresh(access)
        return access

    def worked(self, access: str) -> None:
        """Xero answered a call that carried it: the refresh token before is over."""
        if access == self._proven:
            return
        tokens = read_tokens(self._connection_id)
        if tokens.access == access:
            drop_previous(self._connection_id, tokens.fence)
        self._proven = access

    def refresh(self, rejected: str) -> str:
        """A token other than ``rejected``, which somebody else may have got by now.

        No transaction is open while Xero is asked: the claim on the row keeps others
        away, and the new tokens are stored before anybody uses them.
        """
        waited = 0.0
        while True:
            tokens = read_tokens(self._connection_id)
            if tokens.access != rejected:
                return _present(tokens)
            fence = claim_refresh(self._connection_id, now=self._clock())
            if fence is not None and self._renew(rejected, fence):
                continue
            if waited >= WAIT_FOR_ANOTHER:
                raise XeroUnavailable("The connection is being renewed elsewhere.")
            pause = min(LOOK_FIRST + waited, LOOK_EVERY)
            self._sleep(pause)
            waited += pause

    def _read(self) -> StoredTokens:
        """Those that were known already where nothing has changed: decrypted once."""
        tokens = read_tokens(self._connection_id)
        if tokens != self._known:
            self._known = tokens
        return self._known

    def _renew(self, rejected: str, fence: int) -> bool:
        """Whether there are other tokens now, ours or somebody else's."""
        try:
            tokens = read_tokens(self._connection_id)
            if tokens.access != rejected:
                return True
            renewed, used = self._ask(tokens)
            return save_renewed(
                self._connection_id,
                renewed,
                used=used,
                fence=fence,
                now=self._clock(),
            )
        except XeroDisconnected:
            # Of tokens that were replaced while Xero was asked, this says nothing.
            if read_tokens(self._connection_id).access == rejected:
                raise
            return True
        finally:
            release_refresh(self._connection_id, fence)

    def _ask(self, tokens: StoredTokens) -> tuple[TokenSet, str]:
        try:
            return self._auth.refresh(tokens.refresh), tokens.refresh
        except XeroDisconnected:
            if not tokens.previous:
                raise
            return self._auth.refresh(tokens.previous), tokens.previous


def _present(tokens: StoredTokens) -> str:
    access = tokens.access
    if not access:
        raise XeroDisconnected("no token")
    return access
