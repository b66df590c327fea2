"""The cloud: a client for its operations, and a store for their answers.

Loaded lazily, as the package itself.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
