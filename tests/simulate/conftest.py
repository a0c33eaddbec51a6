from collections.abc import Iterator

import pytest
import structlog

from tests.play.fixtures import contents

__all__ = ["contents"]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Carriers fail on purpose here; nobody wants to read of it."""
    with structlog.testing.capture_logs():
        yield
