"""The parts of README.md that are made from the code; run as ``python -m tests.readme``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import av
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import smarttag_nb as stag
from smarttag_nb import tables
from smarttag_nb.plots import style

README = Path(__file__).parent.parent / "README.md"
PICTURE = README.parent / "notebooks" / "images" / "readme.png"


def table_of_tables() -> str:
    """The contract tables with their columns."""
    rows = [
        f"| `{table.name}` | {table.row} | "
        + ", ".join(
            column.name for column in table.columns if not column.name.startswith("result_")
        )
        + " |"
        for table in tables.TABLES.values()
    ]
    return "\n".join(["| table | a row is | columns |", "|---|---|---|", *rows])


def table_of_codes() -> str:
    """The codes of problems."""
    rows = [
        f"| `{code}` | {known.severity} | {known.meaning} |"
        for code, known in tables.PROBLEM_CODES.items()
    ]
    return "\n".join(["| code | severity | meaning |", "|---|---|---|", *rows])


def filled(text: str) -> str:
    """The README with those parts as they should be."""
    for name, made in (("tables", table_of_tables()), ("codes", table_of_codes())):
        text = re.sub(
            rf"<!-- {name} -->\n.*?<!-- /{name} -->",
            lambda _, name=name, made=made: f"<!-- {name} -->\n{made}\n<!-- /{name} -->",
            text,
            flags=re.DOTALL,
        )
    return text


def picture() -> Figure:
    """A frame of the sample's clip with its boxes, beside the appearance ratios."""
    job = stag.samples.load("magazine", answer="cognition")
    moment = float(stag.samples.truth("magazine")["facts"]["image_time"].iloc[0])
    figure = Figure(figsize=(13, 4.3), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.25, 1])
    left.imshow(_frame(stag.samples.video("magazine"), moment))
    left.set_axis_off()
    _draw_boxes(left, job, moment)
    stag.plots.ratios(job, right, top=10)
    return figure


def _frame(video: Path, moment: float) -> Any:
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= moment:
                return frame.to_ndarray(format="rgb24")
    raise ValueError(f"the clip ends before {moment} s")


def _draw_boxes(ax: Axes, job: stag.Job, moment: float) -> None:
    boxes = job.boxes.dropna(subset="score")
    boxes = boxes.merge(job.labels[["label_id", "name", "kind"]], on="label_id")
    near = boxes[(boxes["timestamp"] - moment).abs() < 0.2].drop_duplicates("name")
    for box in near.itertuples():
        ink = style.KINDS[box.kind]
        ax.add_patch(
            Rectangle((box.x1, box.y1), box.x2 - box.x1, box.y2 - box.y1, fill=False, ec=ink, lw=2)
        )
        ax.text(
            box.x1,
            box.y1 - 5,
            f"{box.name}  {box.score:.2f}",
            color="white",
            fontsize=9,
            fontfamily=style.families(),
            parse_math=False,
            bbox={"fc": ink, "ec": "none", "pad": 2},
        )


if __name__ == "__main__":
    picture().savefig(PICTURE, dpi=100)
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
