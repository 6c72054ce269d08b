#!/bin/sh
# What the tests need beside Python: Chromium, without which they fail, and LibreOffice and poppler, which open the
# documents again: tests that need those two are skipped where they are not there. The product brings its own fonts.
has() { command -v "$1" >/dev/null 2>&1; }
may_install() { [ "$(id -u)" = 0 ] && has apt-get; }
install() { apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

if may_install && { ! has soffice || ! has pdftotext; }; then
    echo "Installing LibreOffice and poppler for the tests of documents …"
    install libreoffice-writer libreoffice-impress poppler-utils || echo "Not installed: those tests are skipped." >&2
fi

for browser in "$MINGJING_CHROMIUM" chromium chromium-browser google-chrome; do
    [ -n "$browser" ] && has "$browser" && exit 0
done
if may_install; then
    echo "Installing Chromium for the browser tests …"
    install chromium && exit 0
    echo "Chromium could not be installed; apt-get's own message stands above." >&2
    exit 1
fi
echo "The browser tests need Chromium, and this account may not install it." >&2
echo "Ask an administrator for: apt-get install chromium (or set MINGJING_CHROMIUM to a Chrome), then run make test again." >&2
exit 1
