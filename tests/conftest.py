import logging

import structlog

pytest_plugins = ["tests.equipment", "tests.engines", "tests.once", "tests.scoped"]

# As in a shop that is served by its defaults: a line for each step of each message is not printed.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
