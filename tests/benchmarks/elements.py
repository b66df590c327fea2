"""What one would write otherwise to look around in an answer, for explorer.py.

The same rows as JSON of records and as elements: one for each occurrence, sentence, line on screen
and box. What scrolls is scrolled by the browser, what is zoomed is made wider, and while it plays,
the boxes of each quarter of a second are shown and hidden.
"""

from __future__ import annotations

import json

import smarttag_nb as stag
from smarttag_nb.alignment import Alignment

COLUMNS = {
    "labels": ["label_id", "kind", "name", "ratio", "score"],
    "occurrences": ["occurrence_id", "label_id", "start_time", "end_time", "score"],
    "boxes": ["label_id", "occurrence_id", "timestamp", "x1", "y1", "x2", "y2", "score"],
    "speech": ["speech_id", "start_time", "end_time", "text", "speaker_id"],
    "words": ["word_id", "start_time", "end_time", "text"],
    "translations": ["translation_id", "start_time", "end_time", "text"],
    "shots": ["start_time", "end_time"],
    "chapters": ["start_time", "end_time", "headline", "summary"],
}


def records(job: stag.Job, alignment: Alignment) -> str:
    """Write the rows that the explorer shows as JSON."""
    lines = alignment.lines[["start_time", "end_time", "text", "role", "x1", "y1", "x2", "y2"]]
    links = alignment.links[["speech_id", "line_id"]]
    frames = {name: job[name][columns] for name, columns in COLUMNS.items()}
    frames |= {"lines": lines, "links": links}
    return json.dumps(
        {name: json.loads(frame.to_json(orient="records")) for name, frame in frames.items()},
        ensure_ascii=False,
    )


def page(rows: str, size: tuple[int, int], seconds: float) -> str:
    """Write a page with an element for each row."""
    wide, high = size
    safe = rows.replace("</", "<\\/")
    return f"""<!doctype html><meta charset="utf-8"><style>{_STYLE}</style>
<div class="top"><div class="stage" style="aspect-ratio:{wide}/{high}"></div>
<div class="transcript"></div></div>
<button class="play">Play</button> <button class="in">Zoom in</button>
<div class="timeline"><div class="track"></div></div>
<script type="application/json" id="rows">{safe}</script>
<script>const [WIDE, HIGH, SECONDS] = [{wide}, {high}, {seconds}];{_SCRIPT}</script>"""


_STYLE = """
.top { display: grid; grid-template-columns: 3fr 2fr; height: 500px; font: 13px/1.5 sans-serif; }
.stage { position: relative; background: #ddd; overflow: hidden; align-self: start; }
.stage div { position: absolute; border: 2px solid #26a; }
.transcript { overflow-y: auto; height: 500px; }
.transcript p { margin: 6px 12px; } .now { background: #def; }
.timeline { height: 300px; overflow: auto; }
.track { position: relative; }
.lane { position: relative; height: 18px; border-bottom: 1px solid #eee; }
.lane div { position: absolute; top: 4px; height: 10px; background: #26a; min-width: 2px; }
"""

_SCRIPT = """
const rows = JSON.parse(document.getElementById('rows').textContent);
const make = (parent, tag, text) => {
    const element = parent.appendChild(document.createElement(tag));
    if (text) element.textContent = text;
    return element;
};
const [stage, transcript, timeline, track] = ['stage', 'transcript', 'timeline', 'track']
    .map(name => document.querySelector('.' + name));

const of = Map.groupBy(rows.links, link => link.speech_id);
const sentences = rows.speech.map(row => {
    const told = make(transcript, 'div');
    make(told, 'p', row.text);
    for (const {line_id} of of.get(row.speech_id) ?? []) make(told, 'p', rows.lines[line_id].text);
    return [row, told];
});

const lane = new Map(rows.labels.map(row => {
    const element = make(track, 'div');
    element.className = 'lane';
    element.title = row.name;
    return [row.label_id, element];
}));
for (const row of rows.occurrences) {
    const mark = make(lane.get(row.label_id), 'div');
    mark.style.left = 100 * row.start_time / SECONDS + '%';
    mark.style.width = 100 * (row.end_time - row.start_time) / SECONDS + '%';
}

const boxes = Map.groupBy(rows.boxes.map(row => {
    const box = make(stage, 'div');
    box.hidden = true;
    box.style.left = 100 * row.x1 / WIDE + '%';
    box.style.top = 100 * row.y1 / HIGH + '%';
    box.style.width = 100 * (row.x2 - row.x1) / WIDE + '%';
    box.style.height = 100 * (row.y2 - row.y1) / HIGH + '%';
    box.style.display = 'none';
    return [Math.floor(4 * row.timestamp), box];
}), ([quarter]) => quarter);

let zoom = 1;
const zoomed = factor => {
    const before = zoom;
    zoom = Math.max(1, zoom * factor);
    track.style.width = 100 * zoom + '%';
    timeline.scrollLeft *= zoom / before;
};
document.querySelector('.in').onclick = () => zoomed(2);
timeline.addEventListener('wheel', event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomed(Math.exp(-0.01 * event.deltaY));
}, {passive: false});

let time = 600, before = null, quarter = -1;
const show = yes => {
    for (const [, box] of boxes.get(quarter) ?? []) box.style.display = yes ? '' : 'none';
};
const tick = at => {
    requestAnimationFrame(tick);
    time += Math.min(250, at - before) / 1000;
    before = at;
    if (Math.floor(4 * time) === quarter) return;
    show(false);
    quarter = Math.floor(4 * time);
    show(true);
    for (const [row, told] of sentences) {
        told.classList.toggle('now', row.start_time <= time && time <= row.end_time);
    }
    timeline.scrollLeft = track.offsetWidth * time / SECONDS - timeline.clientWidth / 2;
};
document.querySelector('.play').onclick = () => requestAnimationFrame(at => tick(before = at));
document.body.dataset.ready = 'true';
"""
