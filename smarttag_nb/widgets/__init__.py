"""Widgets: what answers are looked around with in a notebook cell, and the page without a kernel.

Loaded lazily, as the package itself: the explorer draws nothing with matplotlib.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
