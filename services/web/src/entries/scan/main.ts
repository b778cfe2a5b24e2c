/**
 * The scan page's script. Without it the form posts and a full page answers; with it the tap is on the phone first,
 * then on its way, then received (experience.md §2). It never stands between the person and the button: whatever it
 * lacks, the plain form takes over.
 */
import { type Direction, offered, type Session, type Windows } from '../../attendance/direction';
import { shanghai } from '../../attendance/shanghai';
import { newEventId } from '../../canonical/sha256';
import { readFix } from '../../location/fix';
import { registerWorker } from '../../offline/worker';
import { beaconClaim, keepBeacon } from '../../outbox/beacon';
import { tapBody } from '../../outbox/bodies';
import { getFact, setFact } from '../../outbox/db';
import { type Pump, startPump } from '../../outbox/pump';
import { all, keep, lastPerson, migrate, rememberPerson } from '../../outbox/queue';
import { fresh, isOwed, isTaken, isUnsent, type OutboxRecord } from '../../outbox/record';
import { seal, withFix } from '../../outbox/seal';
import { selfTest } from '../../outbox/selftest';
import type { Server } from '../../outbox/sender';
import { scan } from '../../words/scan';
import { startAfter } from './after';
import { startPlace } from './place';
import * as view from './view';

const STORE_PATIENCE_MS = 1_000;
const SHOW_AGAIN_MS = 60_000; // the server takes a second tap of the same direction within 60 s for the first one
const SIGN_IN_AFTER_MS = 1_200;
const RENEW_MS = 10_000;

interface Served {
  windows?: Windows;
  open?: boolean;
}

function start(root: HTMLElement, form: HTMLFormElement): void {
  const token = location.pathname.split('/').pop() ?? '';
  const person = root.dataset.person || null;
  const kept = root.dataset.kept === '1'; // opened from the service worker's copy, without a network
  let offset = kept ? 0 : Number(root.dataset.serverTime) - Date.now();
  const now = () => Date.now() + (Number.isFinite(offset) ? offset : 0);
  const served = (readJson('windows') ?? {}) as Served;
  const field = (name: string) => form.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value || null;
  let open = served.open ?? form.querySelector<HTMLButtonElement>('[data-action]')?.value === 'out';
  let ticket = field('ticket');
  let pressed: HTMLButtonElement | null = null;
  let current: string | null = null;
  let busy = false;
  let plain = typeof fetch !== 'function' || typeof indexedDB === 'undefined' || typeof TextEncoder === 'undefined';

  const server: Server = { personId: person, csrfToken: field('csrf_token') ?? '', fetch: fetch.bind(window), now: () => Date.now() };
  const pump: Pump = startPump(server, (record) => void show(record));
  const after = startAfter(server, () => pump, (direction) => (open = direction === 'in'));
  const place = startPlace(async () => person ?? (await lastPerson()));

  const offer = () => {
    if (served.windows) view.label(form, offered(served.windows, open, shanghai(now()).minutes));
  };

  async function show(record: OutboxRecord): Promise<void> {
    await showCount();
    if (after.changed(record) || record.clientEventId !== current) return;
    view.showSteps(record);
    if (record.reason?.type === 'local' && record.reason.code === 'signed_out') view.showSignIn();
    else if (record.state === 'saved' && record.reason) view.showSendNow(() => void pump.push(true));
    if (isTaken(record)) {
      view.showForm(form, false);
      view.showDone(record);
      after.offer(record);
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

  async function showCount(): Promise<void> {
    view.showUnsent((await all()).filter(isOwed).length);
  }

  async function record(button: HTMLButtonElement, typed: string, failure: ReturnType<typeof place.why>): Promise<OutboxRecord> {
    const direction = button.value as Direction;
    const wall = shanghai(now());
    const session: Session = served.windows ? offered(served.windows, open, wall.minutes).session : wall.minutes < 780 ? 'am' : 'pm';
    const personId = person ?? (await lastPerson());
    const clientEventId = newEventId();
    const proof = { siteToken: token, ticket, typed: typed || null, online: navigator.onLine !== false, failure, beacon: await beaconClaim(personId) };
    const body = tapBody({ clientEventId, personId, direction, deviceTime: Date.now(), ...proof });
    const what = { date: wall.date, session, label: scan.label(direction, session), body, waitsForFix: failure === null };
    return fresh({ clientEventId, kind: 'attendance', personId, ...what }, Date.now());
  }

  async function tap(button: HTMLButtonElement, typed: string): Promise<void> {
    const failure = place.why();
    const fix = failure === null ? readFix() : null; // asked at the tap; nothing on the screen waits for it
    let held: OutboxRecord;
    try {
      const made = await record(button, typed, failure);
      held = await within(fix ? keep(made).then(() => made) : seal(made), STORE_PATIENCE_MS);
    } catch {
      postPlainly(button);
      return;
    }
    settle(held);
    view.showSteps(held);
    view.showUnsent(1);
    if (fix) await fix.then((found) => withFix(held, found)).then((found) => seal(found)).catch(() => undefined); // else at the next opening
    if (person) await pump.push(true);
    else if (kept) view.showPhoneNote(scan.keptHere);
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
    if (kept) await openKept();
    else await setFact('clock', offset);
    if (person) await rememberPerson(person);
    await place.load();
    await migrate();
    await keepBeacon(readJson('beacon'), person);
    const mine = (await all()).filter((one) => one.body.site_token === token && isUnsent(one));
    const last = mine[mine.length - 1];
    if (last && current === null) {
      busy = true;
      settle(last);
      view.showSteps(last);
    }
    await showCount();
    if (person) await pump.push(true);
  }

  /** The label follows the phone's clock, corrected by the last server time (experience.md §2). */
  async function openKept(): Promise<void> {
    offset = (await getFact<number>('clock')) ?? 0;
    view.showClock(now());
    offer();
    view.showKept(scan.kept);
    const renew = () => void fetch(location.pathname, { cache: 'no-store' }).then((answer) => answer.ok && !view.typing() && location.reload()).catch(() => undefined);
    window.addEventListener('online', renew);
    setInterval(renew, RENEW_MS);
  }

  const tick = () => {
    view.showClock(now());
    if (!busy) offer();
  };
  setInterval(tick, 15_000);
  document.addEventListener('visibilitychange', tick);
  if (!plain) void wake().catch(() => (plain = true));
  registerWorker(location.pathname);
}

function readJson(id: string): unknown {
  try {
    return JSON.parse(document.getElementById(id)?.textContent ?? 'null') as unknown;
  } catch {
    return null;
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return Promise.race([work, new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error('slow store')), ms))]);
}

const root = document.getElementById('scan');
const form = document.getElementById('tap');
if (root && form instanceof HTMLFormElement) start(root, form);
