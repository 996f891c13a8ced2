"""Addresses of the style guide; included in the namespace "fieldops"."""

from django.urls import path

from fieldops.styleguide.views import StyleguideView

urlpatterns = [
    path("", StyleguideView.as_view(), name="styleguide"),
    path("<slug:page>/", StyleguideView.as_view(), name="styleguide-page"),
]
