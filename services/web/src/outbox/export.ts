/** A record to hand to somebody else: what was signed, its signature and its receipt; coordinates stay out (experience.md §3). */
import { jcs, type Json } from '../canonical/jcs';
import type { OutboxRecord } from './record';

export const MOST_QR_BYTES = 1_000;

/** What was signed and hashed, with the signature, as canonical JSON. The location lies beside the body and is no part of it. */
export function exported(record: OutboxRecord): string {
  const parts: { [member: string]: Json } = { body: record.body };
  if (record.device) parts.device = { ...record.device };
  if (record.receipt) parts.receipt = record.receipt as unknown as Json;
  return jcs(parts);
}

/** The same without the receipt, which alone would fill the code; null when it is too long to be read from a screen. */
export function forQr(record: OutboxRecord): string | null {
  const text = exported({ ...record, receipt: null });
  return new TextEncoder().encode(text).length <= MOST_QR_BYTES ? text : null;
}

export const fileName = (record: OutboxRecord): string => `zhudian-${record.date}-${record.clientEventId.slice(0, 8)}.txt`;
