/** How a photo is made small: long side ≤ 1280 px, then lower quality, then smaller, until ≤ 200 KB (experience.md §4). */
export const LONG_SIDE = 1280;
export const MOST_BYTES = 200 * 1024;
const QUALITIES = [0.82, 0.7, 0.6, 0.5];
const SHRINK = 0.8;
const SMALLEST = 480;

export function fitted(width: number, height: number, longSide = LONG_SIDE): { width: number; height: number } {
  const scale = Math.min(1, longSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Ask for ever smaller pictures until one fits. @param draw gives the JPEG of this size and quality */
export async function shrink(
  width: number,
  height: number,
  draw: (width: number, height: number, quality: number) => Promise<Blob>,
): Promise<Blob> {
  let longSide = LONG_SIDE;
  for (;;) {
    const size = fitted(width, height, longSide);
    for (const quality of QUALITIES) {
      const made = await draw(size.width, size.height, quality);
      if (made.size <= MOST_BYTES) return made;
      if (longSide <= SMALLEST && quality === QUALITIES[QUALITIES.length - 1]) return made;
    }
    longSide = Math.round(longSide * SHRINK);
  }
}
