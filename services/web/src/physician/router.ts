/** Which screen the address names. Small on purpose: eight flat addresses, the browser's own history. */
import { type Component, computed, defineAsyncComponent, ref } from 'vue';

export const SCREENS: Readonly<Record<string, Component>> = {
  today: defineAsyncComponent(() => import('../screens/physician/TodayScreen.vue')),
  work: defineAsyncComponent(() => import('../screens/physician/WorkScreen.vue')),
  diary: defineAsyncComponent(() => import('../screens/physician/DiaryScreen.vue')),
  records: defineAsyncComponent(() => import('../screens/physician/RecordsScreen.vue')),
  progress: defineAsyncComponent(() => import('../screens/physician/ProgressScreen.vue')),
  inbox: defineAsyncComponent(() => import('../screens/physician/InboxScreen.vue')),
  me: defineAsyncComponent(() => import('../screens/physician/MeScreen.vue')),
  outbox: defineAsyncComponent(() => import('../screens/physician/OutboxScreen.vue')),
};

const address = ref({ path: location.pathname, query: location.search });

export const screenName = computed(() => {
  const name = address.value.path.replace(/^\/app\//, '').replace(/\/$/, '');
  return name in SCREENS ? name : 'today';
});

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
