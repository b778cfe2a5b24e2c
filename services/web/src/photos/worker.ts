/** Resizes away from the main thread: a 12-megapixel photo must not hold up typing (experience.md U19). */
import { shrink } from './fit';

self.onmessage = async (event: MessageEvent<Blob>) => {
  try {
    const picture = await createImageBitmap(event.data, { imageOrientation: 'from-image' });
    const blob = await shrink(picture.width, picture.height, async (width, height, quality) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(picture, 0, 0, width, height);
      return canvas.convertToBlob({ type: 'image/jpeg', quality });
    });
    self.postMessage({ blob });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
