/** What the scan page shows. Only text and state: nothing here decides anything. */
import type { Offer } from '../../attendance/direction';
import { shanghai } from '../../attendance/shanghai';
import type { OutboxRecord } from '../../outbox/record';
import { type Glyph, glyph } from '../../ui/glyph';
import { reasonWords } from '../../words/reasons';
import { place } from '../../words/privacy';
import { scan } from '../../words/scan';

const byId = (id: string) => document.getElementById(id);

/** An icon and words; of several parts each stays on one line, so that a receipt code is never broken. */
function line(state: Glyph, words: string | readonly string[]): HTMLParagraphElement {
  const paragraph = document.createElement('p');
  paragraph.className = `zd-state_${state}`;
  const text = document.createElement('span');
  if (typeof words === 'string') text.textContent = words;
  else
    words.forEach((part, index) => {
      const span = document.createElement('span');
      span.className = 'zd-nowrap';
      span.textContent = part;
      text.append(index ? ' ' : '', span);
    });
  paragraph.append(glyph(state), text);
  return paragraph;
}

function fill(slot: string, text: string | null | undefined): void {
  const found = document.querySelector(`[data-slot="${slot}"]`);
  if (!found) return;
  found.textContent = text ?? '';
  if (found.parentElement?.parentElement?.tagName === 'DL') found.parentElement.hidden = !text;
}

/** One line per state that was reached; 「已存手机」 stays, so nobody takes it for 「已收到」. */
export function stateLines(record: OutboxRecord): HTMLParagraphElement[] {
  const lines = [line('saved', scan.saved(shanghai(record.savedAt).hm))];
  const { receipt, reason } = record;
  if (record.state === 'sending') lines.push(line('sending', scan.sending));
  else if (record.state === 'confirmed' && receipt)
    lines.push(line('confirmed', scan.received(shanghai(Date.parse(receipt.at)).hms, receipt.code)));
  else if (record.state === 'duplicate' && receipt) lines.push(line('confirmed', scan.duplicate(receipt.code)));
  else if (record.state === 'needs_you' && reason) lines.push(line('needs_you', scan.needsYou(reasonWords(reason))));
  else if (reason) lines.push(line('sending', scan.waiting(reasonWords(reason))));
  return lines;
}

export function showSteps(record: OutboxRecord): void {
  const steps = byId('steps');
  if (!steps) return;
  steps.textContent = '';
  steps.append(...stateLines(record));
}

/** The field for the digits on the screen is of use only where no ticket proves a fresh code. */
export function offerTyping(on: boolean): void {
  const area = byId('typed-area');
  if (!area) return;
  area.hidden = !on;
  area.classList.remove('zd-later');
}

/** The digits typed, '' for none, null (and a sentence beside the field) for something else. */
export function typedDigits(): string | null {
  const field = byId('typed') as HTMLInputElement | null;
  const error = byId('typed-error');
  const digits = (field?.value ?? '').replace(/\s/g, '');
  const right = digits === '' || /^\d{8}$/.test(digits);
  if (error) {
    error.hidden = right;
    error.textContent = right ? '' : scan.eightDigits;
  }
  if (!right) field?.focus();
  return right ? digits : null;
}

/** Somebody is at the field: the page must not go away under the fingers. */
export const typing = (): boolean => document.activeElement?.id === 'typed';

export function clearTyped(): void {
  const field = byId('typed') as HTMLInputElement | null;
  if (field) field.value = '';
}

/** Whoever asked for a position and got none reads why; whoever did not ask reads nothing. */
function missingPlace(record: OutboxRecord): string | null {
  const failure = record.body.loc_failure as keyof typeof place.failures | null;
  return failure && failure !== 'not_asked' && failure !== 'no_consent' ? place.none(place.failures[failure]) : null;
}

/** The receipt's details, in the server's own words. */
export function showDone(record: OutboxRecord): void {
  const done = byId('done');
  if (!done || !record.receipt) return;
  const attendance = (record.answer?.attendance ?? {}) as { evidence_line?: string; location_line?: string; session?: string };
  const progress = record.answer?.progress;
  fill('seq', scan.seq(record.receipt.seq));
  fill('hash', record.receipt.entry_hash?.slice(0, 12));
  fill('evidence', attendance.evidence_line);
  fill('place', attendance.location_line || missingPlace(record));
  const shown = byId('progress');
  const words = typeof progress === 'string' ? progress : (progress as { line?: string } | null)?.line;
  if (shown && words) shown.textContent = scan.week(words);
  const session = attendance.session ?? record.session;
  const link = done.querySelector<HTMLAnchorElement>('[data-slot="work"]');
  if (link && session) link.href = `/app/work?date=${record.date}&session=${session}`;
  done.hidden = false;
}

/** While a tap is on its way the buttons say so; further taps change nothing. */
export function enable(form: HTMLFormElement, on: boolean): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>('button')) button.disabled = !on;
}

/** 「立即发送」 under the reason, for a record that waits. */
export function showSendNow(send: () => void): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'zd-link';
  button.textContent = scan.sendNow;
  button.addEventListener('click', send);
  byId('steps')?.append(button);
}

export function showForm(form: HTMLFormElement, shown: boolean): void {
  form.hidden = !shown;
}

/** Put the offer of this moment on the two buttons. */
export function label(form: HTMLFormElement, offer: Offer): void {
  const [main, other] = [form.querySelector<HTMLButtonElement>('[data-action]'), form.querySelector<HTMLButtonElement>('[data-other]')];
  if (!main || !other) return;
  main.value = offer.direction;
  main.textContent = scan.label(offer.direction, offer.session);
  other.value = offer.direction === 'in' ? 'out' : 'in';
  other.textContent = scan.flip(offer.direction);
}

export function showClock(ms: number): void {
  const now = byId('now');
  const wall = shanghai(ms);
  if (now) now.textContent = scan.clock(wall.month, wall.day, scan.weekdays[wall.weekday] as string, wall.hm);
}

export function showUnsent(count: number): void {
  const pill = byId('pill');
  if (!pill) return;
  pill.hidden = count === 0;
  pill.textContent = count ? scan.unsent(count) : '';
}

export function showPhoneNote(text: string): void {
  const note = byId('phone');
  if (!note) return;
  note.hidden = false;
  note.textContent = text;
}

/** Sign-in is needed before anything can be sent; the way there and back. */
export function showSignIn(): void {
  const steps = byId('steps');
  const link = document.createElement('a');
  link.className = 'zd-link';
  link.href = `/login?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = scan.signIn;
  steps?.append(link);
}

/** A copy from earlier: it says so, and asks nobody to sign in who cannot. */
export function showKept(text: string): void {
  const unsigned = byId('unsigned');
  if (unsigned) unsigned.hidden = true;
  showPhoneNote(text);
}
