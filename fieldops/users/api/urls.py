"""Addresses of signing in and out."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from fieldops.users.api.views import DeviceViewSet, SignInView

router = SimpleRouter(trailing_slash=False)
router.register("devices", DeviceViewSet, basename="device")

urlpatterns = [
    path("sign-in", SignInView.as_view(), name="sign-in"),
    path("sign-out", DeviceViewSet.as_view({"post": "sign_out"}), name="sign-out"),
    *router.urls,
]
