"""Names of the rights over contacts."""


class Right:
    VIEW = "customers.view_contact"
    ADD = "customers.add_contact"
    CHANGE = "customers.change_contact"
    ARCHIVE = "customers.archive_contact"
    MERGE = "customers.merge_contact"
