import os
import sys

# As `x.py` does it: each test process would compile everything anew, and so would each process that a test starts.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

pytest_plugins = ["tests.equipment", "tests.engines", "tests.once"]
