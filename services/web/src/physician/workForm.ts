/** What can be told wrong about a half-day before it is sent; the server checks everything again. */
import { work as words } from '../words/zh';

export const MOST_VISITS = 500;
const NAME_LIKE = /[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff号])/;

export interface HalfDayForm {
  date: string;
  visits: number | null;
  refs: string;
}

/** Record references of a line: separated by blanks, commas or 、. */
export const refsOf = (text: string): string[] => [...new Set(text.split(/[\s,,、;;]+/).filter(Boolean))];

export function checkHalfDay(form: HalfDayForm, today: string): { date?: string; visits?: string; refs?: string } {
  const wrong: { date?: string; visits?: string; refs?: string } = {};
  if (!/^\d{4}-\d{2}-\d{2}$/.test(form.date) || form.date > today) wrong.date = words.future;
  const { visits } = form;
  if (visits !== null && (!Number.isInteger(visits) || visits < 0 || visits > MOST_VISITS)) wrong.visits = words.outOfRange(MOST_VISITS);
  if (refsOf(form.refs).some((ref) => NAME_LIKE.test(ref))) wrong.refs = words.refsWrong;
  return wrong;
}
