/**
 * The service worker: built assets, one shell without a person, and clinic pages as a stranger sees them, so that what was
 * opened before opens again without a network. It never keeps an answer of the API nor a page made for somebody, and no
 * flow needs it (experience.md §2, §7). The server puts `ZD` (version, assets) in front of it.
 */
interface Clue {
  version: string;
  assets: string[];
}

interface WorkerScope {
  ZD: Clue;
  location: Location;
  skipWaiting: () => Promise<void>;
  addEventListener: (type: string, listener: (event: never) => void) => void;
}

type Waiting = Event & { waitUntil: (work: Promise<unknown>) => void };
type Fetching = Waiting & { request: Request; respondWith: (answer: Promise<Response>) => void };
type Told = Waiting & { data: { keep?: string } | null };

const scope = self as unknown as WorkerScope;
const SHELL = '/app-shell';
const CURRENT = `zhudian-${scope.ZD.version}`;
const CLINIC = /^\/c\/[\w-]{1,64}$/;
const MOST_CLINICS = 8;
const FRESH_MS = 7 * 24 * 3600 * 1000;

async function install(): Promise<void> {
  const cache = await caches.open(CURRENT);
  await cache.addAll(scope.ZD.assets);
  await cache.put(SHELL, await stranger(SHELL));
  await scope.skipWaiting();
}

/** A page as it is for somebody who is not signed in: no cookie goes out, so nothing of a person comes back. */
async function stranger(path: string): Promise<Response> {
  const answer = await fetch(path, { credentials: 'omit', cache: 'no-store' });
  if (!answer.ok || answer.redirected) throw new Error(path);
  return answer;
}

async function clean(): Promise<void> {
  for (const name of await caches.keys()) if (name !== CURRENT && name.startsWith('zhudian-')) await caches.delete(name);
}

/** Keep a clinic's page; its clock is taken out, since it would be wrong when the page opens again. */
async function keepClinic(path: string): Promise<void> {
  if (!CLINIC.test(path)) return;
  const cache = await caches.open(CURRENT);
  const old = await cache.match(path);
  if (old && Date.now() - Date.parse(old.headers.get('date') || '') < FRESH_MS) return;
  const answer = await stranger(path);
  const page = (await answer.text()).replace(/data-server-time="\d*"/, 'data-server-time="" data-kept="1"');
  await cache.put(path, new Response(page, { headers: answer.headers }));
  const clinics = (await cache.keys()).filter((one) => CLINIC.test(new URL(one.url).pathname));
  for (const one of clinics.slice(0, Math.max(0, clinics.length - MOST_CLINICS))) await cache.delete(one);
}

async function open(request: Request, key: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(CURRENT)).match(key);
    if (kept) return kept;
    throw error;
  }
}

async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(CURRENT);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request.url, answer.clone());
  return answer;
}

scope.addEventListener('install', (event: Waiting) => event.waitUntil(install()));
scope.addEventListener('activate', (event: Waiting) => event.waitUntil(clean()));
scope.addEventListener('message', (event: Told) => {
  if (event.data && event.data.keep) event.waitUntil(keepClinic(event.data.keep).catch(() => undefined));
});
scope.addEventListener('fetch', (event: Fetching) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (request.mode !== 'navigate') return;
  else if (url.pathname.startsWith('/app/')) event.respondWith(open(request, SHELL));
  else if (CLINIC.test(url.pathname)) event.respondWith(open(request, url.pathname));
});
