"""How does a part that works for a while tell the user how far it is?"""

from dataclasses import dataclass, field
from pathlib import Path

# The rest of a log is for whoever looks for a fault.
MARK = "» "


@dataclass
class Progress:
    """Prints what a part says of its progress in its log, line by line, as it is written."""

    log: Path
    _read: int = field(default=0, init=False)

    def show(self) -> None:
        """Print the marked lines that were finished since the last time."""
        try:
            with self.log.open("rb") as file:
                file.seek(self._read)
                fresh = file.read()
        except FileNotFoundError:
            return
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.decode(errors="replace").splitlines():
            if line.startswith(MARK):
                print(f"  {line.removeprefix(MARK)}", flush=True)
