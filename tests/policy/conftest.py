"""The pack is a folder of scripts, which the engine runs from inside."""

import sys
from pathlib import Path

PACK = Path(__file__).parents[2] / "policy"
sys.path.insert(0, str(PACK))
