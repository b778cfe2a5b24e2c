/** The photos of a diary or an answer while it is written: resized, kept on the phone at once, shown as small previews. */
import { onUnmounted, type Ref, ref, watch } from 'vue';
import { phone } from '../outbox/db';
import { keepPhoto, photoBytes } from '../outbox/queue';
import { resize } from '../photos/resize';
import { diary as words } from '../words/zh';
import { me } from './session';

export const MOST_PHOTOS = 9;

export interface Photos {
  previews: Ref<Record<string, string>>;
  working: Ref<boolean>;
  trouble: Ref<string[]>;
  add: (files: File[]) => Promise<void>;
  remove: (sha256: string) => Promise<void>;
}

/** @param hashes the photos, in order; they change here and are part of the draft */
export function usePhotos(hashes: Ref<string[]>, most = MOST_PHOTOS): Photos {
  const previews = ref<Record<string, string>>({});
  const working = ref(false);
  const trouble = ref<string[]>([]);

  async function preview(sha256: string): Promise<void> {
    if (previews.value[sha256]) return;
    const kept = await photoBytes(sha256).catch(() => undefined);
    if (kept) previews.value[sha256] = URL.createObjectURL(new Blob([kept.bytes], { type: kept.type }));
  }

  async function addOne(file: File, place: number): Promise<void> {
    let photo: Awaited<ReturnType<typeof resize>>;
    try {
      photo = await resize(file);
    } catch {
      trouble.value.push(words.photoUnreadable(place));
      return;
    }
    try {
      await keepPhoto(me.person.id, photo);
    } catch {
      trouble.value.push(words.photoNoSpace);
      return;
    }
    if (!hashes.value.includes(photo.sha256)) hashes.value.push(photo.sha256);
  }

  async function add(files: File[]): Promise<void> {
    trouble.value = [];
    working.value = true;
    const room = most - hashes.value.length;
    if (files.length > room) trouble.value.push(words.photoTooMany(most));
    for (const file of files.slice(0, room)) await addOne(file, hashes.value.length + 1);
    working.value = false;
  }

  async function remove(sha256: string): Promise<void> {
    hashes.value = hashes.value.filter((one) => one !== sha256);
    await (await phone()).delete('photos', sha256).catch(() => undefined);
  }

  watch(hashes, (now) => now.forEach((sha256) => void preview(sha256)), { immediate: true, deep: true });
  onUnmounted(() => Object.values(previews.value).forEach((url) => URL.revokeObjectURL(url)));
  return { previews, working, trouble, add, remove };
}
