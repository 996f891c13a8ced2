"""Sign in, sign out, see and end one's own sign-ins."""

from django.contrib.auth import authenticate
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fieldops.common.api.views import ApiViewSet
from fieldops.common.permissions import SIGNED_IN
from fieldops.users.api.serializers import (
    CredentialsSerializer,
    DeviceSerializer,
    SignedInSerializer,
)
from fieldops.users.api.throttles import SignInByAccount, SignInByAddress
from fieldops.users.models import DeviceToken, User
from fieldops.users.tokens import issue_token, open_sign_ins, revoke


class WrongCredentials(exceptions.APIException):
    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "wrong_credentials"
    default_detail = "The user name or the password is wrong."


class SignInView(APIView):
    """A token for one person on one device. It is shown this once; keep it safe."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [SignInByAddress, SignInByAccount]

    @extend_schema(
        request=CredentialsSerializer, responses={201: SignedInSerializer}, auth=[]
    )
    def post(self, request: Request) -> Response:
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        typed = credentials.validated_data
        user = authenticate(
            request, username=typed["username"], password=typed["password"]
        )
        if not isinstance(user, User):
            raise WrongCredentials
        token = issue_token(user, device=typed["device"])
        answer = SignedInSerializer({"token": token, "user": user})
        return Response(answer.data, status.HTTP_201_CREATED)


class DeviceViewSet(
    mixins.ListModelMixin, mixins.DestroyModelMixin, ApiViewSet[DeviceToken]
):
    """The devices you are signed in on; deleting one signs it out."""

    rights = {"list": SIGNED_IN, "destroy": SIGNED_IN, "sign_out": SIGNED_IN}
    queryset = DeviceToken.objects.none()
    serializer_class = DeviceSerializer

    def visible_rows(self) -> QuerySet[DeviceToken]:
        return open_sign_ins(self.user)

    def perform_destroy(self, instance: DeviceToken) -> None:
        revoke(open_sign_ins(self.user).filter(pk=instance.pk))

    @extend_schema(request=None, responses={204: None})
    def sign_out(self, request: Request) -> Response:
        """Ends the sign-in whose token was sent."""
        self.perform_destroy(self.sign_in)
        return Response(status=status.HTTP_204_NO_CONTENT)
