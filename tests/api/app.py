"""A field app: signed in on a device, speaking JSON, and nothing else."""

from typing import Any, Self

from rest_framework.test import APIClient

from fieldops.users.models import User


class App(APIClient):
    """Answers as (status, body); ``got`` and ``made`` for what must succeed, ``error``
    for the code of what must not."""

    @classmethod
    def signed_in(cls, user: User, *, device: str) -> Self:
        app = cls(enforce_csrf_checks=True)
        body = {"username": user.username, "password": "practice", "device": device}
        app.let_in(app.made("sign-in", body)["token"])
        return app

    def let_in(self, token: str) -> None:
        self.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        response = getattr(self, method)(
            f"/api/v1/{path}", body, headers=headers or None
        )
        return response.status_code, response.json() if response.content else None

    def got(self, path: str) -> Any:
        status, answer = self.call("get", path)
        assert status == 200, answer
        return answer

    def made(self, path: str, body: dict[str, Any]) -> Any:
        status, answer = self.call("post", path, body)
        assert status == 201, answer
        return answer

    def error(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        status, answer = self.call(method, path, body, **headers)
        assert set(answer) == {"error"}
        assert set(answer["error"]) == {"code", "message", "fields"}
        return status, answer["error"]["code"]
