"""Diagrams as XMILE has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import atan2, degrees

from ...model import Connector, Ident, Model, View, ViewItem, canonical
from ...read.xmile.kept import FORMAT
from ...read.xmile.markup import Node
from ...read.xmile.views import middle_of
from ..expression import number
from .context import Context, add_rest
from .variables import tag_of

_TAGS = {
    "stock": "stock",
    "flow": "flow",
    "auxiliary": "aux",
    "alias": "alias",
    "comment": "text_box",
    "cloud": "cloud",
}

_WORDS = {"stock": "a stock", "flow": "a flow", "aux": "an auxiliary"}


def write_views(parent: Node, model: Model, context: Context) -> None:
    """The views of a model; without any, Stella and Penstock lay the diagram out themselves."""
    if not model.views:
        return
    views = parent.element("views")
    tags = {variable.ident: tag_of(variable) for variable in model.variables}
    tags |= {module.ident: "module" for module in model.modules}
    uids = [item.uid for view in model.views for item in view.items]
    uids += [connector.uid for view in model.views for connector in view.connectors]
    counter = _Counter(max(uids, default=0))
    for position, view in enumerate(model.views, start=1):
        node = views.element("view", type="stock_flow")
        if view.name != f"View {position}":
            node.attributes["name"] = view.name
        _View(node, view, tags, counter, context).write()


def written_view(node: Node, view: View, tags: Mapping[Ident, str], context: Context) -> None:
    """One view, into its element; `tags` are those of what it shows."""
    uids = [item.uid for item in view.items] + [connector.uid for connector in view.connectors]
    last = max(uids, default=0)
    _View(node, view, tags, _Counter(last), context).write()


@dataclass(slots=True)
class _Counter:
    """Numbers that no symbol of a model has yet."""

    last: int

    def next(self) -> int:
        self.last += 1
        return self.last


@dataclass(slots=True)
class _View:
    """One view while it is written."""

    node: Node
    view: View
    tags: Mapping[Ident, str]
    counter: _Counter
    context: Context

    @property
    def is_own(self) -> bool:
        """Whether looks of symbols are in XMILE's words."""
        return self.view.format == FORMAT

    def write(self) -> None:
        if self.is_own:
            add_rest(self.node, self.view.style)
        aliases: dict[int, str] = {}
        drawn: set[Ident] = set()
        for item in self.view.items:
            self._item(item, aliases, drawn)
        for connector in self.view.connectors:
            self._connector(connector, aliases)

    def _lost(self, what: str) -> None:
        self.context.losses.left_out(f"{what} in the view {self.view.name}")

    def _changed(self, what: str, instead: str) -> None:
        self.context.losses.written_as(f"{what} in the view {self.view.name}", instead)

    def _item(self, item: ViewItem, aliases: dict[int, str], drawn: set[Ident]) -> None:
        tag = _TAGS.get(item.kind, "")
        if not tag or (tag == "cloud" and not self.is_own):
            self._lost(f"{item.kind}s")
            return
        if not item.name and tag in ("stock", "flow", "aux"):
            self._lost(f"{item.kind}s without a name")
            return
        if tag in ("stock", "flow", "aux"):
            tag = self._variable(item, tag, drawn)
        node = Node(tag, {} if tag in ("alias", "text_box", "cloud") else {"name": item.name})
        uid = item.uid or (self.counter.next() if tag == "alias" else 0)
        if uid and (self.is_own or tag == "alias"):
            node.attributes["uid"] = str(uid)
        self._place(node, item)
        if tag == "alias":
            aliases[uid] = item.name
            node.element("of", self.context.printer.name(item.name))
        elif tag == "text_box" and item.name.strip():
            node.content.append(item.name.strip())
        elif tag == "flow":
            self._pipe(node, item)
        if self.is_own:
            add_rest(node, item.style)
        self.node.add(node)

    def _variable(self, item: ViewItem, tag: str, drawn: set[Ident]) -> str:
        """The tag of a variable's symbol: that of the variable; an alias where it is drawn already."""
        ident = canonical(item.name)
        if ident in drawn:
            self._changed(f"further symbols of {item.name}", "aliases")
            return "alias"
        drawn.add(ident)
        wanted = self.tags.get(ident, tag)
        wanted = "aux" if wanted == "gf" else wanted
        if wanted != tag and wanted != "module":
            self._changed(f"the {item.kind} {item.name}", f"the symbol of {_WORDS[wanted]}")
        return wanted

    def _place(self, node: Node, item: ViewItem) -> None:
        """With a size, the place is that of the upper left corner."""
        for key, middle, half in (("x", item.x, item.width), ("y", item.y, item.height)):
            corner = middle - half
            node.attributes[key] = number(corner)
            if middle_of(corner, half) != middle:
                self._changed("places with many decimals", "rounded ones")
        if item.width or item.height:
            node.attributes["width"] = number(2 * item.width)
            node.attributes["height"] = number(2 * item.height)

    def _pipe(self, node: Node, item: ViewItem) -> None:
        points = item.points
        if not points:
            self._changed(f"the pipe of {item.name}, which has no ends", "a short pipe")
            points = ((item.x - 50, item.y), (item.x + 50, item.y))
        pts = node.element("pts")
        for x, y in points:
            pts.element("pt", x=number(x), y=number(y))

    def _connector(self, connector: Connector, aliases: Mapping[int, str]) -> None:
        if not (connector.source and connector.target):
            self._lost("arrows from clouds and valves")
            return
        node = Node("connector")
        if connector.uid and self.is_own:
            node.attributes["uid"] = str(connector.uid)
        angle = connector.angle
        if angle is None and not self.is_own:
            self._changed("arrows without an angle", "straight arrows")
            angle = self._straight(connector)
        if angle is not None:
            node.attributes["angle"] = number(angle)
        source = node.element("from")
        if aliases.get(connector.ends[0]) == connector.source:
            source.element("alias", uid=str(connector.ends[0]))
        else:
            source.content.append(self.context.printer.name(connector.source))
        node.element("to", self.context.printer.name(connector.target))
        if self.is_own:
            add_rest(node, connector.style)
        self.node.add(node)

    def _straight(self, connector: Connector) -> float:
        """The angle of a straight arrow, counter-clockwise from 3 o'clock."""
        places = {canonical(item.name): item for item in reversed(self.view.items)}
        by_uid = {item.uid: item for item in self.view.items if item.uid}
        ends = zip(connector.ends, (connector.source, connector.target), strict=True)
        first, last = (by_uid.get(uid) or places.get(canonical(name)) for uid, name in ends)
        if first is None or last is None:
            return 0.0
        return round(degrees(atan2(first.y - last.y, last.x - first.x)), 3)
