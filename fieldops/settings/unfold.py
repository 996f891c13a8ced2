"""How Django admin looks: the office pages' blue, and a side bar made of what there is."""

UNFOLD = {
    "SITE_TITLE": "Fieldops",
    "SITE_HEADER": "Fieldops",
    "SITE_SUBHEADER": "Administration",
    "SITE_SYMBOL": "handyman",
    "SITE_URL": "/",
    "BORDER_RADIUS": "6px",
    "COLORS": {
        "primary": {
            "50": "#f1f7fd",
            "100": "#e5f0fb",
            "200": "#c5def6",
            "300": "#97c9fb",
            "400": "#6fb3f7",
            "500": "#2f7fcb",
            "600": "#0a5fb4",
            "700": "#084b8f",
            "800": "#0a3d71",
            "900": "#152c45",
            "950": "#06213c",
        }
    },
    "SIDEBAR": {"navigation": "fieldops.admin_site.side_bar"},
}
