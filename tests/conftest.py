pytest_plugins = ["tests.equipment", "tests.engines", "tests.once"]
