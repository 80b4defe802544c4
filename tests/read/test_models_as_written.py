"""Small models as users of Vensim and Stella write them, with values worked out by hand, on both engines."""

import math
from pathlib import Path

import pytest

from functions.models_in_text import bits
from penstock.compiler import compile_file
from penstock.run import Simulation

TIMES = [0.0, 1.0, 2.0, 3.0, 4.0]
Expected = dict[str, float | list[float]]

CLOCK = "FINAL TIME = 4 ~~|\nINITIAL TIME = 0 ~~|\nSAVEPER = TIME STEP ~~|\nTIME STEP = 1 ~~|\n"

VENSIM: dict[str, tuple[str, Expected]] = {
    "a macro with two more outputs": (
        ":MACRO: SPLIT(total, share : first, second)\nSPLIT = total\n\t~\tunits\n\t~\t|\n"
        "first = total*share ~ units ~ |\nsecond = total-first ~~|\n:END OF MACRO:\n"
        "x = SPLIT(Time*2, 0.25 : a, b) ~~|\nc = a + b ~~|",
        {"x": [0, 2, 4, 6, 8], "a": [0, 0.5, 1, 1.5, 2], "b": [0, 1.5, 3, 4.5, 6], "c": [0, 2, 4, 6, 8]},
    ),
    "a macro that calls a macro, over an array": (
        ":MACRO: INNER(x)\nINNER = x*2 ~~|\n:END OF MACRO:\n:MACRO: OUTER(x,y)\nOUTER = INNER(x)+k ~~|\n"
        "k = y*INITIAL(x) ~~|\n:END OF MACRO:\nr: a,b ~~|\nv[r] = 1,2 ~~|\nw[r] = OUTER(v[r]+Time, 3) ~~|",
        {"w[a]": [5, 7, 9, 11, 13], "w[b]": [10, 12, 14, 16, 18]},
    ),
    "several exceptions, and an equation for each": (
        "Region: (R1-R5) ~~|\nAge: young, mid, old ~~|\np[Region,Age] :EXCEPT: [R2,Age],[Region,old] = 1 ~~|\n"
        "p[R2,Age] = 2 ~~|\np[Region,old] :EXCEPT: [R2,old] = 3 ~~|\ntot = SUM(p[Region!,Age!]) ~~|",
        {"p[R1,young]": 1, "p[R2,old]": 2, "p[R3,old]": 3, "tot": 26},
    ),
    "exceptions of subranges": (
        "All: a,b,c,d ~~|\nSub: b,c ~~|\nx[All] :EXCEPT: [Sub] = 1 ~~|\nx[Sub] :EXCEPT: [c] = 2 ~~|\nx[c] = 3 ~~|\n"
        "t = SUM(x[All!]) ~~|\ns = SUM(x[Sub!]) ~~|\nf[All] = IF THEN ELSE(All = b, 5, All*10) ~~|",
        {"t": 7, "s": 5, "f[a]": 10, "f[b]": 5, "f[d]": 40},
    ),
    "numbered elements and mapped subranges": (
        "Cohort: (C8-C12) ~~|\nOlder: C10, C11, C12 ~~|\nPrev: C9, C10, C11 -> Older ~~|\n"
        "Grp: g1, g2, g3 -> (Older: C10, C11, C12) ~~|\nv[Cohort] = 1, 2, 4, 7, 11 ~~|\n"
        "shift[Older] = v[Older] - v[Prev] ~~|\nw[Grp] = 10, 20, 30 ~~|\nz[Older] = v[Older]*w[Grp] ~~|\n"
        "n = ELMCOUNT(Cohort) ~~|\nidx[Cohort] = Cohort ~~|",
        {"shift[C10]": 2, "shift[C12]": 4, "z[C10]": 40, "z[C12]": 330, "n": 5, "idx[C8]": 1, "idx[C12]": 5},
    ),
    "another name for a dimension": (
        "From: a,b,c ~~|\nTo <-> From ~~|\nd[From,To] = 1,2,3;4,5,6;7,8,9; ~~|\nrow[From] = SUM(d[From,To!]) ~~|\n"
        "tr[From,To] = d[To,From] ~~|\ndiag[From] = d[From,From] ~~|",
        {"row[b]": 15, "tr[a,c]": 7, "diag[c]": 9},
    ),
    "an element that sums the others": (
        "all: us, mx, ca, world ~~|\nsub: us, mx, ca ~~|\nz[sub] = 1 ~~|\nz[world] = SUM(z[sub!]) ~~|\n"
        "lev[all] = INTEG(z[all], 0) ~~|",
        {"z[world]": 3, "lev[world]": [0, 3, 6, 9, 12], "lev[ca]": TIMES},
    ),
    "tables and lookups in all their forms": (
        "r: a,b ~~|\nc: x,y,z ~~|\nt[r,c] = TABBED ARRAY(\n1\t2\t3\n4\t5\t6\n) ~~|\n"
        "f[a]( [(0,0)-(10,10)],(0,0),(10,10) ) ~~|\nf[b]( (0,1),(2,3),(4,3) ) ~~|\ny[r] = f[r](Time) ~~|\n"
        "k[r] = WITH LOOKUP(Time*2, ([(0,0)-(10,10),(2,2)],(0,0),(4,8),(8,0) )) ~~|\nold(0,2,4, 10,20,10) ~~|\n"
        "o = old(Time) ~~|\nq = t[b,z]*10+t[a,y] ~~|",
        {"q": 62, "y[a]": TIMES, "y[b]": [1, 2, 3, 3, 3], "k[b]": [0, 4, 8, 4, 0], "o": [10, 15, 20, 15, 10]},
    ),
    "initial values of their own": (
        "s = INTEG(x, 5) ~~|\nx = ACTIVE INITIAL(s*0.1+y, 1) ~~|\ny = INITIAL(x)*2 + INITIAL(s) ~~|\n"
        "z = REINITIAL(Time+3) ~~|",
        {"y": 7, "x": [7.5, 8.25, 9.075, 9.9825, 10.98075], "z": 3},
    ),
    "names of all kinds": (
        '"a+b (net) \\"x\\"" = 3 ~ "$/yr" ~ it\'s "quoted" ~ :SUPPLEMENTARY|\n'
        '"2nd value" = "a+b (net) \\"x\\""*2 ~ Dmnl [0,10,0.5] ~ |\nGröße über µ = "2nd value" + 1 ~~ ä ~ :SUP |\n'
        "变量 = Größe Über Μ ~~|\nx'1 = 2 ~~|\nmin value = 3 ~~|\nintegrated = MAX(min value, x'1) ~~|\n"
        "Time to wait = 6 ~~|\nsum of = Time to\twait\n + integrated ~~|",
        {"2nd value": 6, "变量": 7, "sum of": 9},
    ),
    "logic and precedence": (
        "a = IF THEN ELSE(Time>1 :AND: :NOT: (Time=3) :OR: Time<=0, 1, 0) ~~|\nc = -2^2 ~~|\ne = 7 - -3 ~~|\n"
        "f = 1E3 + .5 + 1.e-1 ~~|\ng = MODULO(-7,3) + 3*-2 ~~|\nh = IF THEN ELSE(Time = :NA:, 1, 2) ~~|\n"
        "i = (Time>=2)*10 ~~|\nj = 2^-1 ~~|",
        {
            "a": [1, 0, 1, 0, 1],
            "c": -4,
            "e": 10,
            "f": 1000.6,
            "g": -7,
            "h": 2,
            "i": [0, 0, 10, 10, 10],
            "j": 0.5,
        },
    ),
    "time": (
        "a = SAMPLE IF TRUE(Time=2, Time*10, 5) ~~|\nb = PULSE(1,2) + PULSE TRAIN(0,1,2,4)*10 ~~|\n"
        "c = STEP(3,2) + RAMP(1,1,3) ~~|\nd = DELAY FIXED(Time, 2, -1) ~~|\ne = DELAY1(10+STEP(10,1),2) ~~|\n"
        "f = SMOOTHI(Time, 2, 4) ~~|\ng = GET TIME VALUE(0,1,0) ~~|",
        {
            "a": [5, 5, 20, 20, 20],
            "b": [10, 1, 11, 0, 10],
            "c": [0, 0, 4, 5, 5],
            "d": [-1, -1, 0, 1, 2],
            "e": [10, 10, 15, 17.5, 18.75],
            "f": [4, 2, 1.5, 1.75, 2.375],
            "g": [1, 2, 3, 4, 5],
        },
    ),
    "tests and reality checks": (
        "a = 3 ~~|\nb = a*2 ~~|\nno a :TEST INPUT: a = 0 ~~|\ncheck :THE CONDITION: no a :IMPLIES: b = 0 ~~|",
        {"b": 6},
    ),
    "groups and comments": (
        f"{'*' * 56}\n\t.Sector One\n{'*' * 56}~\n\t\tabout it\n\t|\na {{here}} = 3 {{and here}} ~ units {{c}} ~ doc |",
        {"a": 3},
    ),
}


def aux(name: str, equation: str, more: str = "") -> str:
    return f'<aux name="{name}"><eqn>{equation}</eqn>{more}</aux>'


def flow(name: str, equation: str, more: str = "") -> str:
    return f'<flow name="{name}"><eqn>{equation}</eqn>{more}</flow>'


RUNS = '<dimensions><dim name="R"/></dimensions>'
ARRAYS = (
    f'<aux name="a">{RUNS}<element subscript="x"><eqn>1</eqn></element><element subscript="y"><eqn>TIME</eqn>'
    '<gf><xscale min="0" max="4"/><yscale min="0" max="1"/><ypts>0,2,4,6,8</ypts></gf></element></aux>'
    f'<aux name="b">{RUNS}<eqn>a*10+a[x]</eqn></aux>'
    f'<stock name="S">{RUNS}<element subscript="x"><eqn>5</eqn></element>'
    '<element subscript="y"><eqn>6</eqn></element><inflow>f</inflow></stock>'
    f'<flow name="f">{RUNS}<eqn>b/10</eqn></flow>'
)

STELLA: dict[str, tuple[str, Expected]] = {
    "what a vendor adds": (
        '<stock name="Pop\\nulation"><doc>d</doc><eqn>100</eqn><inflow>births</inflow><outflow>deaths</outflow>'
        '<non_negative/><units>people</units><format precision="0.01" delimit_000s="true"/><isee:summing min="0"/>'
        '<event_poster min="0" max="10"><threshold value="5"><event sim_action="pause"><text_box>x</text_box></event>'
        "</threshold></event_poster></stock>"
        + flow("births", "Pop_ulation*0.5 {a comment}\n+ 0", "<non_negative/><units>people/Months</units>")
        + flow("deaths", "80", "<non_negative/>")
        + aux("x", "POP_ulation/10", '<isee:delay_aux/><range min="0" max="10"/>'),
        {"Pop\\nulation": [100, 70, 25, 0, 0], "deaths": [80, 80, 37.5, 0, 0], "x": [10, 7, 2.5, 0, 0]},
    ),
    "flows that are not negative": (
        '<stock name="S"><eqn>10</eqn><inflow>f</inflow></stock><stock name="T"><eqn>10</eqn><inflow>g</inflow></stock>'
        + flow("f", "TIME-2", "<non_negative/>")
        + flow("g", "TIME-2"),
        {"S": [10, 10, 10, 10, 11], "T": [10, 8, 7, 7, 8]},
    ),
    "outflows in their order where there is too little": (
        '<stock name="S"><eqn>10</eqn><inflow>i</inflow><outflow>a</outflow><outflow>b</outflow><non_negative/></stock>'
        + flow("i", "2")
        + flow("a", "8")
        + flow("b", "8"),
        {"S": [10, 0, 0, 0, 0], "a": [8, 2, 2, 2, 2], "b": [4, 0, 0, 0, 0]},
    ),
    "arrays by element, graphical functions among them": (
        ARRAYS
        + aux("total", "SUM(a)")
        + aux("size", "SIZE(a)")
        + aux("picked", "a[IF TIME&gt;1 THEN 2 ELSE 1]")
        + aux("mid", "MEAN(b[*])"),
        {
            "a[y]": [0, 2, 4, 6, 8],
            "b[x]": 11,
            "total": [1, 3, 5, 7, 9],
            "size": 2,
            "S[x]": [5, 6.1, 7.2, 8.3, 9.4],
            "picked": [1, 1, 4, 6, 8],
            "mid": [6, 16, 26, 36, 46],
        },
    ),
    "conditions": (
        aux(
            "a",
            "IF TIME &gt;= 2 AND NOT (TIME = 3) THEN IF TIME=2 THEN 5 ELSE 6 ELSE (IF TIME&lt;1 THEN 7 ELSE 8)",
        )
        + aux("b", "IF(TIME=2)THEN(1)ELSE(IF(TIME&lt;2)THEN(0)ELSE(-1))")
        + aux("c", "NOT (TIME=1) AND TIME&lt;3"),
        {"a": [7, 8, 5, 8, 6], "b": [0, 0, 1, -1, -1], "c": [1, 0, 1, 0, 0]},
    ),
    "arithmetic": (
        aux("a", "(7 MOD 4) + -2^2")
        + aux("b", "SAFEDIV(1,0)+SAFEDIV(4,2)+SAFEDIV(1,TIME,9)")
        + aux("c", "INT(-2.5)+ROUND(2.5)+ABS(-1)")
        + aux("q (x)", "1e3+.5")
        + aux("d", '"q_(x)"+1')
        + aux("e", "COMBINATIONS(5,3)+FACTORIAL(4)+PERMUTATIONS(5,3)")
        + aux("f", "PI+EXP(1)+LN(10)+LOG10(100)"),
        {
            "a": -1,
            "b": [11, 3, 2.5, 2 + 1 / 3, 2.25],
            "c": 1,
            "d": 1001.5,
            "e": 94,
            "f": math.pi + math.e + math.log(10) + 2,
        },
    ),
    "what was before": (
        aux("x", "TIME^2+1")
        + aux("a", "INIT(x)")
        + aux("b", "PREVIOUS(x,7)")
        + aux("c", "HISTORY(x,TIME-2)")
        + aux("d", "DELAY(x,2,-1)")
        + aux("e", "DELAY(x,2)")
        + aux("f", "PREVIOUS(SELF,1)*2")
        + aux("g", "SMTH1(x,2)"),
        {
            "a": 1,
            "b": [7, 1, 2, 5, 10],
            "c": [0, 0, 1, 2, 5],
            "d": [-1, -1, 1, 2, 5],
            "e": [1, 1, 1, 2, 5],
            "f": [2, 4, 8, 16, 32],
            "g": [1, 1, 1.5, 3.25, 6.625],
        },
    ),
    "pulses": (
        aux("a", "PULSE(10)")
        + aux("b", "PULSE(10,1)")
        + aux("c", "PULSE(10,1,2)")
        + aux("d", "STEP(5,2)+RAMP(2,1)"),
        {"a": [10, 0, 0, 0, 0], "b": [0, 10, 0, 0, 0], "c": [0, 10, 0, 10, 0], "d": [0, 0, 7, 9, 11]},
    ),
    "names": (
        aux("Größe &amp; co.", "2")
        + aux("b", '"größe_&amp;_co."*3')
        + aux("TIME STEP", "5")
        + aux("c", "TIME_STEP+DT+STARTTIME+STOPTIME")
        + aux("AND now", "AND_THEN*2")
        + aux("and then", "4"),
        {"b": 6, "c": 10, "AND now": 8},
    ),
    "graphical functions": (
        '<gf name="tbl"><xscale min="0" max="4"/><yscale min="0" max="8"/><ypts>0,1,4,9,16</ypts></gf>'
        + aux("y", "tbl(TIME/2)")
        + aux("z", "LOOKUP(tbl,3)")
        + aux("w", "TIME", '<gf discrete="true"><xpts>0,2,4</xpts><ypts>1,2,3</ypts></gf>')
        + aux("e", "TIME*2", '<gf type="extrapolate"><xpts>0,2</xpts><ypts>1,2</ypts></gf>'),
        {"y": [0, 0.5, 1, 2.5, 4], "z": 9, "w": [1, 1, 2, 2, 3], "e": [1, 2, 3, 4, 5]},
    ),
}


def stella(variables: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<xmile version="1.0" '
        'xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">'
        '<header><smile version="1.0" namespace="std, isee"/><name>m</name><vendor>isee systems, inc.</vendor>'
        '<product version="3.2" isee:build_number="3062" lang="en">Stella Architect</product></header>'
        '<sim_specs isee:sim_duration="1.5" method="Euler" time_units="Months"><start>0</start><stop>4</stop><dt>1</dt>'
        '</sim_specs><isee:prefs show_module_prefix="true" layer="model"/>'
        '<dimensions><dim name="R"><elem name="x"/><elem name="y"/></dim></dimensions>'
        f"<model><variables>{variables}</variables><views><style color='black'/></views></model></xmile>"
    )


def check(file: Path, expected: Expected) -> None:
    model = compile_file(file)
    found = []
    for engine in ("vm", "wasm"):
        with Simulation(model, engine) as simulation:
            simulation.run()
            found.append({name: list(simulation.series(name)) for name in expected})
    for name, values in expected.items():
        wanted = values if isinstance(values, list) else [values] * 5
        assert found[0][name] == pytest.approx(wanted, rel=1e-12, abs=1e-12), name
        assert bits(found[0][name]) == bits(found[1][name]), name


@pytest.mark.parametrize("name", VENSIM)
def test_a_vensim_model_gives_what_its_writer_expects(name: str, tmp_path: Path) -> None:
    file = tmp_path / "model.mdl"
    file.write_text(f"{{UTF-8}}\n{VENSIM[name][0]}\n{CLOCK}", encoding="utf-8")
    check(file, VENSIM[name][1])


@pytest.mark.parametrize("name", STELLA)
def test_a_stella_model_gives_what_its_writer_expects(name: str, tmp_path: Path) -> None:
    file = tmp_path / "model.stmx"
    file.write_text(stella(STELLA[name][0]), encoding="utf-8")
    check(file, STELLA[name][1])


@pytest.mark.parametrize(
    ("encoding", "mark", "line_end"),
    [
        ("utf-8", "{UTF-8}\n", "\r\n"),
        ("utf-8-sig", "{UTF-8}\n", "\n"),
        ("utf-16", "", "\n"),
        ("cp1252", "", "\r"),
    ],
)
def test_a_vensim_model_may_come_in_any_encoding(
    encoding: str, mark: str, line_end: str, tmp_path: Path
) -> None:
    text = f"{mark}Größe\\\n\t\tneu = 1 + 2 \\\n\t* 3 ~ widgets/ \\\n  Month ~ text |\ny = größe  neu ~~|\n{CLOCK}"
    file = tmp_path / "model.mdl"
    file.write_bytes(text.replace("\n", line_end).encode(encoding))
    check(file, {"y": 7})
