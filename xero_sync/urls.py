"""Addresses of the sync's pages, included at the root; ``contact_pages`` and
``item_pages`` are for ``fieldops.urls`` to put in their place."""

from django.urls import path

from xero_sync.web import (
    views_brake,
    views_bring_back,
    views_called_two,
    views_connect,
    views_consolidation,
    views_copies,
    views_first_sync,
    views_issues,
    views_left_out,
    views_link_file,
    views_records,
    views_send,
    views_settings,
    views_start_again,
    views_typing,
    views_undo,
    views_without_twin,
)
from xero_sync.web import views_sync as sync

app_name = "xero_sync"

urlpatterns = [
    path("xero/", sync.SyncView.as_view(), name="sync"),
    path("xero/state/", sync.StateView.as_view(), name="state"),
    path("xero/now/", sync.SyncNowView.as_view(), name="sync-now"),
    path("xero/preview/", views_first_sync.PreviewView.as_view(), name="preview"),
    path(
        "xero/preview/<int:pk>/sign-off/",
        views_first_sync.SignOffView.as_view(),
        name="sign-off",
    ),
    path("xero/first/", views_first_sync.FirstSyncView.as_view(), name="first-sync"),
    path("xero/runs/<int:pk>/", sync.RunView.as_view(), name="run"),
    path("xero/runs/<int:pk>/progress/", sync.ProgressView.as_view(), name="progress"),
    path("xero/runs/<int:pk>/stop/", sync.StopView.as_view(), name="stop"),
    path("xero/runs/<int:pk>/go-on/", sync.GoOnView.as_view(), name="go-on"),
    path(
        "xero/runs/<int:pk>/question/",
        views_brake.QuestionView.as_view(),
        name="question",
    ),
    path("xero/runs/<int:pk>/undo/", views_undo.UndoView.as_view(), name="undo"),
    path("xero/kept-back/", views_brake.KeptBackView.as_view(), name="kept-back"),
    path(
        "xero/left-out/<slug:key>/",
        views_left_out.LeftOutView.as_view(),
        name="left-out",
    ),
    path("xero/send/", views_send.SendView.as_view(), name="send"),
    path("xero/issues/export/", views_issues.ExportView.as_view(), name="issue-export"),
    path(
        "xero/issues/try-again/",
        views_issues.TryAllAgainView.as_view(),
        name="issues-try-again",
    ),
    path("xero/issues/link/", views_issues.LinkAlikeView.as_view(), name="issues-link"),
    path("xero/issues/<int:pk>/", views_issues.RowView.as_view(), name="issue"),
    path("xero/issues/<int:pk>/fix/", views_issues.FixView.as_view(), name="issue-fix"),
    path(
        "xero/issues/<int:pk>/name/",
        views_issues.NameView.as_view(),
        name="issue-name",
    ),
    path(
        "xero/issues/<int:pk>/try-again/",
        views_issues.TryAgainView.as_view(),
        name="issue-try-again",
    ),
    path(
        "xero/issues/<int:pk>/decide/",
        views_issues.DecideView.as_view(),
        name="issue-decide",
    ),
    path(
        "xero/issues/<int:pk>/accept/",
        views_issues.AcceptView.as_view(),
        name="issue-accept",
    ),
    path(
        "xero/issues/<int:pk>/bring-back/",
        views_bring_back.BringBackView.as_view(),
        name="issue-bring-back",
    ),
    path(
        "xero/issues/<int:pk>/keep/",
        views_bring_back.KeepView.as_view(),
        name="issue-keep",
    ),
    path(
        "xero/changes/<int:pk>/bring-back/",
        views_bring_back.RunBringBackView.as_view(),
        name="change-bring-back",
    ),
    path(
        "xero/duplicates/",
        views_consolidation.DuplicatesView.as_view(),
        name="duplicates",
    ),
    path(
        "xero/duplicates/<int:pk>/",
        views_consolidation.DuplicatesView.as_view(),
        name="duplicate",
    ),
    path(
        "xero/duplicates/<int:pk>/decide/",
        views_consolidation.DecidePairView.as_view(),
        name="duplicate-decide",
    ),
    path(
        "xero/duplicates/<int:pk>/take-back/",
        views_consolidation.TakeBackView.as_view(),
        name="duplicate-take-back",
    ),
    path(
        "xero/duplicates/undo/",
        views_consolidation.UndoView.as_view(),
        name="duplicates-undo",
    ),
    path(
        "xero/duplicates/certain/",
        views_consolidation.AcceptCertainView.as_view(),
        name="duplicates-certain",
    ),
    path(
        "xero/duplicates/start-with/",
        views_consolidation.StartWithView.as_view(),
        name="duplicates-start-with",
    ),
    path("xero/duplicates/copies/", views_copies.CopiesView.as_view(), name="copies"),
    path(
        "xero/duplicates/called-two/",
        views_called_two.CalledTwoView.as_view(),
        name="called-two",
    ),
    path(
        "xero/duplicates/called-two/<int:pk>/ask-again/",
        views_called_two.AskAgainView.as_view(),
        name="ask-again",
    ),
    path(
        "xero/duplicates/without-twin/",
        views_without_twin.WithoutTwinView.as_view(),
        name="without-twin",
    ),
    path(
        "xero/typed/contact/",
        views_typing.TypedContactView.as_view(),
        name="typed-contact",
    ),
    path("xero/typed/item/", views_typing.TypedItemView.as_view(), name="typed-item"),
    path(
        "xero/duplicates/links/",
        views_link_file.LinkFileView.as_view(),
        name="link-file",
    ),
    path(
        "xero/duplicates/links/keep/",
        views_link_file.KeepLinksView.as_view(),
        name="link-file-keep",
    ),
    path(
        "xero/contacts/<int:pk>/own-name/",
        views_records.OwnNameView.as_view(),
        name="own-name",
    ),
    path(
        "xero/merges/<int:pk>/archive/",
        views_records.ArchiveMergedView.as_view(),
        name="archive-merged",
    ),
    path("xero/connect/", views_connect.ConnectView.as_view(), name="connect"),
    path("xero/callback/", views_connect.CallbackView.as_view(), name="callback"),
    path(
        "xero/organisation/",
        views_connect.OrganisationView.as_view(),
        name="organisation",
    ),
    path(
        "xero/start-again/",
        views_start_again.StartAgainView.as_view(),
        name="start-again",
    ),
    path("xero/start-again/stay/", views_start_again.StayView.as_view(), name="stay"),
    path("xero/disconnect/", views_connect.DisconnectView.as_view(), name="disconnect"),
    path("settings/xero/", views_settings.XeroSettingsView.as_view(), name="settings"),
    path(
        "settings/customers/",
        views_settings.CustomerSettingsView.as_view(),
        name="customer-settings",
    ),
]

contact_pages = [
    path(
        "new/",
        views_typing.NewContactView.as_view(group="customer"),
        name="customer-create",
    ),
    path(
        "leads/new/",
        views_typing.NewContactView.as_view(group="lead"),
        name="lead-create",
    ),
    path(
        "suppliers/new/",
        views_typing.NewContactView.as_view(group="supplier"),
        name="supplier-create",
    ),
    path(
        "<int:pk>/take-over/",
        views_typing.TakeOverContactView.as_view(),
        name="contact-take-over",
    ),
]

item_pages = [
    path("new/", views_typing.NewItemView.as_view(), name="item-create"),
    path(
        "<int:pk>/take-over/",
        views_typing.TakeOverItemView.as_view(),
        name="item-take-over",
    ),
]
