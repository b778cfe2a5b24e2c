/** Keeps the focus inside an open sheet or dialog and gives it back afterwards; WeUI ships CSS only (experience.md §5). */
const REACHABLE = 'button:not([disabled]), input:not([disabled]):not([type=hidden]), a[href], textarea, select';
const FIRST = 'button:not([disabled]), input:not([disabled]):not([type=hidden]), a[href]';

/** @param away what Escape does @returns end the trap and return the focus */
export function trapFocus(box: HTMLElement, away: () => void): () => void {
  const before = document.activeElement as HTMLElement | null;
  const inside = () => Array.from(box.querySelectorAll<HTMLElement>(REACHABLE));
  function onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') away();
    if (event.key !== 'Tab') return;
    const all = inside();
    const [edge, other] = event.shiftKey ? [all[0], all[all.length - 1]] : [all[all.length - 1], all[0]];
    if (document.activeElement !== edge && box.contains(document.activeElement)) return;
    event.preventDefault();
    other?.focus();
  }
  document.addEventListener('keydown', onKey);
  box.querySelector<HTMLElement>(FIRST)?.focus();
  return () => {
    document.removeEventListener('keydown', onKey);
    before?.focus?.();
  };
}
