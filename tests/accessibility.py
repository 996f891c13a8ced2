"""What axe finds wrong with a page, by the rules of WCAG 2.2 AA and its own advice."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.windows import show

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


def assert_readable(page: Page) -> None:
    """In the light on a desk, by every rule; in the dark on a phone by those that colours
    and width decide. What stands around it the style guide looks at all four ways."""
    assert violations(page) == [], page.url
    show(page, width=390, theme="dark")
    assert width_of_content(page) <= 390, page.url
    by_look = violations(page, "color-contrast", "target-size", within="main")
    assert by_look == [], f"{page.url}, on a phone"
    show(page)


def width_of_content(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
