/**
 * The scan page's script. Without it the form posts and a full page answers; with it the tap is on the phone first,
 * then on its way, then received (experience.md §2). It never stands between the person and the button: whatever it
 * lacks, the plain form takes over.
 */
import { type Direction, offered, type Session, type Windows } from '../../attendance/direction';
import { shanghai } from '../../attendance/shanghai';
import { newEventId } from '../../canonical/sha256';
import { tapBody } from '../../outbox/bodies';
import { startPump } from '../../outbox/pump';
import { all, keep, lastPerson, rememberPerson, unsent } from '../../outbox/queue';
import { fresh, isTaken, isUnsent, type OutboxRecord } from '../../outbox/record';
import { selfTest } from '../../outbox/selftest';
import { scan } from '../../words/scan';
import * as view from './view';

const STORE_PATIENCE_MS = 1_000;
const SHOW_AGAIN_MS = 60_000; // the server takes a second tap of the same direction within 60 s for the first one
const SIGN_IN_AFTER_MS = 1_200;

interface Served {
  windows?: Windows;
  open?: boolean;
}

function start(root: HTMLElement, form: HTMLFormElement): void {
  const token = location.pathname.split('/').pop() ?? '';
  const person = root.dataset.person || null;
  const offset = Number(root.dataset.serverTime) - Date.now();
  const now = () => Date.now() + (Number.isFinite(offset) ? offset : 0);
  const served = readServed();
  const field = (name: string) => form.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value || null;
  let open = served.open ?? form.querySelector<HTMLButtonElement>('[data-action]')?.value === 'out';
  let ticket = field('ticket');
  let pressed: HTMLButtonElement | null = null;
  let current: string | null = null;
  let busy = false;
  let plain = typeof fetch !== 'function' || typeof indexedDB === 'undefined' || typeof TextEncoder === 'undefined';

  const server = { personId: person, csrfToken: field('csrf_token') ?? '', fetch: fetch.bind(window), now: () => Date.now() };
  const pump = startPump(server, (record) => void show(record));

  const offer = () => {
    if (served.windows) view.label(form, offered(served.windows, open, shanghai(now()).minutes));
  };

  async function show(record: OutboxRecord): Promise<void> {
    view.showUnsent((await unsent()).length);
    if (record.clientEventId !== current) return;
    view.showSteps(record);
    if (record.reason?.type === 'local' && record.reason.code === 'signed_out') view.showSignIn();
    else if (record.state === 'saved' && record.reason) view.showSendNow(() => void pump.push(true));
    if (isTaken(record)) {
      view.showForm(form, false);
      view.showDone(record);
    } else if (record.state === 'needs_you') offerAgain();
  }

  function offerAgain(): void {
    busy = false;
    offer();
    view.offerTyping(!ticket);
    view.enable(form, true);
    view.showForm(form, true);
  }

  /** From now on this tap counts for the next offer: one ticket, one tap; the next gesture only after a while. */
  function settle(record: OutboxRecord): void {
    current = record.clientEventId;
    open = record.body.direction === 'in';
    ticket = null;
    view.clearTyped();
    view.enable(form, false);
    setTimeout(offerAgain, SHOW_AGAIN_MS);
  }

  /** The plain form with the button that was pressed: a full page answers. */
  function postPlainly(button: HTMLButtonElement): void {
    const hidden = document.createElement('input');
    hidden.type = 'hidden';
    hidden.name = button.name;
    hidden.value = button.value;
    form.append(hidden);
    HTMLFormElement.prototype.submit.call(form);
  }

  async function record(button: HTMLButtonElement, typed: string): Promise<OutboxRecord> {
    const direction = button.value as Direction;
    const wall = shanghai(now());
    const session: Session = served.windows ? offered(served.windows, open, wall.minutes).session : wall.minutes < 780 ? 'am' : 'pm';
    const personId = person ?? (await lastPerson());
    const clientEventId = newEventId();
    const proof = { siteToken: token, ticket, typed: typed || null, online: navigator.onLine !== false };
    const body = tapBody({ clientEventId, personId, direction, deviceTime: Date.now(), ...proof });
    return fresh({ clientEventId, kind: 'attendance', personId, date: wall.date, session, label: scan.label(direction, session), body }, Date.now());
  }

  async function tap(button: HTMLButtonElement, typed: string): Promise<void> {
    let kept: OutboxRecord;
    try {
      kept = await record(button, typed);
      await within(keep(kept), STORE_PATIENCE_MS);
    } catch {
      postPlainly(button);
      return;
    }
    settle(kept);
    view.showSteps(kept);
    view.showUnsent(1);
    if (person) await pump.push(true);
    else setTimeout(() => location.assign(`/login?next=${encodeURIComponent(location.pathname)}`), SIGN_IN_AFTER_MS);
  }

  form.addEventListener('click', (event) => {
    const button = (event.target as Element).closest('button');
    if (button) pressed = button;
  });
  form.addEventListener('submit', (event) => {
    const button = pressed ?? form.querySelector<HTMLButtonElement>('[data-action]');
    if (plain || !button) return;
    event.preventDefault();
    const typed = busy ? null : view.typedDigits();
    if (typed === null) return;
    busy = true;
    void tap(button, typed);
  });

  async function wake(): Promise<void> {
    if (!plain && !(await selfTest())) {
      plain = true;
      view.showPhoneNote(scan.noStore);
      return;
    }
    view.offerTyping(!ticket);
    if (person) await rememberPerson(person);
    const mine = (await all()).filter((one) => one.body.site_token === token && isUnsent(one));
    const last = mine[mine.length - 1];
    if (last && current === null) {
      busy = true;
      settle(last);
      view.showSteps(last);
    }
    view.showUnsent((await unsent()).length);
    if (person) await pump.push(true);
  }

  const tick = () => {
    view.showClock(now());
    if (!busy) offer();
  };
  setInterval(tick, 15_000);
  document.addEventListener('visibilitychange', tick);
  if (!plain) void wake().catch(() => (plain = true));
}

function readServed(): Served {
  try {
    return JSON.parse(document.getElementById('windows')?.textContent ?? '{}') as Served;
  } catch {
    return {};
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return Promise.race([work, new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error('slow store')), ms))]);
}

const root = document.getElementById('scan');
const form = document.getElementById('tap');
if (root && form instanceof HTMLFormElement) start(root, form);
