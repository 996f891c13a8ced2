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
    """The names to show on the screen of a start; none once the password was changed.

    Only one password is tried: checking a password is slow on purpose.
    """
    people = User.objects.filter(username__in=DEMO_PEOPLE, is_active=True)
    first = people.filter(role=Role.ADMINISTRATOR).first()
    if first is None or not first.check_password(DEMO_PASSWORD):
        return []
    return list(people.order_by("pk").values_list("username", flat=True))
