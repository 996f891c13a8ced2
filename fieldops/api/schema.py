"""What the OpenAPI schema says beyond what the views say themselves."""

from typing import Any

ERROR = {
    "type": "object",
    "description": "The one shape of everything that went wrong.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "properties": {
                "code": {"type": "string", "description": "Stable, for programs."},
                "message": {"type": "string", "description": "For people."},
                "fields": {
                    "type": "object",
                    "description": "What is wrong with which field; that of a line is "
                    "called `lines.0.quantity`.",
                    "additionalProperties": {
                        "type": "array",
                        "items": {"type": "string"},
                    },
                },
            },
        }
    },
}
_REFUSED = {
    "description": "Refused.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
METHODS = {"get", "post", "put", "patch", "delete"}


def add_errors(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Every operation may answer with an error; the schema says so once for each."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    for path in result["paths"].values():
        for method in METHODS & set(path):
            path[method]["responses"]["default"] = _REFUSED
    return result
