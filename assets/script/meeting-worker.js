// Stands between the meeting's page and the network, and only there: as long as somebody answers, it does nothing. When
// nobody does, it answers with the copy that meeting.js keeps, which says of when it is. It is never shown otherwise, and
// is gone as soon as the server does not give the page any more: after signing out, or to somebody who may not see it.
const COPY = "mingjing-meeting";
const PATIENCE = 8000; // milliseconds: a network that is down often says nothing
const GONE = [502, 503, 504]; // what stands before a server that is not there says so

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

function place(address) {
  const url = new URL(address);
  ["slide", "rotate"].forEach((name) => url.searchParams.delete(name));
  return url.pathname + url.search;
}

async function copy(address) {
  const cache = await caches.open(COPY);
  const found = await cache.match(place(address));
  if (found) return found;
  const { pathname } = new URL(address);
  const [only] = (await cache.keys()).filter(({ url }) => new URL(url).pathname === pathname);
  return only && Response.redirect(only.url); // what there is, under its own address
}

async function page(request) {
  let answer = null;
  try { answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) }); } catch { /* nobody there */ }
  if (answer && !GONE.includes(answer.status)) {
    if (!answer.ok) await caches.delete(COPY);
    return answer;
  }
  return (await copy(request.url)) || answer || Response.error();
}

// A file of the copy is the same wherever it comes from: its address changes with it.
const asset = async (request) => (await caches.match(request.url, { ignoreVary: true })) || fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/assets/")) event.respondWith(asset(request));
});
