/**
 * 「附上位置」 on the scan page: off until the person has agreed on the sheet, remembered afterwards, never in the way of
 * the tap (experience.md §2, security.md §5 screen L).
 */
import { decide, decision, want, wanted } from '../../location/consent';
import type { Failure } from '../../location/fix';
import { trapFocus } from '../../ui/trap';

export interface Place {
  /** Why this tap carries no position; null = it is to be asked for. */
  why: () => Failure | null;
  /** Show what is remembered of this person. */
  load: () => Promise<void>;
}

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T | null;

export function startPlace(person: () => Promise<string | null>): Place {
  const box = byId<HTMLInputElement>('attach');
  const sheet = byId('consent');
  const tick = byId<HTMLInputElement>('consent-tick');
  const error = byId('consent-error');
  let agreed: boolean | null = null;
  let release: (() => void) | null = null;

  function open(): void {
    if (!sheet || !tick || !error) return;
    tick.checked = false; // never ticked beforehand
    error.hidden = true;
    sheet.hidden = false;
    release = trapFocus(sheet, () => void answer(false));
  }

  async function answer(yes: boolean): Promise<void> {
    if (yes && tick && !tick.checked) {
      if (error) error.hidden = false;
      tick.focus();
      return;
    }
    if (sheet) sheet.hidden = true;
    release?.();
    agreed = yes;
    if (box) box.checked = yes;
    await decide(await person(), yes).catch(() => undefined);
  }

  box?.addEventListener('change', () => {
    if (box.checked && agreed !== true) {
      box.checked = false;
      open();
    } else void person().then((who) => want(who, box.checked)).catch(() => undefined);
  });
  byId('consent-yes')?.addEventListener('click', () => void answer(true));
  byId('consent-no')?.addEventListener('click', () => void answer(false));

  return {
    why: () => (box?.checked ? null : agreed === false ? 'no_consent' : 'not_asked'),
    async load() {
      const who = await person();
      agreed = (await decision(who))?.given ?? null;
      if (box) box.checked = await wanted(who);
      byId('attach-row')?.classList.remove('zd-later');
    },
  };
}
