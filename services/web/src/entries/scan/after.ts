/** What may follow a receipt: one tap for what was done in this half-day, and ten minutes to turn the direction round. */
import { newEventId } from '../../canonical/sha256';
import { halfDayBody, type WorkType } from '../../outbox/bodies';
import { post } from '../../outbox/contact';
import type { Pump } from '../../outbox/pump';
import { fresh, type OutboxRecord } from '../../outbox/record';
import { seal } from '../../outbox/seal';
import { problemOf, type Server } from '../../outbox/sender';
import { sentence } from '../../words/problems';
import { scan } from '../../words/scan';
import { stateLines } from './view';

const FLIP_MS = 600_000;

interface Judged {
  id?: string;
  direction?: 'in' | 'out';
  session?: 'am' | 'pm';
  service_date?: string;
}

export interface After {
  /** Offer what may follow this tap. */
  offer: (record: OutboxRecord) => void;
  /** A record that was made here has changed; false when it is none of ours. */
  changed: (record: OutboxRecord) => boolean;
}

const byId = (id: string) => document.getElementById(id);

export function startAfter(server: Server, pump: () => Pump, turned: (direction: 'in' | 'out') => void): After {
  let logged: string | null = null;
  let busy = false;

  async function log(button: HTMLButtonElement, type: WorkType, record: OutboxRecord, judged: Judged): Promise<void> {
    if (logged || !record.personId) return;
    logged = newEventId();
    const [date, session] = [judged.service_date ?? record.date, judged.session ?? record.session ?? 'am'];
    const none = { department: '', count: null, refs: [], notes: '' };
    const body = halfDayBody({ clientEventId: logged, personId: record.personId, date, session, type, ...none });
    const label = `${scan.day(Number(date.slice(5, 7)), Number(date.slice(8)))} ${scan.action[session]} · ${scan.types[type as keyof typeof scan.types]}`;
    try {
      show(await seal(fresh({ clientEventId: logged, kind: 'half_day', personId: record.personId, date, session, label, body }, Date.now())));
    } catch {
      logged = null; // the phone could not keep it: the form of the half-day is still there
      return;
    }
    byId('types-chips')?.querySelectorAll('button').forEach((one) => (one.disabled = one !== button));
    button.classList.add('zd-chip_on');
    button.setAttribute('aria-pressed', 'true');
    await pump().push(true);
  }

  function show(record: OutboxRecord): void {
    const said = byId('typed-as');
    if (!said) return;
    said.textContent = '';
    said.append(...stateLines(record));
  }

  function offerTypes(record: OutboxRecord, judged: Judged): void {
    const [area, chips] = [byId('types'), byId('types-chips')];
    if (!area || !chips || (judged.direction ?? record.body.direction) !== 'out') return;
    area.hidden = false;
    const link = document.querySelector<HTMLElement>('[data-slot="work"]');
    if (link) link.textContent = scan.more;
    if (chips.childElementCount) return;
    for (const [type, name] of Object.entries(scan.types)) {
      const chip = document.createElement('button');
      chip.type = 'button';
      chip.className = 'zd-chip';
      chip.textContent = name;
      chip.setAttribute('aria-pressed', 'false');
      chip.addEventListener('click', () => void log(chip, type as WorkType, record, judged));
      chips.append(chip);
    }
  }

  async function turn(record: OutboxRecord, judged: Judged, to: 'in' | 'out'): Promise<void> {
    const [button, said] = [byId('flip') as HTMLButtonElement | null, byId('flip-said')];
    if (!button || !said || busy) return;
    busy = true;
    button.disabled = true;
    const body = { client_event_id: newEventId(), direction: to };
    const answer = await post(server, `/api/checkin/events/${judged.id}/direction`, body);
    busy = false;
    button.disabled = false;
    said.hidden = false;
    const done = answer !== null && answer.status < 300;
    said.className = done ? 'zd-state_confirmed' : 'zd-typed__error';
    said.textContent = done ? scan.flipped(to) : scan.notFlipped(answer ? sentence(problemOf(answer)) : scan.noAnswer);
    if (!done) return;
    button.hidden = true;
    turned(to);
    offerTypes(record, { ...judged, direction: to });
  }

  function offerFlip(record: OutboxRecord, judged: Judged): void {
    const button = byId('flip') as HTMLButtonElement | null;
    const left = record.receipt ? Date.parse(record.receipt.at) + FLIP_MS - server.now() : 0;
    if (!button || !judged.id || left <= 0) return;
    const to = (judged.direction ?? record.body.direction) === 'in' ? 'out' : 'in';
    button.hidden = false;
    button.textContent = scan.turn(to);
    button.onclick = () => void turn(record, judged, to);
    setTimeout(() => (button.hidden = true), left);
  }

  return {
    offer(record) {
      const judged = (record.answer?.attendance ?? {}) as Judged;
      offerTypes(record, judged);
      if (record.state === 'confirmed') offerFlip(record, judged);
    },
    changed(record) {
      if (record.clientEventId !== logged) return false;
      show(record);
      return true;
    },
  };
}
