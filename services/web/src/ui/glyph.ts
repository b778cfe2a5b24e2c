/** The icons of the states, drawn from paths; always beside a word, so hidden from screen readers. */
const SVG = 'http://www.w3.org/2000/svg';

export const GLYPHS = {
  saved: 'M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm4 0v6h7V3M7 21v-7h10v7',
  sending: 'M20 11a8 8 0 0 0-14.3-4L3.5 9.2M3.5 4v5.2h5.2M4 13a8 8 0 0 0 14.3 4l2.2-2.2m0 5.2v-5.2h-5.2',
  confirmed: 'M4 12.5l5.5 5.5L20 7',
  needs_you: 'M12 4v10M12 17.5v2.5',
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
