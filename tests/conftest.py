pytest_plugins = ["tests.equipment"]
