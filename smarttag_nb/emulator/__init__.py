"""The cloud on this machine: a stand-in that real clients accept.

For demos, classes and tests, without an account: ``with running() as endpoint`` serves the
samples, or a folder of saved answers, by the operations, signatures, limits and errors of the
API, and lets go wrong what goes wrong (`FAULTS`). Loaded lazily: only who runs it pays for its
libraries, which the extra "cloud" brings.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
