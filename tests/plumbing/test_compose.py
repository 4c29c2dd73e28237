"""docker-compose.yml and .env.example agree, hold no secret, and keep the owner's door shut."""

import re
from typing import Any

import pytest
import yaml

from tests.servers import ROOT

COMPOSE = ROOT / "docker-compose.yml"
SECRETS = {
    "SECRET_KEY",
    "POSTGRES_PASSWORD",
    "SANBAO_OWNER_PASSWORD",
    "SANBAO_APP_PASSWORD",
    "REDIS_PASSWORD",
    "METRICS_TOKEN",
}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return services


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def test_every_variable_is_required_and_in_the_example() -> None:
    written = [line for line in COMPOSE.read_text().splitlines() if not line.startswith("#")]
    used = re.findall(r"(?<!\$)\$\{(\w+)([^}]*)\}", "\n".join(written))
    assert {name for name, _ in used} == set(example())
    assert {rule for _, rule in used} == {":?"}


def test_the_example_gives_no_secret_away() -> None:
    assert {name for name, value in example().items() if not value} == SECRETS


def test_only_the_preparation_knows_the_owner(services: dict[str, Any]) -> None:
    knowing = {
        name
        for name, service in services.items()
        if "SANBAO_OWNER_PASSWORD" in str(service.get("environment"))
    }
    assert knowing == {"db", "prepare"}


def test_web_worker_and_beats_go_through_the_pooler(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat", "watch"):
        assert "@pooler:5432/sanbao" in services[name]["environment"]["DATABASE_URL"]
    assert services["pooler"]["environment"]["POOL_MODE"] == "transaction"
    assert services["beat"]["deploy"]["replicas"] == 2


def test_everything_that_stays_says_whether_it_is_well(services: dict[str, Any]) -> None:
    staying = {name for name, service in services.items() if service.get("restart") != "no"}
    assert staying == {"web", "worker", "beat", "watch", "db", "pooler", "redis"}
    assert all("healthcheck" in services[name] for name in staying)


def test_images_are_pinned(services: dict[str, Any]) -> None:
    images = {service["image"] for service in services.values()} - {"sanbao:latest"}
    assert images
    assert not [image for image in images if image.endswith(":latest") or ":" not in image]
