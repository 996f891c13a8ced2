"""Names of the rights over stock."""


class Right:
    VIEW = "stock.view_stockitem"
    CHANGE = "stock.change_stockitem"
    MOVE = "stock.move_stock"
    MERGE = "stock.merge_stockitem"
