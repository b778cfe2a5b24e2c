/** Which screen the address names. Small on purpose: a dozen flat addresses, the browser's own history. */
import { type AsyncComponentLoader, type Component, computed, defineAsyncComponent, ref } from 'vue';
import ScreenMissing from '../ui/ScreenMissing.vue';

const LOADERS = {
  today: () => import('../screens/physician/TodayScreen.vue'),
  work: () => import('../screens/physician/WorkScreen.vue'),
  diary: () => import('../screens/physician/DiaryScreen.vue'),
  records: () => import('../screens/physician/RecordsScreen.vue'),
  progress: () => import('../screens/physician/ProgressScreen.vue'),
  inbox: () => import('../screens/physician/InboxScreen.vue'),
  me: () => import('../screens/physician/MeScreen.vue'),
  outbox: () => import('../screens/physician/OutboxScreen.vue'),
  day: () => import('../screens/physician/DayScreen.vue'),
  correction: () => import('../screens/physician/CorrectionScreen.vue'),
  leave: () => import('../screens/physician/LeaveScreen.vue'),
  spot: () => import('../screens/physician/SpotScreen.vue'),
  scan: () => import('../screens/physician/ScanScreen.vue'),
  objection: () => import('../screens/physician/ObjectionScreen.vue'),
  handover: () => import('../screens/physician/HandoverScreen.vue'),
} as const satisfies Record<string, AsyncComponentLoader>;

/** A screen that cannot be fetched says so and offers to try again; a blank page would say nothing. */
const screen = (loader: AsyncComponentLoader): Component =>
  defineAsyncComponent({ loader, errorComponent: ScreenMissing, delay: 0, timeout: 20_000, onError: (_error, _retry, fail) => fail() });

export const SCREENS: Readonly<Record<string, Component>> = Object.keys(LOADERS).reduce<Record<string, Component>>(
  (made, name) => ({ ...made, [name]: screen(LOADERS[name as keyof typeof LOADERS]) }),
  {},
);

/** Fetch the other screens while there is a network, so that they open without one. */
export async function fetchAhead(): Promise<void> {
  for (const loader of Object.values(LOADERS)) await loader().catch(() => undefined);
}

const address = ref({ path: location.pathname, query: location.search });

/** Screens about one thing: the day of /app/records/{day}, the check of /app/spot/{id}. */
const ABOUT: Readonly<Record<string, string>> = { records: 'day', spot: 'spot' };
const parts = computed(() => address.value.path.replace(/^\/app\//, '').replace(/\/$/, '').split('/'));

export const screenName = computed(() => {
  const [name = '', about] = parts.value;
  const found = about ? ABOUT[name] : name;
  return found && found in SCREENS ? found : 'today';
});

/** What the address is about: a date, the id of a check. */
export const about = (): string => parts.value[1] ?? '';

export const query = (): URLSearchParams => new URLSearchParams(address.value.query);

/** A new key per visit, so that a form opened again starts anew. */
export const visit = ref(0);

export function go(to: string): void {
  const url = new URL(to, location.origin);
  if (!url.pathname.startsWith('/app/')) {
    location.assign(to);
    return;
  }
  history.pushState(null, '', to);
  arrive();
  window.scrollTo(0, 0);
}

function arrive(): void {
  address.value = { path: location.pathname, query: location.search };
  visit.value += 1;
}

/** Plain links inside /app/ change the screen without a new page. */
export function interceptLinks(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || link.target) return;
  if (link.origin !== location.origin || !link.pathname.startsWith('/app/') || link.hasAttribute('download')) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

window.addEventListener('popstate', arrive);
