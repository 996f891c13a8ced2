"""The import contracts cover every room, so that a new one cannot slip between them."""

import re
import tomllib

from tests.services import ROOT

COMMONS = {"templatetags", "ui", "common", "users", "demo"}


def layers_of(contract_id: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = (one for one in contracts if one["id"] == contract_id)
    return list(contract["layers"])


def rooms(layers: list[str]) -> set[str]:
    return {room for layer in layers for room in re.findall(r"[\w.]+", layer)}


def test_every_room_of_the_shell_stands_above_the_apps() -> None:
    shell = rooms(layers_of("shell-rooms")) - COMMONS
    first = rooms(layers_of("apps")[:1])
    assert sorted(first) == sorted(f"fieldops.{room}" for room in shell)
