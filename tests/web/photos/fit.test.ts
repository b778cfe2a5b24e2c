import { describe, expect, it } from 'vitest';
import { fitted, MOST_BYTES, shrink } from '@/photos/fit';

describe('a photo before it is sent', () => {
  it.each([
    [4000, 3000, 1280, 960],
    [3000, 4000, 960, 1280],
    [800, 600, 800, 600],
    [12000, 10, 1280, 1],
  ])('%i x %i becomes %i x %i', (width, height, w, h) => expect(fitted(width, height)).toEqual({ width: w, height: h }));

  it('loses quality first, then size, until it has at most 200 KB', async () => {
    const tried: [number, number][] = [];
    const draw = async (width: number, height: number, quality: number) => {
      tried.push([width, quality]);
      return new Blob([new Uint8Array(Math.round(width * height * quality * 0.55))]);
    };
    const made = await shrink(4000, 3000, draw);
    expect(made.size).toBeLessThanOrEqual(MOST_BYTES);
    expect(tried.slice(0, 4)).toEqual([[1280, 0.82], [1280, 0.7], [1280, 0.6], [1280, 0.5]]);
    expect(tried[4]?.[0]).toBe(1024);
  });

  it('ends with the smallest it can make', async () => {
    const made = await shrink(4000, 3000, async () => new Blob([new Uint8Array(MOST_BYTES * 2)]));
    expect(made.size).toBe(MOST_BYTES * 2);
  });
});
