"""What a corpus is given, as single answers: files, folders, archives, stores, Jobs.

`find` tells where each answer is and reads none, as far as that can be: an `Item` is small and
plain, and can be read in any process, in any order.
"""

from .find import find
from .items import Ignored, Item, Unreadable

__all__ = ["Ignored", "Item", "Unreadable", "find"]
