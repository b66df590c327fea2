from .client import Client as Client
from .credentials import Credentials as Credentials
from .store import Store as Store

__all__ = ["Client", "Credentials", "Store"]
