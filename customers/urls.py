"""Addresses of the contact pages; ``fieldops.urls`` adds those that show money
or look at Xero."""

from django.urls import path

from customers import merge_views, views

urlpatterns = [
    path("leads/", views.LeadListView.as_view(), name="lead-list"),
    path("suppliers/", views.SupplierListView.as_view(), name="supplier-list"),
    path(
        "<int:pk>/merge/", merge_views.ContactMergeView.as_view(), name="contact-merge"
    ),
    path(
        "merges/<int:pk>/undo/",
        merge_views.ContactUndoMergeView.as_view(),
        name="contact-merge-undo",
    ),
    path("<int:pk>/edit/", views.ContactEditView.as_view(), name="contact-edit"),
    path(
        "<int:pk>/bring-back/",
        views.ContactBringBackView.as_view(),
        name="contact-bring-back",
    ),
    path(
        "<int:pk>/archive/", views.ContactArchiveView.as_view(), name="contact-archive"
    ),
    path(
        "<int:pk>/restore/", views.ContactRestoreView.as_view(), name="contact-restore"
    ),
]
