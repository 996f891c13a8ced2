"""What the ledger refuses, each with the status and body Xero answers.

SandboxError
|-- ElementRefused      one element broke a rule: becomes its ValidationErrors
`-- ApiError            the whole request is answered with an error
    |-- ValidationFailed, PostDataInvalid, QueryInvalid   400, JSON
    |-- Unauthorised, Forbidden                           401 / 403, problem JSON
    |-- NotFound                                          404, one HTML sentence
    `-- TextError                                         any status, plain text
"""

from collections.abc import Sequence

from xero_sync.sandbox.http import Response, json_response
from xero_sync.sandbox.wire import JsonObject


class SandboxError(Exception):
    """Base of everything the ledger refuses."""


class ElementRefused(SandboxError):
    """One element broke at least one rule; `record_id` when it named a known record."""

    def __init__(self, *messages: str, record_id: str | None = None) -> None:
        super().__init__(*messages)
        self.messages = messages
        self.record_id = record_id


class ApiError(SandboxError):
    """The whole request is refused."""

    def response(self) -> Response:
        raise NotImplementedError


class ValidationFailed(ApiError):
    """Error 10: at least one element of the request was refused."""

    def __init__(self, elements: Sequence[JsonObject]) -> None:
        super().__init__("A validation exception occurred")
        self.elements = list(elements)

    def response(self) -> Response:
        return json_response(
            {
                "ErrorNumber": 10,
                "Type": "ValidationException",
                "Message": "A validation exception occurred",
                "Elements": self.elements,
            },
            status=400,
        )


class RequestInvalid(ApiError):
    """A 400 without elements."""

    number = 10
    type = "ValidationException"

    def response(self) -> Response:
        body = {"ErrorNumber": self.number, "Type": self.type, "Message": str(self)}
        return json_response(body, status=400)


class PostDataInvalid(RequestInvalid):
    """Error 14: the body cannot be read, or a value is not of its type."""

    number = 14
    type = "PostDataInvalidException"


class QueryInvalid(RequestInvalid):
    """Error 16: where or order cannot be read."""

    number = 16
    type = "QueryParseException"


class Unauthorised(ApiError):
    """401 with the problem JSON; the detail says which kind."""

    status, title = 401, "Unauthorized"

    def __init__(self, detail: str, instance: str) -> None:
        super().__init__(detail)
        self.instance = instance

    def response(self) -> Response:
        body: JsonObject = {
            "Type": None,
            "Title": self.title,
            "Status": self.status,
            "Detail": str(self),
            "Instance": self.instance,
            "Extensions": {},
        }
        answer = json_response(body, status=self.status)
        if self.status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer error=invalid_token"
        return answer


class Forbidden(Unauthorised):
    """403: the tenant is missing, unknown or no longer connected."""

    status, title = 403, "Forbidden"


class NotFound(ApiError):
    """404: an unknown id or path."""

    def response(self) -> Response:
        sentence = "The resource you're looking for cannot be found"
        return Response(
            404, sentence.encode(), {"Content-Type": "text/html; charset=utf-8"}
        )


class TextError(ApiError):
    """Any status whose body is one plain sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status

    def response(self) -> Response:
        content_type = "text/plain; charset=utf-8"
        return Response(self.status, str(self).encode(), {"Content-Type": content_type})
