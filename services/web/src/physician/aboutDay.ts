/** What others and the physician did about a date, one line each, in the words of its day (experience.md PH-06). */
import type { Handover, Objection, Order, OwnDay, SpotCheck } from '../api/types';
import { shanghai } from '../attendance/shanghai';
import { handover as handing, orders } from '../words/handover';
import { objection } from '../words/objection';
import { correction, day as words, leave, spot } from '../words/requests';
import { dayName, sessionName } from './day';

export interface Aside {
  key: string;
  title: string;
  line: string;
  state: string;
  /** What somebody said about it. */
  note: string;
  href: string | null;
}

const hm = (instant: string) => shanghai(Date.parse(instant)).hm;
const halves = (sessions: readonly string[]) => words.halves(sessions.map(sessionName));
const aside = (key: string, title: string, line: string, more: Partial<Aside> = {}): Aside => ({ key, title, line, state: '', note: '', href: null, ...more });

/** 「已批准 · 受援医院医务科 苏文简」, or the state alone. */
const ruled = (one: { state_label: string; decision: { role_label: string; by: string } | null }) =>
  one.decision ? correction.decided(one.state_label, one.decision.role_label, one.decision.by) : one.state_label;
const said = (decision: { note: string } | null) => (decision?.note ? correction.note(decision.note) : '');

export const orderSpan = (one: Order): string =>
  orders.span(dayName(one.from), sessionName(one.from_session), dayName(one.to), sessionName(one.to_session));

export const orderLine = (one: Order): string => `${orders.kinds[one.kind] ?? ''} · ${orders.document(one.doc_no, one.issuer)}`;

/** 「待处理,11月30日 周一 前答复」, or what was decided and by whom. */
export const objectionState = (one: Objection): string =>
  one.decision ? objection.decided(one.state_words, one.decision.role_words) : objection.open(dayName(one.due));

export const objectionNote = (one: Objection): string => said(one.decision);

export const handoverState = (one: Handover): string => (one.waits_for ? (one.may_sign ? handing.waiting : (handing.waits[one.waits_for] ?? '')) : handing.complete);

const checkLine = (one: SpotCheck) => [one.issued_at ? spot.issued(hm(one.issued_at)) : '', one.clinic.name].filter(Boolean).join(' · ');

export function asides(day: OwnDay): Aside[] {
  return [
    ...day.notes.map((one, index) => aside(`note-${index}`, words.notes, one.text, { state: `${halves(one.sessions)} · ${one.role_label} ${hm(one.at)}` })),
    ...day.corrections.map((one) => aside(one.id, correction.title, `${halves(one.sessions)} · ${correction.whats[one.what]}`, { state: ruled(one), note: said(one.decision), href: '/app/correction' })),
    ...day.leaves.map((one) => aside(one.id, leave.title, leave.types[one.type], { state: ruled(one), note: said(one.decision), href: '/app/leave' })),
    ...day.orders.map((one) => aside(one.id, words.orders, orderLine(one), { state: `${orderSpan(one)} · ${ruled(one)}`, note: said(one.decision) })),
    ...day.substitutions.map((one, index) => aside(`stand-in-${index}`, words.substitutions, one.mine ? words.substituting(one.name, halves(one.sessions)) : words.substituted(one.name, halves(one.sessions)))),
    ...day.handovers.map((one) => aside(one.id, handing.title, handing.from(one.out_name, one.in_name), { state: handoverState(one), href: '/app/handover' })),
    ...day.checks.map((one) => aside(one.id, words.checks, checkLine(one), { state: one.state_words, note: one.decision?.note ? spot.note(one.decision.note) : '', href: `/app/spot/${one.id}` })),
    ...day.objections.map((one) => aside(one.id, words.objections, `${one.reason_words} · ${one.text}`, { state: objectionState(one), note: objectionNote(one) })),
  ];
}
