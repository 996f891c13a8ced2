"""``{% component %}``: an include with a body and named slots, blind to the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.template import Context, Node, NodeList, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString, mark_safe


class SlotNode(Node):
    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - rendered


@dataclass
class ComponentNode(Node):
    """Body and slots see the page's variables; the component sees its inputs only."""

    name: str
    inputs: dict[str, FilterExpression]
    slots: list[SlotNode]
    nodelist: NodeList

    def render(self, context: Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.inputs.items()}
        values |= {slot.name: slot.render(context) for slot in self.slots}
        body = self.nodelist.render(context).strip()
        values["body"] = mark_safe(body)  # noqa: S308 - rendered by the engine
        if "csrf_token" in context:
            values["csrf_token"] = context["csrf_token"]
        engine = cast(Template, context.template).engine
        template = engine.get_template(f"components/{self.name}.html")
        return template.render(context.new(values))


def _name_and_inputs(
    parser: Parser, token: Token
) -> tuple[str, dict[str, FilterExpression]]:
    tag, *bits = token.split_contents()
    if not bits or bits[0][0] not in "'\"":
        raise TemplateSyntaxError(f"{tag} needs a name in quotes first.")
    name = bits.pop(0)[1:-1]
    inputs = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"{tag} '{name}' takes name=value, not {bits[0]!r}.")
    return name, inputs


def parse_slot(parser: Parser, token: Token) -> SlotNode:
    name, inputs = _name_and_inputs(parser, token)
    if inputs:
        raise TemplateSyntaxError(f"slot '{name}' takes no inputs.")
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(name, nodelist)


def parse_component(parser: Parser, token: Token) -> ComponentNode:
    name, inputs = _name_and_inputs(parser, token)
    nodelist = parser.parse(("endcomponent",))
    parser.delete_first_token()
    slots = [node for node in nodelist if isinstance(node, SlotNode)]
    body = NodeList(node for node in nodelist if not isinstance(node, SlotNode))
    return ComponentNode(name, inputs, slots, body)
