/** A form that survives a reload: saved on every change, restored when the screen opens again (experience.md §7). */
import { onUnmounted, type Ref, ref, watch } from 'vue';
import { phone } from '../outbox/db';
import { lock, unlock } from '../outbox/vault';
import { me } from './session';

export interface Draft {
  /** Milliseconds since 1970 of the last save; 0 before the first. */
  savedAt: Ref<number>;
  restored: Ref<boolean>;
  /** What the page itself has just filled in is no draft: only what the person changes from here on is. */
  rebase: () => void;
  forget: () => Promise<void>;
}

/** @param merge how a kept value comes back into the form (default: every key it has) */
export function useDraft<T extends object>(key: string, form: Ref<T>, merge?: (kept: T) => T): Draft {
  const savedAt = ref(0);
  const restored = ref(false);
  let over = false;
  let lastAt = 0;
  let base = JSON.stringify(form.value);

  const rebase = () => {
    if (!restored.value) base = JSON.stringify(form.value);
  };

  const write = async () => {
    if (over || JSON.stringify(form.value) === base) return;
    base = ''; // from now on it is a draft, whatever is typed
    const at = Date.now();
    try {
      const kept = await lock(me.person.id, form.value);
      if (at < lastAt || over) return; // a later keystroke was quicker
      lastAt = at;
      await (await phone()).put('drafts', { key, savedAt: at, kept });
      if (!over) savedAt.value = at;
    } catch {
      savedAt.value = 0;
    }
  };

  const begin = async () => {
    const kept = await (await phone()).get('drafts', key).catch(() => undefined);
    if (kept) {
      const value = 'kept' in kept ? await unlock<T>(kept.kept) : (kept.value as T);
      form.value = merge ? merge(value) : { ...form.value, ...value };
      savedAt.value = kept.savedAt;
      restored.value = true;
      base = '';
    }
    stop = watch(form, () => void write(), { deep: true });
  };

  let stop: (() => void) | null = null;
  void begin().catch(() => undefined);
  onUnmounted(() => stop?.());

  async function forget(): Promise<void> {
    over = true;
    stop?.();
    await (await phone()).delete('drafts', key).catch(() => undefined);
  }

  return { savedAt, restored, rebase, forget };
}
