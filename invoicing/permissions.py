"""Names of the rights over invoices and the chart of accounts."""


class Right:
    VIEW = "invoicing.view_invoice"
    EDIT = "invoicing.edit_invoice"
    APPROVE = "invoicing.approve_invoice"
    CANCEL = "invoicing.cancel_invoice"
    VIEW_ACCOUNTS = "invoicing.view_account"
    CHANGE_ACCOUNTS = "invoicing.change_account"
