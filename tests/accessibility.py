"""What axe finds wrong with a page, by the rules of WCAG 2.2 AA and its own advice."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """([within, options]) => axe.run(within, options).then(found =>
    found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html])))"""


def violations(page: Page, *rules: str, within: str = "html") -> list[list[str]]:
    """Each as a rule and the element that breaks it; of ``rules`` alone when named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": rules} if rules else RULES
    # Writing out all that passed would take longer than looking.
    options = {"runOnly": only, "resultTypes": ["violations"]}
    found: list[list[str]] = page.evaluate(LOOK, [within, options])
    return found


def width_of_content(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
