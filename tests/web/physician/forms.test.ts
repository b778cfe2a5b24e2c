import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp, defineComponent, h, nextTick, type Ref, ref } from 'vue';
import { diaryBody, halfDayBody } from '@/outbox/bodies';
import { hangUp, phone } from '@/outbox/db';
import { type Draft, useDraft } from '@/physician/draft';
import { halfState, halfTimes, noDuty } from '@/physician/day';
import { checkHalfDay, hasWords, refsOf } from '@/physician/workForm';
import type { HalfDay } from '@/api/types';

describe('half-day form', () => {
  it('separates record references and drops repeats', () => {
    expect(refsOf(' MZ01, MZ02\uff0cMZ01\u3001MZ03 ')).toEqual(['MZ01', 'MZ02', 'MZ03']);
  });
  it.each([
    [{ date: '2026-11-23', visits: 23, refs: 'MZ20261123015' }, {}],
    [{ date: '2026-11-23', visits: null, refs: '' }, {}],
    [{ date: '2026-11-24', visits: 1, refs: '' }, { date: '不能填以后的日期' }],
    [{ date: '2026-11-23', visits: -1, refs: '' }, { visits: '请填 0 到 500 之间的整数' }],
    [{ date: '2026-11-23', visits: 1.5, refs: '' }, { visits: '请填 0 到 500 之间的整数' }],
    [{ date: '2026-11-23', visits: 1, refs: '张三' }, { refs: '只填编号,不要填患者姓名' }],
  ])('%j gives %j', (form, wrong) => expect(checkHalfDay(form, '2026-11-23')).toEqual(wrong));

  it.each([['坐诊', true], ['ok', true], ['\u{1F44D}\u{1F44D}', false], ['123', false], [' ', false]])('words in %j: %s', (text, expected) => {
    expect(hasWords(text)).toBe(expected);
  });

  it('sends a missing number as null, never as 0', () => {
    const body = halfDayBody({ clientEventId: 'a', personId: 'p', date: '2026-11-23', session: 'am', type: 'outpatient', department: ' 内科 ', count: null, refs: [], notes: ' ' });
    expect(body).toMatchObject({ type: 'outpatient', visits: null, times: null, department: '内科', notes: null, record_ref: [] });
  });
});

it('a diary body names its photos by hash and its activities by kind', () => {
  const activities = [{ kind: 'lecture' as const, count: 1, people: 20 }];
  const body = diaryBody({ clientEventId: 'a', personId: 'p', date: '2026-11-23', text: ' 坐诊 ', activities, photos: ['ff'], declaration: true });
  expect(body).toEqual({
    client_event_id: 'a', kind: 'diary', person: 'p', service_date: '2026-11-23', text: '坐诊', photo_sha256: ['ff'], declaration: true,
    activities: [{ kind: 'lecture', count: 1, people: 20, record_ref: [] }],
  });
});

describe('words of a half-day', () => {
  const half = (change: Partial<HalfDay>): HalfDay => ({
    session: 'am', duty: true, status: '', reason: null, minutes: 0, late: false, clinic: null, in_at: null, out_at: null, outpatient: null, ...change,
  });
  it.each([
    [half({ status: 'A' }), false, '已到'],
    [half({ status: 'X' }), false, '未记录到'],
    [half({ status: 'P', reason: 'window_open' }), false, '待定'],
    [half({ reason: 'future' }), false, '时段未结束'],
    [half({ reason: 'future', in_at: '2026-11-22T23:52:00Z' }), false, '已签到'],
    [half({ duty: false }), true, '休息'],
    [half({ duty: false }), false, '未排班'],
  ])('%j', (one, rest_day, expected) => expect(halfState(one, { rest_day })).toBe(expected));

  it('shows an open check-in as such', () => {
    expect(halfTimes(half({ in_at: '2026-11-22T23:52:00Z' }))).toBe('07:52 未签退');
    expect(halfTimes(half({ in_at: '2026-11-22T23:52:00Z', out_at: '2026-11-23T04:01:00Z' }))).toBe('07:52–12:01');
  });
  it('says why there is no duty', () => {
    const day = { date: '2026-11-22', rest_day: true, halves: [half({ duty: false })], ward_rounds: 0, diary: null };
    expect(noDuty(day)).toBe('休息日');
    expect(noDuty({ ...day, halves: [half({ duty: false, status: 'A' })] })).toBeNull();
    expect(noDuty({ ...day, rest_day: false })).toBe('未排班');
  });
});

describe('a draft', () => {
  interface Form { text: string; photos: string[] }
  let form: Ref<Form>;
  let draft: Draft;
  const open = async () => {
    form = ref({ text: '', photos: [] });
    const app = createApp(defineComponent({
      setup() {
        draft = useDraft('diary:p', form);
        return () => h('p');
      },
    }));
    app.mount(document.createElement('div'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    return app;
  };
  const settled = async () => {
    await nextTick();
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  beforeEach(async () => (await phone()).clear('drafts'));
  afterEach(hangUp);

  it('is kept at every keystroke and restored after a reload (U18)', async () => {
    const first = await open();
    form.value.text = '上午坐';
    await settled();
    form.value.text = '上午坐诊';
    form.value.photos.push('ff');
    await settled();
    expect(draft.savedAt.value).toBeGreaterThan(0);
    first.unmount(); // what a camera does to the page
    const second = await open();
    expect(form.value).toEqual({ text: '上午坐诊', photos: ['ff'] });
    expect(draft.restored.value).toBe(true);
    second.unmount();
  });

  it('is gone once it was saved', async () => {
    const app = await open();
    form.value.text = 'x';
    await settled();
    await draft.forget();
    form.value.text = 'y';
    await settled();
    expect(await (await phone()).get('drafts', 'diary:p')).toBeUndefined();
    app.unmount();
  });
});
