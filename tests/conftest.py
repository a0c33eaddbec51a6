pytest_plugins = ["tests.equipment", "tests.engines"]
