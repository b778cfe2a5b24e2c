/** Keeps sending: on opening, on focus, on `online`, and when a back-off has passed. One round at a time. */
import { clearOld, unsent } from './queue';
import type { OutboxRecord } from './record';
import { sendRest, sendText, type Server } from './sender';

export interface Pump {
  /** Try now; with force also what still waits for its back-off (「立即发送」). */
  push: (force?: boolean) => Promise<void>;
  stop: () => void;
}

export function startPump(server: Server, tell: (record: OutboxRecord) => void): Pump {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let again: 'no' | 'yes' | 'force' = 'no';

  async function round(force: boolean): Promise<void> {
    clearTimeout(timer);
    await clearOld(server.now());
    const due = (await unsent()).filter((record) => force || record.nextAt === null || record.nextAt <= server.now());
    for (const record of due) await sendText(record.clientEventId, server, tell);
    for (const record of due) await sendRest(record.clientEventId, server, tell, () => again !== 'no');
    const next = (await unsent()).map((record) => record.nextAt).filter((at): at is number => at !== null);
    if (next.length) timer = setTimeout(() => void push(), Math.max(1000, Math.min(...next) - server.now()));
  }

  async function work(force: boolean): Promise<void> {
    try {
      await round(force);
      while (again !== 'no') {
        const forced = again === 'force';
        again = 'no';
        await round(forced);
      }
    } finally {
      running = null;
    }
  }

  function push(force = false): Promise<void> {
    if (running) again = force || again === 'force' ? 'force' : 'yes';
    else running = work(force);
    return running ?? Promise.resolve();
  }

  const wake = () => {
    if (document.visibilityState !== 'hidden') void push().catch(() => undefined);
  };
  const online = () => void push(true).catch(() => undefined);
  window.addEventListener('online', online);
  window.addEventListener('focus', wake);
  document.addEventListener('visibilitychange', wake);
  return {
    push,
    stop() {
      clearTimeout(timer);
      window.removeEventListener('online', online);
      window.removeEventListener('focus', wake);
      document.removeEventListener('visibilitychange', wake);
    },
  };
}
