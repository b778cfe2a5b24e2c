/** A list that comes page by page from a cursor; the pages already shown stay. */
import { computed, type ComputedRef, ref, type Ref } from 'vue';
import type { Page } from '../api/types';
import { read } from '../api/client';
import { type Loaded, useLoad } from './load';
import { who } from './session';

export interface Pages<T> {
  loaded: Loaded<Page<T>>;
  items: ComputedRef<T[]>;
  more: Ref<boolean>;
  loadMore: () => Promise<void>;
}

export function usePages<T>(url: string): Pages<T> {
  const loaded = useLoad<Page<T>>({ url: () => url });
  const later = ref<T[]>([]) as Ref<T[]>;
  const cursor = ref<string | null | undefined>(undefined);
  const next = computed(() => (cursor.value === undefined ? loaded.data.value?.next_cursor : cursor.value) ?? null);
  const more = computed(() => next.value !== null && !loaded.stale.value);
  const items = computed(() => [...(loaded.data.value?.items ?? []), ...later.value]);

  async function loadMore(): Promise<void> {
    if (next.value === null) return;
    const mark = url.includes('?') ? '&' : '?';
    const result = await read<Page<T>>(`${url}${mark}cursor=${encodeURIComponent(next.value)}`, who);
    if (!result.ok) {
      loaded.reason.value = result.reason;
      return;
    }
    later.value = [...later.value, ...result.data.items];
    cursor.value = result.data.next_cursor;
  }

  return { loaded, items, more, loadMore };
}
