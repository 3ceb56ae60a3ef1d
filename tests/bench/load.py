"""Starts chatbench with our driver among its own: `python load.py SCENARIO …`, chatbench on PYTHONPATH."""

import runpy
import sys
from pathlib import Path

import chatbench.drivers

chatbench.drivers.__path__.append(str(Path(__file__).parent))
sys.argv[0] = "chatbench"
runpy.run_module("chatbench", run_name="__main__")
