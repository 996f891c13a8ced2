"""Addresses of the stock pages; ``fieldops.urls`` adds those that show the chart."""

from django.urls import path

from stock import merge_views, views

urlpatterns = [
    path("", views.ItemListView.as_view(), name="item-list"),
    path("<int:pk>/archive/", views.ItemArchiveView.as_view(), name="item-archive"),
    path("<int:pk>/restore/", views.ItemRestoreView.as_view(), name="item-restore"),
    path(
        "<int:pk>/bring-back/",
        views.ItemBringBackView.as_view(),
        name="item-bring-back",
    ),
    path("<int:pk>/merge/", merge_views.ItemMergeView.as_view(), name="item-merge"),
    path(
        "merges/<int:pk>/undo/",
        merge_views.ItemUndoMergeView.as_view(),
        name="item-merge-undo",
    ),
    path("<int:pk>/move/", views.ItemMoveView.as_view(), name="item-move"),
]
