"""One check as it is really done, and how much memory it used at most. `python -m … CHECK FILE`"""

import sys
from pathlib import Path

from documents.checks import alone

if __name__ == "__main__":
    name, path = sys.argv[1:]
    alone.main(name, path, f"{path}.instead", "en")
    status = Path("/proc/self/status").read_text()
    sys.stdout.write(status.split("VmHWM:")[1].split()[0])
