"""Lists and filters over HTTP where there are very many scenes, one client, page after page."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import event, func, select

from api.app import create_app
from bench.service.clients import Client, spread
from bench.service.doors import PACED, SETTINGS_TOKEN
from bench.service.servers import House
from bench.service.stock import OTHER, STYLES
from workers.records.models import Scene
from workers.records.pages import write_cursor
from workers.settings import load_settings


def questions(house: House) -> dict[str, tuple[str, dict[str, str]]]:
    """What is asked: name, then path and headers. Cursors are taken from where the rows lie."""
    middle, last = _cursor(house, 0.5), _cursor(house, 0.9999)
    at_other = {"Imagegen_Team": OTHER}
    return {
        "newest": ("/v1/scenes", {}),
        "newest, 200 a page": ("/v1/scenes?limit=200", {}),
        "from the middle": (f"/v1/scenes?cursor={middle}", {}),
        "the last page": (f"/v1/scenes?cursor={last}", {}),
        "state in_review": ("/v1/scenes?state=in_review", {}),
        "state in_review, from the middle": (f"/v1/scenes?state=in_review&cursor={middle}", {}),
        "state running (1 in 2000)": ("/v1/scenes?state=running", {}),
        "two states": ("/v1/scenes?state=queued&state=failed", {}),
        "a style": (f"/v1/scenes?style={STYLES[0]}", {}),
        "a style, from the middle": (f"/v1/scenes?style={STYLES[0]}&cursor={middle}", {}),
        "a rare style (1 in 5000)": (f"/v1/scenes?style={STYLES[-1]}", {}),
        "a style nobody asked for": ("/v1/scenes?style=nobody", {}),
        "a product": ("/v1/scenes?sku=P-0", {}),
        "a product in a style": (f"/v1/scenes?sku=P-0&style={STYLES[1]}", {}),
        "a category": ("/v1/scenes?category=sofa", {}),
        "a category nobody has": ("/v1/scenes?category=nothing", {}),
        "failed checks in review": ("/v1/scenes?state=in_review&verdict=fail", {}),
        "another team's newest": ("/v1/scenes", at_other),
        "another team's, a style": (f"/v1/scenes?style={STYLES[0]}", at_other),
        "the desk's grid": ("/review", {}),
    }


def measured(house: House, asks: int, plans: Path) -> list[dict[str, Any]]:
    """A row for each question. The plans of its statements are left in ``plans``, with what each took."""
    rows = []
    with house.doors(1, **PACED, api_tokens=SETTINGS_TOKEN) as (door,):
        for name, (path, headers) in questions(house).items():
            row = {"row": name, **asyncio.run(_asked(door.port, path, headers, asks))}
            rows.append(row | explained(house, plans, name, path, headers))
    return rows


async def _asked(port: int, path: str, headers: dict[str, str], asks: int) -> dict[str, Any]:
    async with Client(port, SETTINGS_TOKEN) as client:
        for _ in range(3):
            answer = await client.ask("GET", path, **headers)
        items = answer.json()["items"] if path.startswith("/v1") else [answer.status]
        return spread([(await client.ask("GET", path, **headers)).seconds for _ in range(asks)]) | {"items": len(items)}


def explained(house: House, plans: Path, name: str, path: str, headers: dict[str, str]) -> dict[str, float]:
    """What the question's statements take PostgreSQL alone, ms, whoever else uses the cores meanwhile."""
    app = create_app(load_settings(**house.given, **PACED, api_tokens=SETTINGS_TOKEN))
    engine = app.state.context.database.engine
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    told = {"Authorization": f"Bearer {SETTINGS_TOKEN}"} | {
        key.replace("_", "-"): value for key, value in headers.items()
    }
    TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)).get(path, headers=told)
    event.remove(engine, "before_cursor_execute", note)
    plans.mkdir(parents=True, exist_ok=True)
    file = plans / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.txt"
    took = 0.0
    with engine.connect() as connection, file.open("w", encoding="utf-8") as out:
        for statement, parameters in asked:
            lines = [
                str(line[0])
                for line in connection.exec_driver_sql("EXPLAIN (ANALYZE, BUFFERS) " + statement, parameters)
            ]
            took += sum(
                float(line.split()[2]) for line in lines if line.startswith(("Planning Time", "Execution Time"))
            )
            out.write("\n".join([statement, "", *lines, "", ""]))
    engine.dispose()
    return {"database_ms": took}


def _cursor(house: House, share: float) -> str:
    """The cursor of the place where this share of the team's scenes is newer."""
    with house.database.reading() as session:
        number = session.scalar(select(func.count()).select_from(Scene)) or 0
        place = select(Scene.created_at, Scene.id).order_by(Scene.created_at.desc(), Scene.id.desc())
        at, scene_id = session.execute(place.offset(int(share * number)).limit(1)).one()
    return write_cursor(at.isoformat(), scene_id)
