"""The files for Prometheus and Grafana ask only for what the processes really export."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from service.telemetry.metrics import REGISTRY
from tests.service.conftest import Class, submit_source

ROOT = Path(__file__).resolve().parents[3]
MONITORING = ROOT / "monitoring"
NAME = re.compile(r"\bchainrule_[a-z_]+")


def read_rules() -> list[dict[str, Any]]:
    """Every alert rule."""
    groups = yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def read_panels() -> list[dict[str, Any]]:
    """Every panel of the dashboard."""
    text = (MONITORING / "dashboard.json").read_text(encoding="utf-8")
    panels: list[dict[str, Any]] = json.loads(text)["panels"]
    return panels


def list_queries() -> list[str]:
    """The queries of all alerts and panels, as Prometheus gets them."""
    queries = [rule["expr"] for rule in read_rules()]
    queries += [target["expr"] for panel in read_panels() for target in panel["targets"]]
    return [query.replace("$__rate_interval", "1m") for query in queries]


@pytest.fixture
def exported(client: FlaskClient, members: Class) -> set[str]:
    """The names of all samples: those that /metrics has now, and those of unused labels."""
    submit_source(client, members)  # so that there is a queue
    text = client.get("/metrics").text
    families = [*text_string_to_metric_families(text), *REGISTRY.collect()]
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}
    return {
        family.name + ending for family in families for ending in endings.get(family.type, [""])
    }


def test_every_metric_of_alerts_and_dashboard_is_exported(exported: set[str]) -> None:
    asked = {name for query in list_queries() for name in NAME.findall(query)}
    assert len(asked) > 15
    assert asked <= exported


def test_every_metric_is_on_the_dashboard_or_in_an_alert() -> None:
    asked = " ".join(list_queries())
    unseen = [family.name for family in REGISTRY.collect() if family.name not in asked]
    assert unseen == []


def test_every_query_is_valid() -> None:
    for query in list_queries():
        promql_parser.parse(query)
    with pytest.raises(ValueError, match="unclosed"):
        promql_parser.parse("sum(rate(chainrule_tests_total[1m])")


def test_every_label_that_a_query_uses_exists() -> None:
    known = {"course", "folder", "le"}
    known |= {label for metric in REGISTRY.collect() for label in labels_of(metric.name)}
    used = {
        label.strip()
        for query in list_queries()
        for labels in re.findall(r"by \(([^)]*)\)|\{([a-z]+)", query)
        for label in ",".join(labels).split(",")
        if label.strip()
    }
    assert used <= known
    legends = "".join(target["legendFormat"] for p in read_panels() for target in p["targets"])
    assert set(re.findall(r"\{\{(\w+)\}\}", legends)) <= used | known


def labels_of(metric: str) -> tuple[str, ...]:
    """The labels that a metric of the registry declares."""
    collector = REGISTRY._names_to_collectors[metric]
    return tuple(getattr(collector, "_labelnames", ()))


def test_every_alert_has_a_severity_a_summary_and_its_heading_for_operators() -> None:
    headings = re.findall(
        r"^#### (\w+)$", (ROOT / "docs/operators.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    rules = read_rules()
    assert sorted(headings) == sorted(rule["alert"] for rule in rules)
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "warn"}
        assert rule["annotations"]["summary"]


def test_prometheus_scrapes_the_ports_of_the_compose_file() -> None:
    jobs = yaml.safe_load((MONITORING / "prometheus.yml").read_text(encoding="utf-8"))
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    environment = compose["services"]["worker"]["environment"]
    scraped = json.dumps(jobs["scrape_configs"])
    for job in ("web:8000", f"scheduler:{environment['CHAINRULE_METRICS_PORT']}"):
        assert job in scraped
    for name in ("worker", "scheduler"):
        service = compose["services"][name]
        assert service["networks"] == ["back"]
        assert "ports" not in service
