"""The people of the demo company: one of each role, one password that everybody knows."""

from fieldops.common.permissions import Role
from fieldops.users.models import User

DEMO_PASSWORD = "practice"  # noqa: S105 - shown on the screen of every start
DEMO_PEOPLE = {
    "administrator": Role.ADMINISTRATOR,
    "office": Role.OFFICE,
    "engineer": Role.ENGINEER,
    "accountant": Role.ACCOUNTANT,
}


def demo_sign_ins() -> list[str]:
    """The demo user names that can still sign in with the demo password."""
    people = User.objects.filter(username__in=DEMO_PEOPLE, is_active=True)
    return [
        user.username
        for user in people.order_by("pk")
        if user.check_password(DEMO_PASSWORD)
    ]
