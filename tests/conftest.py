pytest_plugins = ["tests.equipment", "tests.engines", "tests.once", "tests.scoped"]
