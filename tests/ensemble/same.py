"""Prints hashes of a study's results, of indices and of a fit, which are to be the same wherever it is run."""

import hashlib

from penstock.compiler import compile_text
from penstock.ensemble import FitSpec, Parameter, fit, from_mapping, run_study, sobol_indices

MODEL = """\
time 0 to 8 by 0.5
stock level = start
  net rate * level * exp(-level / 1000)
const start = 100
const rate = 0.1
"""
INPUTS = {"rate": "normal(0.1, 0.02, low=0.01)", "start": "gamma(4, 25)"}


def digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


compiled = compile_text(MODEL, "same.pen")
for engine, runs in (("wasm", 80), ("vm", 20)):
    spec = from_mapping(
        {
            "inputs": INPUTS,
            "outputs": ["level"],
            "runs": runs,
            "chunk": 32,
            "sampling": "sobol",
            "engine": engine,
            "correlations": [{"between": ["rate", "start"], "rank": 0.5}],
        }
    )
    found = run_study(compiled, spec, workers=1)
    fan = [share.tobytes() for share in found.fan("level").values()]
    print(engine, digest(found.results_bytes(), *fan), found.receipt()["digest"])
shares = sobol_indices(compiled, from_mapping({"inputs": INPUTS, "outputs": ["level"], "runs": 16}))
print("shares", repr(shares.rows()))
data = {"level": ([2, 4, 6, 8], [117.0, 136.0, 157.0, 180.0])}
fitted = fit(compiled, FitSpec({"rate": Parameter(0.01, 0.5)}, data, method="simplex"))
print("fit", repr(fitted.values), repr(fitted.sd), repr(fitted.objective))
