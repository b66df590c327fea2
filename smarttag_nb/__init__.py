"""Answers of Alibaba Cloud's smart tagging as tidy tables, pictures and widgets.

>>> import smarttag_nb as stag
>>> job = stag.samples.load("magazine", answer="cognition")
>>> job.status
'Success'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
