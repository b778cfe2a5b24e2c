/** Who is signed in, as the shell of the page says it. */
import type { Who } from '../api/client';

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

export const who: Who = {
  personId: me.person.id,
  csrfToken: document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '',
};

const offset = me.server_time_ms - Date.now();

/** Server time: the page's clock, corrected when it was loaded. */
export const serverNow = (): number => Date.now() + offset;
