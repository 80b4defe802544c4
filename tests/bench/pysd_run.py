"""Print milliseconds of loading a model with PySD and of a second run: `python pysd_run.py MODEL FOLDER`.

PySD writes its translation beside the model, so the model is copied into FOLDER.
"""

import json
import shutil
import sys
import warnings
from pathlib import Path
from time import perf_counter

import pysd

warnings.simplefilter("ignore")
model = Path(shutil.copy(sys.argv[1], sys.argv[2]))
began = perf_counter()
loaded = pysd.read_vensim(str(model)) if model.suffix == ".mdl" else pysd.read_xmile(str(model))
read = perf_counter()
loaded.run()
middle = perf_counter()
loaded.run()
print(json.dumps({"load_ms": 1e3 * (read - began), "run_ms": 1e3 * (perf_counter() - middle)}))
