"""Demo data: an invented world lives through two months of ordinary life, up to now. Refused in production."""

from services.suite.demo.run import demo
from services.suite.demo.shown import show
from services.suite.demo.storage import DemoRefused

__all__ = ["DemoRefused", "demo", "show"]
