// A page that a busy server could not draw asks again by itself: later each time, and not when all the others do.
(() => {
const TRIES = "mingjing.tries"; // in sessionStorage: how often this address was asked for in vain
let tries = 1;
try {
  const [address, times] = JSON.parse(sessionStorage.getItem(TRIES)) || [];
  if (address === location.href) tries = times + 1;
  sessionStorage.setItem(TRIES, JSON.stringify([location.href, tries]));
} catch { /* a browser that keeps nothing asks evenly */ }
setTimeout(() => location.reload(), Math.min(60, 2 ** tries) * 1000 * (0.5 + Math.random()));
})();
