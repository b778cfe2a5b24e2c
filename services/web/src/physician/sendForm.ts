/** What every form that becomes a record shares: check, keep on the phone, show the state, forget the draft. */
import { computed, type ComputedRef, nextTick, ref, type Ref } from 'vue';
import { newEventId } from '../canonical/sha256';
import type { Body } from '../outbox/bodies';
import type { NewRecord, OutboxRecord } from '../outbox/record';
import type { Draft } from './draft';
import { find, submit } from './outbox';
import { me } from './session';

export type Wrong = Record<string, string | null>;

export interface SendForm {
  /** Mistakes are told from the first attempt on. */
  shown: Ref<boolean>;
  failed: Ref<boolean>;
  record: ComputedRef<OutboxRecord | undefined>;
  send: () => Promise<void>;
}

export function useSendForm(options: {
  draft: Draft;
  wrong: () => Wrong;
  make: (id: string) => Omit<NewRecord, 'clientEventId' | 'personId'> & { body: Body };
}): SendForm {
  const shown = ref(false);
  const failed = ref(false);
  const sentId = ref<string | null>(null);
  const record = computed(() => (sentId.value ? find(sentId.value) : undefined));

  async function send(): Promise<void> {
    shown.value = true;
    if (Object.values(options.wrong()).some(Boolean)) {
      await nextTick();
      document.querySelector<HTMLElement>('[aria-invalid="true"], .zd-field__error')?.scrollIntoView?.({ block: 'center' });
      return;
    }
    const id = newEventId();
    try {
      await submit({ clientEventId: id, personId: me.person.id, ...options.make(id) });
      sentId.value = id;
      failed.value = false;
      await options.draft.forget();
    } catch {
      failed.value = true;
    }
  }

  return { shown, failed, record, send };
}
