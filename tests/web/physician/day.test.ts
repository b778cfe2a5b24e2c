import { describe, expect, it } from 'vitest';
import type { AttendanceEvent, Handover, Objection, OwnDay, SpotCheck } from '@/api/types';
import { handoverBody, objectionBody, signatureBody, spotBody } from '@/outbox/bodies';
import { asides, handoverState, objectionState } from '@/physician/aboutDay';
import { checkItems, itemsOf } from '@/physician/handoverForm';
import { choices, inTime, kindOf, objectTo, reasonsFor, targetOf } from '@/physician/objectionForm';

const nothing: OwnDay = {
  date: '2026-11-23', posting_id: 'p', notes: [], substitutions: [], corrections: [], leaves: [], orders: [], checks: [], objections: [], handovers: [],
};
const decision = { label: '同意', note: '已核对', by: '苏文简', role_label: '受援医院医务科', at: '2026-11-23T12:00:00Z' };
const check = { id: 'c1', service_date: '2026-11-23', state: 'lapsed', state_words: '未响应', issued_at: '2026-11-23T01:00:00Z', clinic: { id: 'k', name: '内科门诊' }, decision: null } as unknown as SpotCheck;
const objection = { id: 'o1', reason_words: '疑点不成立', text: '手机是新换的', due: '2026-12-07', state_words: '待处理', decision: null } as unknown as Objection;
const tap = {
  id: 'e1', label: '签到(上午)', effective_at: '2026-11-22T23:52:00Z', received_at: '2026-11-22T23:52:04Z', service_date: '2026-11-23', grade: 'B',
  marks: [{ flag: 'device_young', text: '手机绑定不满 24 小时', red: false, state: 'open' }, { flag: 'travel', text: '距离过远', red: true, state: 'dismissed' }],
} as unknown as AttendanceEvent;

describe('what was done about a date', () => {
  it('says nothing of a date nobody did anything about', () => expect(asides(nothing)).toEqual([]));

  it('names who said what, in one line each', () => {
    const day = {
      ...nothing,
      notes: [{ sessions: ['am', 'pm'], text: '停电一天', role_label: '受援医院医务科', at: '2026-11-23T12:00:00Z' }],
      substitutions: [{ sessions: ['pm'], mine: false, name: '沈知遥' }, { sessions: ['am'], mine: true, name: '沈知遥' }],
      corrections: [{ id: 'q', service_date: '2026-11-23', sessions: ['am'], what: 'missing_in', state: 'approved', state_label: '已批准', decision }],
      orders: [{ id: 'w', kind: 'government', doc_no: '9号', issuer: '区卫健委', from: '2026-11-23', from_session: 'am', to: '2026-11-23', to_session: 'pm', state_label: '待认定', decision: null }],
      checks: [check], objections: [objection],
    } as unknown as OwnDay;
    expect(asides(day).map((one) => [one.title, one.line, one.state, one.note])).toEqual([
      ['管理人员的备注', '停电一天', '上午、下午 · 受援医院医务科 20:00', ''],
      ['申请补签', '上午 · 没有签到', '已批准 · 受援医院医务科 苏文简', '意见:已核对'],
      ['抽调', '政府任务 · 区卫健委 9号', '11月23日 周一 全天 · 待认定', ''],
      ['替班', '下午由 沈知遥 替班', '', ''],
      ['替班', '上午替 沈知遥 出诊', '', ''],
      ['抽查', '09:00 发出 · 内科门诊', '未响应', ''],
      ['异议与说明', '疑点不成立 · 手机是新换的', '待处理,12月7日 周一 前答复', ''],
    ]);
  });

  it('an objection says by whom it was decided', () => {
    const decided = { ...objection, state_words: '成立', decision: { role_words: '县级卫健部门', note: '已核对', at: '' } } as Objection;
    expect(objectionState(decided)).toBe('成立 · 县级卫健部门');
  });

  it.each([
    [{ waits_for: 'doctor', may_sign: true }, '等您签字'],
    [{ waits_for: 'doctor', may_sign: false }, '待接手医师签字'],
    [{ waits_for: 'recipient_admin', may_sign: false }, '待受援医院确认'],
    [{ waits_for: null, may_sign: false }, '已完成'],
  ])('a handover %j says %s', (one, words) => expect(handoverState(one as Handover)).toBe(words));
});

describe('objection form', () => {
  it('offers grades, open flags and checks of the date, each as one choice', () => {
    expect(choices([tap], [check], '2026-11-24')).toEqual([
      { value: 'grade|e1', label: '签到(上午) 07:52 证据等级 B' },
      { value: 'flag|e1:device_young', label: '签到(上午) 07:52 疑点:手机绑定不满 24 小时' },
      { value: 'check|c1', label: '09:00 的抽查' },
    ]);
  });
  it('offers nothing after fifteen days', () => {
    expect(inTime('2026-11-23', '2026-12-08')).toBe(true);
    expect(choices([tap], [check], '2026-12-09')).toEqual([]);
  });
  it('an address names date and target, which come back whole', () => {
    const chosen = 'flag|e1:device_young' as const;
    const back = new URL(objectTo('2026-11-23', chosen), 'https://x').searchParams;
    expect(back.get('about')).toBe(chosen);
    expect([kindOf(chosen), targetOf(chosen), reasonsFor(chosen)]).toEqual(['flag', 'e1:device_young', ['flag_wrong', 'other']]);
    expect([kindOf(''), reasonsFor('month|2026-11')[0]]).toEqual([null, 'figure_wrong']);
  });
  it('its body names posting, target and reason', () => {
    expect(objectionBody({ clientEventId: 'a', personId: 'd', postingId: 'p', about: 'flag', target: 'e1:device_young', reason: 'flag_wrong', text: ' 新手机 ' })).toEqual({
      client_event_id: 'a', kind: 'objection', person: 'd', posting_id: 'p', target_kind: 'flag', target: 'e1:device_young', reason_code: 'flag_wrong', text: '新手机',
    });
  });
});

describe('handover form', () => {
  it('takes one item a line and says what is wrong', () => {
    expect(itemsOf(' 门诊 \n\n慢病名册\n')).toEqual(['门诊', '慢病名册']);
    expect([checkItems(' \n'), checkItems('门诊'), checkItems('x\n'.repeat(51)), checkItems('x'.repeat(501))])
      .toEqual(['请写明交接事项', null, '最多 50 项', '每一项不超过 500 个字']);
  });
  it('its bodies name both postings, and the hash of what was read', () => {
    expect(handoverBody({ clientEventId: 'a', personId: 'd', postingId: 'p', inPostingId: 'q', items: ['门诊'] }))
      .toEqual({ client_event_id: 'a', kind: 'handover', person: 'd', posting_id: 'p', in_posting_id: 'q', items: ['门诊'] });
    expect(signatureBody({ clientEventId: 'a', personId: 'd', itemsSha256: 'f' })).toEqual({ client_event_id: 'a', kind: 'handover_signature', person: 'd', items_sha256: 'f' });
  });
});

describe('answer to a spot check', () => {
  const given = {
    clientEventId: 'a', personId: 'd', checkId: 'c', clinicId: 'k', scanned: null, typed: null, online: true, deviceTime: 0,
    beacon: { beacon_id: null, beacon_age_ms: null, mono_ms: null }, failure: 'not_asked' as const, photos: [], declaration: false,
  };
  it('a scanned code stands for the clinic, and no photo is no member', () => {
    const body = spotBody({ ...given, scanned: { siteToken: 's', ticket: 't' } });
    expect(body).toMatchObject({ site_token: 's', ticket: 't' });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['clinic_id']));
    expect(Object.keys(body)).not.toContain('photo_sha256');
  });
  it('photos carry the declaration', () => {
    expect(spotBody({ ...given, photos: ['f'], declaration: true })).toMatchObject({ clinic_id: 'k', photo_sha256: ['f'], declaration: true });
  });
});
