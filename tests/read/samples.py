"""Small models written for these tests, most of them in all three languages."""

MDL = r"""{UTF-8}
Room Temperature = 20
	~	Celsius [-30,40,0.5]
	~	What the tea cools \
		down to.
	|

Gap[Cup] = Tea[Cup] - Room Temperature
	~	Celsius
	~		|

Cup: mug, glass
	~	~ |

Cooling[Cup] = Gap[Cup] / Delay[Cup] * Draught(Time)
	~	Celsius/Minute
	~	Heat that is lost.
	~	:SUPPLEMENTARY
	|

Delay[Cup] = 10, 5 ~ Minute ~ |

Tea[Cup] = INTEG( -Cooling[Cup], 90 ) ~ Celsius ~ |

Draught( [(0,0)-(30,2)], (0,1), (10,1.5), (30,1) ) ~ ~ |

Smell = WITH LOOKUP ( Tea[mug], ((20,0),(90,1)) ) ~ ~ |

Mood = ACTIVE INITIAL( Smell * 2, 0.5 ) ~ ~ |

********************************************************
	.Control
********************************************************~
		Simulation Control Parameters
	|

FINAL TIME = 30 ~ Minute ~ |
INITIAL TIME = 0 ~ Minute ~ |
SAVEPER = TIME STEP ~ Minute ~ |
TIME STEP = 0.125 ~ Minute ~ |

\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*View 1
$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|72,72,100,0
10,1,Tea,307,235,40,20,3,3,0,0,0,0,0,0
12,2,48,479,235,10,8,0,3,0,0,-1,0,0,0
1,3,5,2,4,0,0,22,0,0,0,-1--1--1,,1|(441,235)|
11,5,48,408,235,6,8,34,3,0,0,1,0,0,0
10,6,Cooling,408,251,49,8,40,3,0,0,-1,0,0,0
10,7,Room Temperature,469,304,49,8,8,3,0,0,0,0,0,0
1,8,7,6,0,0,0,0,0,64,0,-1--1--1,,1|(408,198)|
///---\\\
:L<%^E!@
15:0,0,0,5,0,0
"""

XMILE = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
  <header><name>Tea</name><vendor>none</vendor></header>
  <sim_specs method="RK4" time_units="Minute" isee:save_interval="0.5">
    <start>0</start><stop>30</stop><dt reciprocal="true">8</dt>
  </sim_specs>
  <dimensions><dim name="Cup"><elem name="mug"/><elem name="glass"/></dim><dim name="N" size="3"/></dimensions>
  <behavior><stock><non_negative/></stock></behavior>
  <model>
    <variables>
      <!-- a comment -- with dashes -->
      <stock name="Tea"><doc>A &amp; B</doc><dimensions><dim name="Cup"/></dimensions>
        <eqn>90</eqn><outflow>Cooling</outflow><units>Celsius</units></stock>
      <stock name="Milk"><eqn>1</eqn><non_negative>false</non_negative></stock>
      <flow name="Cooling"><dimensions><dim name="Cup"/></dimensions>
        <eqn>IF Tea[Cup] &gt; Room_Temperature THEN (Tea[Cup] - Room_Temperature) / Delay[Cup] ELSE 0</eqn>
        <non_negative/></flow>
      <aux name="Delay"><dimensions><dim name="Cup"/></dimensions>
        <element subscript="mug"><eqn>10</eqn></element>
        <element subscript="glass"><eqn>5</eqn></element></aux>
      <aux name="Room\\nTemperature"><eqn>20 {a comment}</eqn><range min="-30" max="40"/></aux>
      <aux name="Smell"><eqn>Tea[mug]</eqn>
        <gf type="extrapolate"><xscale min="20" max="90"/><yscale min="0" max="1"/>
          <ypts sep=";">0;0.25;1</ypts></gf></aux>
      <gf name="Draught" type="discrete"><xpts>0,10,30</xpts><ypts>1,1.5,1</ypts></gf>
      <aux name="Mood"><eqn>Smell * 2</eqn><init_eqn>0.5</init_eqn></aux>
      <group name="Senses"><var>Smell</var><var>Mood</var></group>
    </variables>
    <views><view>
      <stock name="Tea" x="300" y="200"/>
      <flow name="Cooling" x="380" y="200"><pts><pt x="320" y="200"/><pt x="450" y="200"/></pts></flow>
      <connector angle="45"><from>Tea</from><to>Cooling</to></connector>
    </view></views>
  </model>
</xmile>
"""

PEN = """model Tea "How tea cools"
time 0 to 30 by 1 / 8 {Minute} save every 0.5 using rk4   # a comment

dim Cup = mug, glass
group Cups
non-negative stock Tea[Cup] = 90 {Celsius} "A \\"hot\\" drink"
  out Cooling
stock Milk = 1
  net -Milk / 10
flow Cooling[Cup] = if Tea[Cup] > Room Temperature
    then (Tea[Cup] - Room Temperature) /
    Delay[Cup] else 0
const Delay[mug] = 10 {Minute}
const Delay[glass] = 5
const Room Temperature = 20 {Celsius} slider -30 to 40 by 0.5 "Outside"
aux Smell = lookup(Tea[mug]; (20, 0) (55, 0.25) (90, 1) extrapolate)
lookup Draught = (0, 1), (10, 1.5), (30, 1) discrete {1}
aux Mood = Smell * 2 initially 0.5
aux `if and else` = 1, 2; 3, 4
"""

SAMPLES = {"mdl": MDL, "xmile": XMILE, "pen": PEN}
