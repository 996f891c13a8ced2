"""The bases of every resource: list and detail; writes call a service and answer."""

from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from fieldops.common.actor import Actor
from fieldops.common.api.rights import HasRight, check_rights
from fieldops.common.models import Record
from fieldops.users.models import DeviceToken, User

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Record)


class ApiViewSet(viewsets.GenericViewSet[M], Generic[M]):
    """``rights`` names the right of every action; ``queryset`` only says which model."""

    rights: ClassVar[dict[str, str]] = {}
    permission_classes = [HasRight]
    lookup_field = "uid"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        check_rights(cls, cls.rights)

    def visible_rows(self) -> QuerySet[M]:
        """What this person may see."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[M]:
        if getattr(self, "swagger_fake_view", False):  # nobody asks: a schema is made
            return super().get_queryset()
        return self.visible_rows()

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 - HasRight saw to it
        return self.request.user

    @property
    def sign_in(self) -> DeviceToken:
        assert isinstance(self.request.auth, DeviceToken)  # noqa: S101 - as above
        return self.request.auth

    @property
    def actor(self) -> Actor:
        return Actor.person(self.user, f"by app on {self.sign_in.device}")

    def sent(
        self,
        serializer: type[serializers.BaseSerializer[Any]],
        *,
        partial: bool = False,
    ) -> dict[str, Any]:
        """The values of the request, checked for their shape."""
        context = self.get_serializer_context()
        reader = serializer(data=self.request.data, partial=partial, context=context)
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)


class ResourceViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet[R], Generic[R]
):
    """Records, with the revision of a single one as its entity tag."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._shown(self.get_object(), status.HTTP_200_OK)

    def answer(self, record: R, *, created: bool = False) -> Response:
        """The record as it stands after a write."""
        fresh = self.get_queryset().get(pk=record.pk)
        return self._shown(
            fresh, status.HTTP_201_CREATED if created else status.HTTP_200_OK
        )

    def _shown(self, record: R, code: int) -> Response:
        answer = Response(self.get_serializer(record).data, code)
        answer["ETag"] = f'"{record.revision}"'
        return answer
