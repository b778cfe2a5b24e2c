/** What is handed over, as it is typed: one line each (evidence.md §2.4). */
import { handover as words } from '../words/handover';

export const MOST_ITEMS = 50;
export const LONGEST_ITEM = 500;

export const itemsOf = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean);

export function checkItems(text: string): string | null {
  const items = itemsOf(text);
  if (!items.length) return words.itemsNeeded;
  if (items.length > MOST_ITEMS) return words.tooMany;
  return items.some((item) => item.length > LONGEST_ITEM) ? words.tooLong : null;
}
