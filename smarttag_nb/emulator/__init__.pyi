from .calls import Request as Request
from .faults import FAULTS as FAULTS
from .faults import share as share
from .server import Endpoint as Endpoint
from .server import running as running

__all__ = ["FAULTS", "Endpoint", "Request", "running", "share"]
