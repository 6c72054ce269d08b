// A page is drawn after it was loaded, so the browser cannot find the place that an address names (#funnel) by itself.
(() => {
  const place = () => location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let watch = null;
  function go() {
    if (watch) watch.disconnect();
    if (location.hash.length < 2) return;
    const found = () => {
      if (!place()) return false;
      watch.disconnect();
      // charts above it still take their height
      requestAnimationFrame(() => requestAnimationFrame(() => place() && place().scrollIntoView()));
      return true;
    };
    watch = new MutationObserver(found);
    watch.observe(document.documentElement, { childList: true, subtree: true });
    const mine = watch;
    setTimeout(() => mine.disconnect(), 15000);
  }
  go();
  window.addEventListener("_dashprivate_pushstate", go);
})();
