from tests.play.fixtures import contents

__all__ = ["contents"]
