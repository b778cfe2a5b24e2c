/** The bodies that are hashed and kept (evidence.md §4): built once per gesture, never changed under their id. */
import type { Json } from '../canonical/jcs';

export type Body = { [key: string]: Json };

export interface TapInput {
  clientEventId: string;
  personId: string | null;
  siteToken: string;
  direction: 'in' | 'out';
  ticket: string | null;
  code: string | null;
  deviceTime: number;
}

export function tapBody(tap: TapInput): Body {
  return {
    client_event_id: tap.clientEventId,
    kind: 'attendance',
    person: tap.personId,
    site_token: tap.siteToken,
    direction: tap.direction,
    ticket: tap.ticket,
    k: tap.code,
    device_time: new Date(tap.deviceTime).toISOString(),
    loc: null,
    loc_failure: 'not_asked',
  };
}
