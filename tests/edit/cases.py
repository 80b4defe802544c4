"""One model in the three formats, written the way people write: odd spacing, line breaks and comments."""

PEN = """\
model Cup   # a comment that stays
time 0 to 10 by 0.5   {Minute}

stock Tea =  180   {degree}  "What is drunk."
  out cooling   # all that it loses
flow cooling = (Tea - room temp) /
    tau   # Newton's law
const tau=10 {Minute} slider 1 to 20
aux room temp = if time > 2 then 70 else
      60 + 0 * tau
dim leaf = green, black
const share[leaf] = 1, 3
aux parts[leaf] = Tea * share[leaf]
aux all = sum(parts[leaf!]) + share[black]

view Main
  stock Tea (100, 100) (40, 20)
  flow cooling (200, 100) pipe (140, 100) (260, 100)
  aux room temp (200, 40)
  arrow Tea -> cooling
  arrow room temp -> cooling
"""

MDL = r"""{UTF-8}
Tea = INTEG (
	-cooling,
		180)
	~	degree
	~	What is drunk.
	|

cooling=
	( Tea - {of the air} room temp ) / \
		tau
	~	degree/Minute
	~		|

room temp = 70 ~ degree ~ Of the air. |
tau=	10
	~	Minute [1,20]
	~		|

FINAL TIME  = 10 ~ Minute ~ |
INITIAL TIME  = 0 ~ Minute ~ |
SAVEPER  = TIME STEP ~ Minute ~ |
TIME STEP  = 0.5 ~ Minute ~ |

\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*View 1
$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0
10,1,Tea,100,100,40,20,3,3,0,0,0,0,0,0
12,2,48,300,100,10,8,0,3,0,0,-1,0,0,0
1,3,5,2,4,0,0,22,0,0,0,-1--1--1,,1|(270,100)|
1,4,5,1,100,0,0,22,0,0,0,-1--1--1,,1|(170,100)|
11,5,48,200,100,6,8,34,3,0,0,1,0,0,0
10,6,cooling,200,119,30,11,40,3,0,0,-1,0,0,0
10,7,room temp,200,40,40,11,8,3,0,0,0,0,0,0
1,8,7,6,1,0,0,0,0,64,0,-1--1--1,,1|(200,70)|
///---\\\
:L<%^E!@
15:0,0,0,0,0,0
"""

XMILE = """\
<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
	<header><vendor>Someone</vendor><product>x</product></header>
	<sim_specs method="euler" time_units="Minute"><start>0</start>  <stop>10</stop><dt>0.5</dt></sim_specs>
	<!-- room_temp in a comment stays -->
	<model>
		<variables>
			<stock name="Tea">
				<doc>What is drunk.</doc>
				<eqn>180</eqn>
				<outflow>cooling</outflow>
				<units>degree</units>
			</stock>
			<flow name='cooling'>
				<eqn>( Tea - {of the air}
					"room temp" )/tau * (1 &lt; 2)</eqn>
			</flow>
			<aux name="room\\ntemp"><eqn>70</eqn></aux>
			<aux name="tau"><eqn>10</eqn><units>Minute</units></aux>
		</variables>
		<views>
			<view>
				<stock x="100" y="100" name="Tea"/>
				<flow x="200" y="100" name="cooling"><pts><pt x="140" y="100"/><pt x="260" y="100"/></pts></flow>
				<aux x="200" y="40" name="room\\ntemp"/>
				<connector angle="270"><from>room_temp</from><to>cooling</to></connector>
			</view>
		</views>
	</model>
</xmile>
"""

TEXTS = {"cup.pen": PEN, "cup.mdl": MDL, "cup.xmile": XMILE}
