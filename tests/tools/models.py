"""Models that calls are tried on: one of each format, with arrays, modules, macros and built-ins that have a memory."""

import penstock
from penstock import Compiled

PEN = """
model Tea
stock Tea = 180
  out cooling
flow cooling = (Tea - room) / tau
const tau = 10
aux room = if time > 2 then 70 else 60 + 1
aux seen = smooth(Tea, 2) + table(room)
lookup table = (0, 0) (100, 50)
dim leaf = green, black
const share[leaf] = 1, 3
aux parts[leaf] = Tea * share
aux all = sum(parts[*])
time 0 to 4 by 1

view Main
  stock Tea (100, 100)
  flow cooling (200, 100) pipe (140, 100) (260, 100)
  aux room (200, 40)
  alias Tea (300, 40)
  arrow room -> cooling
"""

MDL = """{UTF-8}
:MACRO: TWICE(x)
TWICE = x + x ~~|
:END OF MACRO:
S = INTEG(inflow - S / T, first) ~ cup ~ What is there. |
inflow = TWICE(IF THEN ELSE(Time > 1, k, 0)) ~ cup/Month ~ |
k = 2 ~ cup/Month [0, 9, 0.5] ~ |
T = 4 ~ Month ~ |
first = 1 ~ cup ~ |
INITIAL TIME = 0 ~ Month ~ |
FINAL TIME = 3 ~ Month ~ |
TIME STEP = 1 ~ Month ~ |
SAVEPER = 1 ~ Month ~ |
"""

XMILE = (
    '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><vendor>x</vendor>'
    "<product>y</product></header><sim_specs><start>0</start><stop>3</stop><dt>1</dt></sim_specs><model>"
    '<variables><aux name="a"><eqn>4</eqn></aux><module name="m"><connect to="m.in" from="a"/></module>'
    '<stock name="tank"><eqn>5</eqn><outflow>drain</outflow><non_negative/></stock>'
    '<flow name="drain"><eqn>1 + a / 2</eqn></flow></variables></model><model name="m"><variables>'
    '<aux name="in" access="input"><eqn>0</eqn></aux><aux name="out"><eqn>in * in</eqn></aux></variables></model>'
    "</xmile>"
)

TEXTS = {"tea.pen": PEN, "cup.mdl": MDL, "tank.xmile": XMILE}

EDITS: list[tuple[str, dict]] = [
    ("rename", {"old": "Tea", "new": "cup of tea"}),
    ("delete", {"name": "parts", "value": "1"}),
    ("extract", {"range": [PEN.index("(Tea - room)"), PEN.index(" / tau")], "new": "gap"}),
    ("changeKind", {"name": "room", "kind": "stock"}),
    ("add", {"kind": "flow", "new": "heating", "equation": "1", "target": "Tea", "units": "degree"}),
    ("connect", {"stock": "Tea", "flow": "room", "direction": "in"}),
    ("disconnect", {"stock": "Tea", "flow": "cooling"}),
    ("setEquation", {"name": "room", "equation": "70"}),
    ("setUnits", {"name": "tau", "units": "minute"}),
    ("setDocumentation", {"name": "tau", "text": "How long it takes."}),
    ("setPoints", {"name": "table", "x": [0, 1], "y": [3, 4.5]}),
    ("setRange", {"name": "tau", "low": 1, "high": 20}),
    ("setSettings", {"stop": "8", "dt": "0.5"}),
    ("move", {"moves": [{"item": "Tea", "x": 100, "y": 50.5}]}),
    ("addModule", {"new": "pot", "place": [40, 50]}),
    ("alias", {"name": "room", "place": [20, 30]}),
    ("drawArrow", {"source": "Tea", "target": "cooling"}),
    ("bend", {"arrow": 0, "through": [220, 70]}),
    ("erase", {"symbols": [3], "arrows": [0]}),
    ("attach", {"flow": "cooling", "end": "source", "place": [3, 4]}),
    ("paste", {"text": "aux room = 5", "place": [3, 4]}),
]
"""Edits of the first model."""

ASKED: dict[str, list[tuple[str, dict]]] = {
    "tea.pen": [
        ("traceRun", {"equations": ["seen", "Tea", "all", "parts"]}),
        ("validateFor", {"variable": "room", "equation": "Tea + cooling"}),
        ("feeds", {"name": "seen"}),
        ("copied", {"names": ["Tea", "cooling"]}),
        ("written", {"name": "table"}),
    ],
    "cup.mdl": [
        ("traceRun", {"equations": ["inflow", "S"], "first": 1, "last": 2, "save": ["S"]}),
        ("validateFor", {"variable": "S", "part": "rate", "equation": "inflow - TWICE(S) / T"}),
        ("feeds", {"name": "S", "depth": 1}),
        ("written", {"name": "S"}),
    ],
    "tank.xmile": [
        ("traceRun", {"equations": ["m.out", "drain"], "specs": {"stop": 2}}),
        ("validateFor", {"run": {"overrides": [{"name": "a", "value": 3}], "save": ["tank", "none"]}}),
        ("feeds", {"name": "drain"}),
        ("written", {"name": "drain"}),
    ],
}


def asked(name: str) -> list[tuple[str, dict]]:
    """Every call with arguments that it answers for a model."""
    return [
        ("listModels", {}),
        ("introspect", {}),
        ("introspectResolved", {}),
        ("validate", {"text": TEXTS[name], "name": name}),
        ("fieldDescriptors", {}),
        ("causalGraph", {}),
        ("causalGraph", {"run": False}),
        ("feedbackLoops", {}),
        ("diagram", {}),
        ("draw", {"theme": "print"}),
        *(("convert", {"format": format}) for format in ("mdl", "xmile", "pen")),
        *((call, arguments) for call, arguments in EDITS if name.endswith(".pen")),
        ("engineVersion", {}),
        ("engineHash", {}),
        *ASKED[name],
    ]


def model(name: str) -> Compiled:
    return penstock.loads(TEXTS[name], name)
