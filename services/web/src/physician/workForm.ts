/** What can be told wrong about a half-day or a diary before it is sent; the server checks everything again. */
import { work as words } from '../words/zh';

export const MOST_VISITS = 500;
const REF = /^[0-9A-Za-z][0-9A-Za-z/-]{0,39}$/;
const LETTER = /[A-Za-z\u00c0-\u024f\u3400-\u9fff]/;

export interface HalfDayForm {
  date: string;
  visits: number | null;
  refs: string;
}

/** Record references of a line: separated by blanks, commas or semicolons, of either script. */
export const refsOf = (text: string): string[] => [...new Set(text.split(/[\s,;\uff0c\u3001\uff1b]+/).filter(Boolean))];

export function checkHalfDay(form: HalfDayForm, today: string): { date?: string; visits?: string; refs?: string } {
  const wrong: { date?: string; visits?: string; refs?: string } = {};
  if (!/^\d{4}-\d{2}-\d{2}$/.test(form.date) || form.date > today) wrong.date = words.future;
  const { visits } = form;
  if (visits !== null && (!Number.isInteger(visits) || visits < 0 || visits > MOST_VISITS)) wrong.visits = words.outOfRange(MOST_VISITS);
  if (refsOf(form.refs).some((ref) => !REF.test(ref))) wrong.refs = words.refsWrong;
  return wrong;
}

/** Whether somebody wrote something: emoji, digits and blanks are no words. */
export const hasWords = (text: string): boolean => LETTER.test(text);
