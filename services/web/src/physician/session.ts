/** Who is signed in, as the shell of the page says it. */
import type { Who } from '../api/client';
import { getFact, setFact } from '../outbox/db';
import { type Kept, lock, unlock } from '../outbox/vault';

export interface Me {
  person: { id: string; name: string; organisation: string };
  roles: string[];
  server_time_ms: number;
}

export function readMe(): Me {
  const text = document.getElementById('me')?.textContent ?? '';
  const empty: Me = { person: { id: '', name: '', organisation: '' }, roles: [], server_time_ms: Date.now() };
  try {
    return { ...empty, ...(JSON.parse(text) as Partial<Me>) };
  } catch {
    return empty;
  }
}

export const me = readMe();

/** The shell of the service worker names nobody: who was here last is known to the phone alone. */
export const fromShell = me.person.id === '';

export const who: Who = {
  personId: me.person.id,
  csrfToken: document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '',
};

let offset = me.server_time_ms - Date.now();

/** Server time: the page's clock, corrected when it was loaded. */
export const serverNow = (): number => Date.now() + offset;

interface Last {
  at: number;
  offset: number;
  kept: Kept;
}

/** Remember who is here, locked, for a page that opens without a network. */
export async function rememberMe(): Promise<void> {
  if (fromShell) return;
  const { person, roles } = me;
  await setFact('me', { at: Date.now(), offset, kept: await lock(person.id, { person, roles }) } satisfies Last);
}

/** Before anything is drawn from the shell: the person who was here last and has not signed out since. */
export async function recallMe(): Promise<void> {
  if (!fromShell) return;
  const last = await getFact<Last>('me').catch(() => null);
  const known = last && (await unlock<Pick<Me, 'person' | 'roles'>>(last.kept).catch(() => null));
  if (!last || !known) return;
  Object.assign(me, known);
  who.personId = me.person.id;
  offset = last.offset;
}

export const forgetMe = (): Promise<void> => setFact('me', null);

/** With the network back, the page gets its right to send without being opened anew; false for anybody else's page. */
export async function renew(): Promise<boolean> {
  const answer = await fetch('/app/today', { credentials: 'same-origin', redirect: 'error' }).catch(() => null);
  if (!answer?.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = JSON.parse(page.getElementById('me')?.textContent ?? '{}') as Partial<Me>;
  if (!me.person.id || fresh.person?.id !== me.person.id) return false;
  who.csrfToken = page.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
  offset = (fresh.server_time_ms ?? serverNow()) - Date.now();
  return true;
}
