"""What is started, and what the parts are told."""

import socket
from pathlib import Path

import pytest

from fieldops.launch.plan import (
    CannotStart,
    plan_from_environment,
    refuse_taken_ports,
    services_of,
)


def has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


LOOPBACK = ["127.0.0.1", "::1"] if has_ipv6() else ["127.0.0.1"]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PORT", "LEDGER_PORT", "REDIS_URL", "XERO_CLIENT_ID", "XERO_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FIELDOPS_VAR", str(tmp_path / "var"))


def test_a_fresh_machine_gets_all_five_parts() -> None:
    plan = plan_from_environment()

    names = [service.name for service in services_of(plan)]
    assert names == ["broker", "ledger", "web", "worker", "beat"]
    assert plan.broker is not None
    assert plan.settings == {
        "SITE_URL": "http://localhost:8000/",
        "XERO_URL": "http://localhost:8800",
        "XERO_CLIENT_ID": "practice-client",
        "XERO_CLIENT_SECRET": "practice-secret",
        "XERO_REDIRECT_URI": "http://localhost:8000/xero/callback/",
        "REDIS_URL": plan.broker.url,
    }


def test_a_given_redis_and_a_real_xero_are_not_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://queue.example/0")
    monkeypatch.setenv("XERO_CLIENT_ID", "a-real-one")

    plan = plan_from_environment()

    assert [part.name for part in services_of(plan)] == ["web", "worker", "beat"]
    assert plan.settings == {
        "SITE_URL": "http://localhost:8000/",
        "XERO_REDIRECT_URI": "http://localhost:8000/xero/callback/",
    }
    assert plan.environment["XERO_CLIENT_ID"] == "a-real-one"
    assert "XERO_URL" not in plan.environment


@pytest.mark.parametrize("value", ["web", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PORT", value)

    with pytest.raises(CannotStart, match=f"PORT must be a port number, not '{value}'"):
        plan_from_environment()


def test_one_port_for_both_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8800")

    with pytest.raises(CannotStart, match="PORT and LEDGER_PORT are both 8800"):
        plan_from_environment()


@pytest.mark.parametrize("address", LOOPBACK)
def test_a_taken_port_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as stranger:
        stranger.bind((address, 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        monkeypatch.setenv("LEDGER_PORT", str(port))
        plan = plan_from_environment()
        with pytest.raises(CannotStart) as refusal:
            refuse_taken_ports(plan)
    assert str(refusal.value) == (
        f"Port {port} is taken by another program. "
        f"Choose a free one: make run LEDGER_PORT={port + 1}"
    )
