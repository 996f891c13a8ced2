"""Lists page by page: no count, and no gap or repeat while rows are added."""

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from fieldops.common.numbers import whole_number


class NewestFirst(CursorPagination):
    """The place in the list is the last row's id, which never changes."""

    ordering = "-id"
    page_size = 100
    max_page_size = 500
    page_size_query_param = "limit"
    page_size_query_description = "Rows per page, 1 to 500."
    cursor_query_description = "Where to go on: taken from `next` or `previous`."

    def get_page_size(self, request: Request) -> int:
        typed = request.query_params.get("limit", str(self.page_size))
        limit = whole_number(typed)
        if limit is None or not 1 <= limit <= self.max_page_size:
            raise ValidationError({"limit": ["Enter a number from 1 to 500."]})
        return limit

    def decode_cursor(self, request: Request) -> Cursor | None:
        wrong = ValidationError({"cursor": ["This cursor is not one of ours."]})
        try:
            cursor: Cursor | None = super().decode_cursor(request)
        except NotFound:
            raise wrong from None
        if cursor and whole_number(str(cursor.position)) is None:
            raise wrong
        return cursor
