import logging
import subprocess
import sys
logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(message)s", stream=sys.stdout)
log = logging.getLogger("x")
log.info("hello %s %d", "w", 3)
logging.warning("bad")
log.debug("no")
r = subprocess.run(["echo", "hi"], capture_output=True, text=True)
print(r.stdout, r.returncode)
