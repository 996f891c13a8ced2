"""Names of the rights over the sync."""


class Right:
    VIEW = "xero_sync.view_sync"
    RUN = "xero_sync.run_sync"
    FIX = "xero_sync.fix_issue"
    CONNECT = "xero_sync.connect_xero"
    SETTINGS = "xero_sync.change_settings"
