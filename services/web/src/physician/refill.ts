/** A refused record is put right as a new event, never by changing it: where its person does that. */
import type { Body } from '../outbox/bodies';
import { read } from '../outbox/queue';
import type { OutboxRecord } from '../outbox/record';
import { query } from './router';
import { me } from './session';

export interface Refill {
  href: string;
  what: 'correction' | 'refill';
}

const PAGES = {
  half_day: '/app/work', diary: '/app/diary', correction: '/app/correction', leave: '/app/leave', objection: '/app/objection', handover: '/app/handover',
} as const;

export function refill(record: OutboxRecord): Refill | null {
  if (record.kind === 'spot') return { href: `/app/spot/${record.body.check_id}`, what: 'refill' };
  const asked = `?date=${record.date}${record.session ? `&session=${record.session}` : ''}`;
  if (record.kind === 'attendance') return { href: `/app/correction${asked}`, what: 'correction' };
  return { href: `${PAGES[record.kind]}${asked}&from=${record.clientEventId}`, what: 'refill' };
}

/** What the refused record said, for the form that is filled anew from it; null without one of this person's. */
export async function refused(): Promise<Body | null> {
  const id = query().get('from');
  const found = id ? await read(id).catch(() => undefined) : undefined;
  return found && found.personId === me.person.id ? found.body : null;
}
