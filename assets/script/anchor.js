// A page is drawn after it was loaded, so the browser cannot find the place that an address names (#funnel) by itself.
(() => {
  const place = () => location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (location.hash.length < 2) return;
  const watch = new MutationObserver(() => {
    const found = place();
    if (!found) return;
    watch.disconnect();
    requestAnimationFrame(() => found.scrollIntoView());
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), 15000);
})();
