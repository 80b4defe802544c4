"""Models of the export's tests, whose curves are known in closed form."""

from penstock.compiler import Compiled, compile_text

# Level(t) = t, and Other(t) = 20 - 2 t.
LINES = """model Lines "Two straight lines."
time 0 to 10 by 1 {day}
stock Level = 0 {unit}
  in rise
stock Other = 20 {unit}
  out fall
flow rise = speed {unit/day}
flow fall = 2 * speed {unit/day}
const speed = 1 {unit/day} slider 0 to 5
const spare = 3
"""

HOSTILE = "<img src=x onerror=window.hacked=1></script><!-- & fish"
STRANGE = f"""{{UTF-8}}
"{HOSTILE}"= INTEG (rate, 1)
  ~ </desc>]]><script>
  ~ {HOSTILE}
  |
rate= 1
  ~ ~ |
INITIAL TIME = 0 ~~|
FINAL TIME = 4 ~~|
TIME STEP = 1 ~~|
SAVEPER = TIME STEP ~~|
"""


def lines(text: str = LINES) -> Compiled:
    return compile_text(text, "model.pen")


def strange() -> Compiled:
    return compile_text(STRANGE, "<b>strange</b>.mdl")
