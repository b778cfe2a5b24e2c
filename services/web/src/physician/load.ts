/** Loads one answer of the API for a screen: loading (shown after 300 ms), data, copy from earlier, or a reason. */
import { computed, onUnmounted, type Ref, ref, shallowRef } from 'vue';
import { read, type Result } from '../api/client';
import type { Reason } from '../outbox/record';
import { who } from './session';

const SKELETON_AFTER_MS = 300;

export interface Loaded<T> {
  /** An answer or a reason is on the screen: what stands below no longer moves. */
  settled: Ref<boolean>;
  data: Ref<T | null>;
  at: Ref<number>;
  stale: Ref<boolean>;
  reason: Ref<Reason | null>;
  slow: Ref<boolean>;
  busy: Ref<boolean>;
  reload: () => Promise<void>;
}

export function useLoad<T>(options: { url: () => string | null; apply?: (data: T) => T }): Loaded<T> {
  const data = shallowRef<T | null>(null);
  const state = { at: ref(0), stale: ref(false), reason: ref<Reason | null>(null), slow: ref(false), busy: ref(true) };
  let round = 0;
  let shown: string | null = null;

  function take(result: Result<T>): void {
    if (result.ok) {
      data.value = options.apply ? options.apply(result.data) : result.data;
      state.at.value = result.at;
      state.stale.value = result.stale;
      state.reason.value = null;
    } else state.reason.value = result.reason;
  }

  async function reload(): Promise<void> {
    const url = options.url();
    if (url !== shown) data.value = null; // what was read of another address is no answer to this one
    shown = url;
    round += 1;
    const mine = round;
    if (url === null) {
      state.busy.value = false;
      return;
    }
    state.busy.value = true;
    const timer = setTimeout(() => (state.slow.value = true), SKELETON_AFTER_MS);
    const result = await read<T>(url, who);
    clearTimeout(timer);
    if (mine !== round) return;
    take(result);
    state.busy.value = false;
    state.slow.value = false;
  }

  const again = () => void reload();
  window.addEventListener('online', again);
  onUnmounted(() => window.removeEventListener('online', again));
  void reload();
  const settled = computed(() => data.value !== null || state.reason.value !== null);
  return { data, ...state, settled, reload };
}
