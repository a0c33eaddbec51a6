"""A shop whose database is deleted while it is served, as buyers, watchers and the log learn of it."""

from __future__ import annotations

from pathlib import Path

from structlog.testing import capture_logs

from tests.channels.web.browser import Browser
from tests.cli.test_several_shops import changed, said, served


def delete(shop: Path) -> None:
    for path in shop.glob("data/shouhou.db*"):
        path.unlink()


async def test_no_message_is_taken_into_a_deleted_file_and_all_are_told(small_shop: Path) -> None:
    changed(small_shop, {"port: 8080": "port: 0", "demo: true": "demo: false"})
    with capture_logs() as lines:
        async with served([str(small_shop)]) as address, Browser(address) as browser:
            browser.client.headers["Host"] = "main.localhost"
            await browser.load()
            assert (await said(browser, "main", "谢谢")) == 202
            delete(small_shop)
            assert (await said(browser, "main", "谢谢")) == 503
            ready = await browser.client.get("/readyz")
            assert ready.status_code == 503
            assert "deleted or replaced" in ready.json()["database"]
            assert str(small_shop) not in ready.text, "where it stands is nobody's business"
            assert (await browser.client.get("/healthz")).status_code == 200
    told = [line for line in lines if line["log_level"] in ("error", "critical")]
    assert [line["event"] for line in told] == ["database.away"]
    assert "/proc/" in told[0]["error"]
