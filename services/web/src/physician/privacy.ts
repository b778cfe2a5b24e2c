/** What a person allows this phone: the signing key (screen D) and one reading of the position per tap (screen L). */
import { ref } from 'vue';
import { decide, decision, type Decision, tellConsent } from '../location/consent';
import { type Enrolment, enrol, post } from '../outbox/contact';
import { deviceKey, dropDeviceKey, makeDeviceKey, noKeyHere } from '../outbox/device';
import { server } from './outbox';
import { me } from './session';

const SCREEN_D_VERSION = 'D-2026-11';

export type Binding = 'unknown' | 'none' | 'waits' | 'bound' | 'impossible' | 'refused';

export const binding = ref<Binding>('unknown');
export const refusal = ref<Exclude<Enrolment, string> | null>(null);
export const impossible = noKeyHere();
export const position = ref<Decision | null>(null);

function settle(result: Enrolment): void {
  binding.value = result === 'enrolled' ? 'bound' : result === 'away' ? 'waits' : 'refused';
  refusal.value = typeof result === 'object' ? result : null;
}

export async function lookUp(): Promise<void> {
  position.value = await decision(me.person.id);
  if (impossible) binding.value = 'impossible';
  else {
    const key = await deviceKey(me.person.id).catch(() => null);
    binding.value = key === null ? 'none' : key.enrolled ? 'bound' : 'waits';
  }
}

/** Tie this phone to the person: make the key, then tell the server. */
export async function bind(): Promise<void> {
  try {
    if (refusal.value?.slug === 'device-taken') await dropDeviceKey(me.person.id);
    await makeDeviceKey(me.person.id);
  } catch {
    binding.value = 'impossible';
    return;
  }
  const [at, told] = [new Date().toISOString(), { screen: 'D', version: SCREEN_D_VERSION, language: 'zh-CN', given: true }];
  settle(await enrol(server));
  await post(server, '/api/identity/consents', { ...told, decided_at: at });
}

/** What could not be told before is told when there is a network. */
export async function catchUp(): Promise<void> {
  await lookUp();
  if (binding.value === 'waits') settle(await enrol(server));
  await tell();
}

const tell = () => tellConsent(me.person.id, async (body) => {
  const answer = await post(server, '/api/identity/consents', body);
  return answer !== null && answer.status < 300;
});

/** One tap gives or withdraws; it counts on this phone at once, with or without a network. */
export async function allowPosition(given: boolean): Promise<void> {
  await decide(me.person.id, given);
  position.value = await decision(me.person.id);
  await tell();
}
