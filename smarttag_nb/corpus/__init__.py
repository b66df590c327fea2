"""Many jobs: a lake of contract tables that SQL, Dask and other engines read."""

from importlib.util import find_spec

import lazy_loader

from ..errors import MissingLibrary

for _library in ("dask", "deltalake", "distributed", "duckdb", "loky", "pyarrow"):
    if find_spec(_library) is None:
        raise MissingLibrary(_library, "A corpus", "smarttag-nb[corpus]")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
