/**
 * Consent to one reading of the position at a tap (security.md §5, screen L), and whether it is wanted. Both stay on the
 * phone per person; the decision also goes to the server, as soon as it can be reached.
 */
import { getFact, setFact } from '../outbox/db';

/** Changes with the words of the screen: an older consent is asked for anew. */
export const SCREEN_L = { screen: 'L', version: 'L-2026-11', language: 'zh-CN' } as const;

export interface Decision {
  given: boolean;
  version: string;
  at: string;
  /** The server has it. */
  told: boolean;
}

const decisionKey = (person: string | null) => `consent:L:${person ?? ''}`;
const wantKey = (person: string | null) => `attach:L:${person ?? ''}`;

export async function decision(person: string | null): Promise<Decision | null> {
  const kept = await getFact<Decision>(decisionKey(person)).catch(() => null);
  return kept?.version === SCREEN_L.version ? kept : null;
}

export async function decide(person: string | null, given: boolean): Promise<void> {
  await setFact(decisionKey(person), { given, version: SCREEN_L.version, at: new Date().toISOString(), told: false } satisfies Decision);
  await want(person, given);
}

/** Whether 「附上位置」 is ticked: remembered, and off until consent was given. */
export async function wanted(person: string | null): Promise<boolean> {
  return (await decision(person))?.given === true && (await getFact<boolean>(wantKey(person)).catch(() => null)) === true;
}

export const want = (person: string | null, on: boolean): Promise<void> => setFact(wantKey(person), on);

/** Tell the server a decision it does not have yet. @param post gives whether the server took it */
export async function tellConsent(person: string, post: (body: object) => Promise<boolean>): Promise<void> {
  const kept = await decision(person);
  if (!kept || kept.told) return;
  const { given, at } = kept;
  if (!(await post({ ...SCREEN_L, given, decided_at: at }))) return;
  const now = await decision(person);
  if (now?.at === at) await setFact(decisionKey(person), { ...now, told: true });
}
