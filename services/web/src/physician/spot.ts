/** Answers to a spot check go the way of every record; the position is asked for as at a tap (experience.md PH-15). */
import { shanghai } from '../attendance/shanghai';
import { readFix } from '../location/fix';
import { beaconClaim } from '../outbox/beacon';
import { type Scanned, spotBody, spotBusyBody } from '../outbox/bodies';
import { spot as words } from '../words/requests';
import { submit, submitWithFix } from './outbox';
import { me, serverNow } from './session';

const record = (event: string, id: string, what: 'answer' | 'busy') => ({
  clientEventId: event, kind: 'spot' as const, personId: me.person.id, date: shanghai(serverNow()).date, session: null,
  label: what === 'busy' ? words.busy : words.title, route: `/api/checkin/spot/${id}/${what}`,
});

export interface SpotProof {
  scanned: Scanned | null;
  typed: string | null;
  attach: boolean;
  /** The person said no to the position once; without a tick it was simply not asked for. */
  declined: boolean;
  photos: string[];
  declaration: boolean;
}

export async function answerSpot(event: string, { id, clinic }: { id: string; clinic: string | null }, proof: SpotProof): Promise<void> {
  const { scanned, typed, attach, declined, photos, declaration } = proof;
  const fix = attach ? readFix() : null;
  const failure = attach ? null : declined ? 'no_consent' : 'not_asked';
  const [personId, beacon] = [me.person.id, await beaconClaim(me.person.id)];
  const online = navigator.onLine !== false;
  const body = spotBody({ clientEventId: event, personId, checkId: id, clinicId: clinic, scanned, typed, online, deviceTime: Date.now(), beacon, failure, photos, declaration });
  const parts = photos.map((sha256) => ({ sha256, sent: false, reason: null }));
  if (fix) await submitWithFix({ ...record(event, id, 'answer'), body, photos: parts }, fix);
  else await submit({ ...record(event, id, 'answer'), body, photos: parts });
}

export async function saySpotBusy(event: string, id: string): Promise<void> {
  const body = spotBusyBody({ clientEventId: event, personId: me.person.id, checkId: id, saidAt: Date.now() });
  await submit({ ...record(event, id, 'busy'), body });
}
