"""Xero's own specification as a judge of the ledger's answers, when it is at hand."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

SHARED = Path(
    os.environ.get("FIELDOPS_SHARED", Path(__file__).parents[2].parent / "shared")
)
FILE = SHARED / "xero" / "spec" / "xero_accounting.yaml"
PREFIX = "/api.xro/2.0"
Json = Any


def is_at_hand() -> bool:
    return FILE.is_file()


@cache
def specification() -> dict[str, Json]:
    with FILE.open(encoding="utf-8") as text:
        loaded: dict[str, Json] = yaml.load(text, yaml.CSafeLoader)
    _keep_references_alone(loaded["components"]["schemas"])
    return loaded


def _keep_references_alone(node: Json) -> None:
    """A $ref with siblings means the reference only: OpenAPI 3.0 ignores the rest, and
    the siblings here (type: string beside an enumeration) add nothing."""
    if isinstance(node, dict):
        if "$ref" in node:
            reference = node["$ref"]
            node.clear()
            node["$ref"] = reference
        for value in node.values():
            _keep_references_alone(value)
    elif isinstance(node, list):
        for value in node:
            _keep_references_alone(value)


def check_answer(method: str, path: str, status: int, body: Json) -> None:
    """AssertionError when a 200 or 400 breaks the schema of its operation."""
    if status not in (200, 400) or not path.startswith(PREFIX):
        return
    pointer = _schema_pointer(method, path.removeprefix(PREFIX), status)
    errors = [
        f"{error.json_path}: {error.message[:200]}"
        for error in _validator(pointer).iter_errors(body)
    ]
    assert not errors, f"{method} {path} {status}: {errors[:5]}"


@cache
def _validator(pointer: str) -> Draft202012Validator:
    components = specification()["components"]
    return Draft202012Validator({"$ref": pointer, "components": components})


def _schema_pointer(method: str, path: str, status: int) -> str:
    if status == 400:
        return "#/components/schemas/Error"
    operation = _operation(method, path)
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return str(schema["$ref"])


def _operation(method: str, path: str) -> dict[str, Json]:
    spelled = re.sub("^/Organisations", "/Organisation", path).rstrip("/")
    paths = specification()["paths"]
    # A path of its own goes before a template that fits it as well.
    templates = [spelled, *(template for template in paths if _fits(template, spelled))]
    for template in templates:
        if method.lower() in paths.get(template, {}):
            operation: dict[str, Json] = paths[template][method.lower()]
            return operation
    raise AssertionError(f"the specification has no {method} {path}")


def _fits(template: str, path: str) -> bool:
    pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
    return re.fullmatch(pattern, path) is not None
