/** The records that wait on this phone, as the screens see them, and the pump that sends them. */
import { computed, ref } from 'vue';
import { contact, type KnownEntry, settleIn } from '../outbox/contact';
import { startPump } from '../outbox/pump';
import type { Server } from '../outbox/sender';
import { all, forget, keep, migrate, rememberPerson } from '../outbox/queue';
import type { Failure, Fix } from '../location/fix';
import { seal, withFix } from '../outbox/seal';
import { fresh, isOwed, type NewRecord, type OutboxRecord } from '../outbox/record';
import type { StoredPhoto } from '../outbox/db';
import { selfTest } from '../outbox/selftest';
import { fromShell, me, rememberMe, renew, who } from './session';

export const records = ref<OutboxRecord[]>([]);
export const canStore = ref(true);
/** What the server last has, as it said at the last contact. */
export const known = ref<KnownEntry[]>([]);
export const wiped = ref(false);
/** ≥ 80 % of the phone's space is used (experience.md §3). */
export const nearlyFull = ref(false);
const FULL = 0.8;

export const unsentCount = computed(() => records.value.filter(isOwed).length);

export const server: Server = {
  get personId() {
    return me.person.id || null;
  },
  get personName() {
    return me.person.name || null;
  },
  get csrfToken() {
    return who.csrfToken;
  },
  fetch: window.fetch.bind(window),
  now: () => Date.now(),
};
const pump = startPump(server, (record) => {
  replace(record);
  void refresh();
});

/** A page from the shell may not send before it was renewed; the pump hears `online` too and waits a moment longer. */
if (fromShell) window.addEventListener('online', () => void renew().then((ours) => (ours ? pump.push(true) : undefined)).catch(() => undefined));

function replace(record: OutboxRecord): void {
  const at = records.value.findIndex((one) => one.clientEventId === record.clientEventId);
  if (at >= 0) records.value.splice(at, 1, record);
  else records.value.push(record);
}

export async function refresh(): Promise<void> {
  records.value = await all();
}

export async function begin(): Promise<void> {
  canStore.value = await selfTest();
  if (!canStore.value) return;
  if (me.person.id) await rememberPerson(me.person.id);
  await rememberMe().catch(() => undefined);
  await migrate();
  await refresh();
  void measure();
  if (fromShell) await renew();
  await pump.push(true).catch(() => undefined);
  await report();
}

export async function measure(): Promise<void> {
  const { usage, quota } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  nearlyFull.value = Boolean(quota && usage && usage / quota >= FULL);
}

/** Tell the server what still waits here; what it last has comes back. */
async function report(): Promise<void> {
  if (navigator.onLine === false) return;
  const found = await contact(server).catch(() => null);
  if (!found) return;
  known.value = found.known;
  wiped.value = found.wiped;
}

export async function acknowledge(): Promise<void> {
  wiped.value = false;
  await settleIn(me.person.id);
}

/** Keep a new record on the phone, then send it. Rejects when the phone cannot keep it: nothing was sent then. */
export async function submit(record: NewRecord, photos: StoredPhoto[] = []): Promise<void> {
  const kept = await seal(fresh({ personName: me.person.name, ...record }, Date.now()), photos);
  replace(kept);
  void pump.push(true);
}

/** Keep a record whose position is still being asked for; sealed and sent when it came or did not. */
export async function submitWithFix(record: NewRecord, fix: Promise<Fix | Failure>): Promise<void> {
  const kept = fresh({ personName: me.person.name, ...record, waitsForFix: true }, Date.now());
  await keep(kept);
  replace(kept);
  void fix.then((found) => withFix(kept, found)).then((found) => seal(found)).catch(() => undefined).then(() => pump.push(true));
}

export const sendNow = (): Promise<void> => pump.push(true);

export const find = (clientEventId: string): OutboxRecord | undefined =>
  records.value.find((one) => one.clientEventId === clientEventId);

/** Try a photo again that was refused or did not arrive (「重传」). */
export async function resendPhoto(clientEventId: string, sha256: string): Promise<void> {
  const record = find(clientEventId);
  if (!record) return;
  const photos = record.photos.map((one) => (one.sha256 === sha256 ? { ...one, reason: null } : one));
  const changed: OutboxRecord = { ...record, photos, nextAt: null };
  await keep(JSON.parse(JSON.stringify(changed)) as OutboxRecord);
  replace(changed);
  await pump.push(true);
}

/** Delete by the person's own wish; it cannot come back. */
export async function discard(clientEventId: string): Promise<void> {
  await forget(clientEventId);
  await refresh();
}
