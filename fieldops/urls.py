"""Every address of the project."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerView

from customers import urls as customer_urls
from fieldops import user_pages
from fieldops.dashboard import DashboardView
from fieldops.help_pages import HelpTopicView, HelpView
from fieldops.import_urls import import_urlpatterns
from fieldops.preferences import PreferencesView
from fieldops.search import SearchView
from fieldops.settings_pages import CompanyView, SettingsView
from fieldops.sign_in import SignedInView, SignInView
from invoicing import urls as invoicing_urls
from stock import urls as stock_urls
from xero_sync import urls as xero_urls

office_pages: list[URLPattern | URLResolver] = [
    path("", DashboardView.as_view(), name="dashboard"),
    path("signed-in/", SignedInView.as_view(), name="signed-in"),
    path("search/", SearchView.as_view(), name="search"),
    path("help/", HelpView.as_view(), name="help"),
    path("help/<slug:slug>/", HelpTopicView.as_view(), name="help-topic"),
    path("preferences/", PreferencesView.as_view(), name="preferences"),
    path("settings/", SettingsView.as_view(), name="settings"),
    path("settings/company/", CompanyView.as_view(), name="company"),
    path("settings/users/", user_pages.UserListView.as_view(), name="user-list"),
    path(
        "settings/users/new/", user_pages.UserCreateView.as_view(), name="user-create"
    ),
    path(
        "settings/users/<int:pk>/", user_pages.UserEditView.as_view(), name="user-edit"
    ),
    path(
        "settings/users/<int:pk>/password/",
        user_pages.UserPasswordView.as_view(),
        name="user-password",
    ),
    *import_urlpatterns,
    path("styleguide/", include("fieldops.styleguide.urls")),
]

# Pages of contacts and of stock that show money or the chart lie in invoicing, those
# that look at Xero in the sync.
customers: list[URLPattern] = [
    *xero_urls.contact_pages,
    *invoicing_urls.customer_pages,
    *customer_urls.urlpatterns,
]
stock: list[URLPattern] = [
    *xero_urls.item_pages,
    *invoicing_urls.item_pages,
    *stock_urls.urlpatterns,
]

admin.autodiscover()
urlpatterns = [
    path("", include((office_pages, "fieldops"))),
    path("customers/", include((customers, "customers"))),
    path("stock/", include((stock, "stock"))),
    path("", include("invoicing.urls")),
    path("", include("xero_sync.urls")),
    path("sign-in/", SignInView.as_view(), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("fieldops.api.urls")),
    path("api/schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path(
        "api/docs/",
        SpectacularSwaggerView.as_view(url_name="api-schema"),
        name="api-docs",
    ),
]

handler500 = "fieldops.error_pages.server_error"
