/** The icons of states and tabs, drawn from paths; always beside a word, so hidden from screen readers. */
const SVG = 'http://www.w3.org/2000/svg';

export const GLYPHS = {
  saved: 'M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm4 0v6h7V3M7 21v-7h10v7',
  sending: 'M20 11a8 8 0 0 0-14.3-4L3.5 9.2M3.5 4v5.2h5.2M4 13a8 8 0 0 0 14.3 4l2.2-2.2m0 5.2v-5.2h-5.2',
  confirmed: 'M4 12.5l5.5 5.5L20 7',
  needs_you: 'M12 4v10M12 17.5v2.5',
  draft: 'M4 20l1-5L16 4l4 4L9 19l-5 1zM13.5 6.5l4 4',
  today: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 4v5.5l3.5 2',
  records: 'M6 3h12v18H6zM9 8h6M9 12h6M9 16h4',
  progress: 'M4 20V11h4v9M10 20V4h4v16M16 20v-6h4v6M3 20h18',
  me: 'M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM3.5 21c.6-4.3 4-6.5 8.5-6.5s7.9 2.200 8.5 6.5',
  unsure: 'M8 9a4 4 0 1 1 5.5 3.7c-1 .4-1.5 1-1.5 2.3M12 18v2',
  cross: 'M5 5l14 14M19 5L5 19',
  plus: 'M12 4v16M4 12h16',
  minus: 'M4 12h16',
} as const;

export type Glyph = keyof typeof GLYPHS;

export function glyph(name: Glyph): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of [['viewBox', '0 0 24 24'], ['width', '22'], ['height', '22'], ['aria-hidden', 'true'], ['class', 'zd-icon']] as const)
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, 'path');
  for (const [key, value] of [['d', GLYPHS[name]], ['fill', 'none'], ['stroke', 'currentColor'], ['stroke-width', '2']] as const)
    path.setAttribute(key, value);
  svg.append(path);
  return svg;
}
