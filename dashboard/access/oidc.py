"""Signing in with the office's identity provider: OpenID Connect, by Authlib."""

import os
import secrets
from pathlib import Path

import flask
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask.sessions import SecureCookieSessionInterface
from joserfc.errors import JoseError
from requests import RequestException

from dashboard.access.identity import is_secure
from dashboard.settings import Oidc, SettingsError

SECRET_FILE = ".secret"
SECRET_BYTES = 32
TIMEOUT_SECONDS = 10
COOKIE = "mingjing-oidc"  # carries state and nonce to the provider and back, signed


class ProviderError(Exception):
    """The provider cannot be reached, or what came back is not from it or not for us."""


class _Underway(SecureCookieSessionInterface):
    """The signed cookie of a browser that is on its way to the provider and back."""

    def get_cookie_secure(self, app: flask.Flask) -> bool:
        return is_secure(flask.request)


class Provider:
    """One identity provider, as the settings name it. Nothing is asked of it before somebody signs in."""

    def __init__(self, server: flask.Flask, settings: Oidc, folder: Path):
        """`SettingsError` where the client's secret cannot be read."""
        self._settings = settings
        server.secret_key = own_secret(folder)
        server.session_interface = _Underway()
        server.config.update(SESSION_COOKIE_NAME=COOKIE, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
        self._client = OAuth(server).register(
            "office",
            client_id=settings.client_id,
            client_secret=client_secret(settings, folder),
            server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT_SECONDS,
            },
        )

    def asked(self, back: str, following: str) -> flask.Response:
        """Send the browser there; it comes `back` to that address, and goes to `following` in the end."""
        try:
            response = self._client.authorize_redirect(back)
        except (OAuthError, RequestException, ValueError, KeyError) as error:
            raise ProviderError(type(error).__name__) from error
        flask.session["following"] = following
        return response

    def answered(self) -> tuple[str, str]:
        """The name that the provider vouches for, by the claim of the settings, and where the browser goes next."""
        following = flask.session.pop("following", "")
        own = {
            "iss": {"essential": True, "values": [self._settings.issuer, self._settings.issuer.rstrip("/")]},
            "aud": {"essential": True, "values": [self._settings.client_id]},
        }
        try:
            token = self._client.authorize_access_token(claims_options=own)
        except (OAuthError, JoseError, RequestException, ValueError, KeyError, TypeError) as error:
            raise ProviderError(type(error).__name__) from error
        finally:
            flask.session.clear()
        name = (token.get("userinfo") or {}).get(self._settings.claim)
        if not (isinstance(name, str) and name):
            raise ProviderError(self._settings.claim)
        return name, following


def client_secret(settings: Oidc, folder: Path) -> str:
    """The secret that the provider knows this client by. `SettingsError` where there is none."""
    path = folder / settings.secret_file
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"access.oidc.secret_file: {error}") from None
    if not secret:
        raise SettingsError(f"access.oidc.secret_file: {path} is empty.")
    return secret


def own_secret(folder: Path) -> bytes:
    """What this server signs with: made once, read by every process, and by nobody else."""
    path = folder / SECRET_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        own = folder / f"{SECRET_FILE}.{secrets.token_hex(8)}"
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
        try:
            os.link(own, path)  # whole or not there, and never over another process's
        except FileExistsError:
            pass
        finally:
            own.unlink()
    secret = path.read_bytes()
    if len(secret) < SECRET_BYTES or len(set(secret)) < SECRET_BYTES // 4 or path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} is short, no secret or readable for others; remove it, and a new one is made.")
    return secret
