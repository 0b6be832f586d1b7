"""How are many pictures looked through on one page?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color-scheme: light dark; }
h2 { margin: 3rem 0 .5rem; } h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
.row { display: flex; gap: 1rem; overflow-x: auto; align-items: start; padding-bottom: .5rem; }
figure { margin: 0; flex: none; } figcaption { font-size: .8rem; opacity: .7; }
img { height: 260px; width: auto; max-width: 460px; object-fit: cover; object-position: top;
  border: 1px solid #8886; }
.wrong { color: #b3261e; }
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a page.

    Attributes:
        role, page: whose page, and which.
        language, width, theme: how it was taken; the width in CSS pixels.
    """

    role: str
    page: str
    language: str
    width: int
    theme: str

    @property
    def file(self) -> str:
        """Return its path below the folder of the pictures."""
        return f"{self.role}/{self.page}-{self.language}-{self.width}-{self.theme}.png"


def write(folder: Path, pictures: Sequence[Picture], remarks: Iterable[str]) -> Path:
    """Write ``index.html`` beside the pictures; return its path."""
    lines = [
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>PeerAudit: {len(pictures)} pictures</title><style>{STYLE}</style></head><body>",
        f"<h1>PeerAudit: {len(pictures)} pictures</h1>",
        *_remarks(list(remarks)),
    ]
    for role in dict.fromkeys(picture.role for picture in pictures):
        lines.append(f"<h2>{escape(role)}</h2>")
        own = [picture for picture in pictures if picture.role == role]
        for page in dict.fromkeys(picture.page for picture in own):
            shown = (picture for picture in own if picture.page == page)
            lines += [f'<h3>{escape(page)}</h3><div class="row">', *map(_figure, shown), "</div>"]
    lines.append("</body></html>")
    path = folder / "index.html"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _remarks(remarks: Sequence[str]) -> list[str]:
    if not remarks:
        return ["<p>No page scrolls sideways, and no script failed.</p>"]
    items = [f'<li class="wrong">{escape(remark)}</li>' for remark in remarks]
    return ["<ul>", *items, "</ul>"]


def _figure(picture: Picture) -> str:
    how = escape(f"{picture.language}, {picture.width} px, {picture.theme}")
    file = escape(picture.file, quote=True)
    image = f'<img loading="lazy" src="{file}" alt="{escape(picture.page)}, {how}">'
    return f'<figure><a href="{file}">{image}</a><figcaption>{how}</figcaption></figure>'
