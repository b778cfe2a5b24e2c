/**
 * A photo from the phone as a small JPEG without EXIF, and the hash that names it. In a worker where the browser can,
 * else on the main thread. Rejects with Unreadable when the browser cannot read it.
 */
import { sha256 } from '../canonical/sha256';
import type { StoredPhoto } from '../outbox/db';
import { shrink } from './fit';
import PhotoWorker from './worker?worker';

export class Unreadable extends Error {}

const canWork = () => typeof Worker === 'function' && typeof OffscreenCanvas === 'function' && typeof createImageBitmap === 'function';

function inWorker(file: Blob): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const worker = new PhotoWorker();
    const end = () => worker.terminate();
    worker.onmessage = (event: MessageEvent<{ blob?: Blob; error?: string }>) => {
      end();
      if (event.data.blob) resolve(event.data.blob);
      else reject(new Unreadable(event.data.error));
    };
    worker.onerror = () => {
      end();
      reject(new Unreadable('worker'));
    };
    worker.postMessage(file);
  });
}

function loadImage(file: Blob): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Unreadable('image'));
    image.src = URL.createObjectURL(file);
  });
}

async function onMainThread(file: Blob): Promise<Blob> {
  const image = await loadImage(file);
  try {
    return await shrink(image.naturalWidth, image.naturalHeight, (width, height, quality) => {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      canvas.getContext('2d')?.drawImage(image, 0, 0, width, height);
      return new Promise((resolve, reject) =>
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Unreadable('canvas'))), 'image/jpeg', quality),
      );
    });
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

export async function resize(file: Blob): Promise<StoredPhoto> {
  const small = await (canWork() ? inWorker(file).catch(() => onMainThread(file)) : onMainThread(file));
  const bytes = await new Response(small).arrayBuffer();
  return { sha256: await sha256(new Uint8Array(bytes)), bytes, type: 'image/jpeg' };
}
