/** Can this phone keep a record? Write, read and delete one (experience.md §2). */
import { phone } from './db';

const PROBE = 'self-test';

export async function selfTest(): Promise<boolean> {
  try {
    const db = await phone();
    await db.put('facts', { key: PROBE, value: 1 });
    const kept = (await db.get('facts', PROBE))?.value === 1;
    await db.delete('facts', PROBE);
    if (kept) navigator.storage?.persist?.().catch(() => false);
    return kept;
  } catch {
    return false;
  }
}
