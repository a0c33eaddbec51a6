import logging
import os
import sys

import structlog

from tests.memory import in_memory

# As `x.py` does it: each test process would compile everything anew, and so would each process that a test starts.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

in_memory()

pytest_plugins = ["tests.equipment", "tests.engines", "tests.once", "tests.scoped"]

# As in a shop that is served by its defaults: a line for each step of each message is not printed. Where an error was is
# told in plain lines: to colour the code around it takes longer than most tests do.
structlog.configure(
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ],
)
