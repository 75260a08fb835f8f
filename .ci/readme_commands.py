"""Print the commands of README's set-up: one a line, two in all."""

import re
import sys
from pathlib import Path

N_COMMANDS = 2

text = Path(sys.argv[1]).read_text(encoding="utf-8")
section = text.partition("\n## Set-up\n")[2].partition("\n## ")[0]
commands = re.findall(r"^```console\n(.+)\n```$", section, flags=re.MULTILINE)
if len(commands) != N_COMMANDS:
    raise SystemExit(
        f"README's section 'Set-up' has {len(commands)} one-line console blocks; "
        f"it must have {N_COMMANDS}."
    )
print("\n".join(commands))
