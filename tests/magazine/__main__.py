"""Write the clip, the truth about it, and its answers into the package."""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

from . import answers, render
from . import truth as truths
from .programme import plan

TARGET = Path(__file__).parents[2] / "smarttag_nb" / "samples" / "magazine"


def main() -> None:
    """Write everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.magazine", description=__doc__)
    parser.add_argument("--answers", action="store_true", help="only the answers, to the old clip")
    file = TARGET / "truth.json.gz"
    if parser.parse_args().answers:
        truth = json.loads(gzip.decompress(file.read_bytes()))
    else:
        TARGET.mkdir(parents=True, exist_ok=True)
        programme = plan()
        truth = truths.gather(programme, render.write_clip(programme, TARGET / "clip.mp4"))
        text = json.dumps(truth, ensure_ascii=False, separators=(",", ":"))
        # A fixed time, so that the same truth is the same file.
        file.write_bytes(gzip.compress(text.encode(), mtime=0))
    answers.write(truth, TARGET)
    for file in sorted(TARGET.rglob("*")):
        if file.is_file():
            print(f"{file.stat().st_size / 1000:9.1f} kB  {file.relative_to(TARGET)}")


if __name__ == "__main__":
    main()
