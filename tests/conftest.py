import logging
import os
import sys

import structlog

# As `x.py` does it: each test process would compile everything anew, and so would each process that a test starts.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

pytest_plugins = ["tests.equipment", "tests.engines", "tests.once", "tests.scoped"]

# As in a shop that is served by its defaults: a line for each step of each message is not printed.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
