#!/bin/sh
# The browser tests need Chromium. The pages bring their own Chinese font, so no font package is needed.
for browser in "$MINGJING_CHROMIUM" chromium chromium-browser google-chrome; do
    [ -n "$browser" ] && command -v "$browser" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests …"
    apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
    echo "Chromium could not be installed; apt-get's own message stands above." >&2
    exit 1
fi
echo "The browser tests need Chromium, and this account may not install it." >&2
echo "Ask an administrator for: apt-get install chromium (or set MINGJING_CHROMIUM to a Chrome), then run make test again." >&2
exit 1
