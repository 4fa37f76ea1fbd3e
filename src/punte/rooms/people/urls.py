"""The addresses of people."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from punte.rooms.people import views

app_name = "people"

urlpatterns = [
    path("sign-in", views.SignIn.as_view(), name="sign_in"),
    path("sign-out", LogoutView.as_view(), name="sign_out"),
    path("profile", views.profile, name="profile"),
    path("password", views.password, name="password"),
    path("language", views.language, name="language"),
]
