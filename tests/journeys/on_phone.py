"""What lies in the phone's database: as the page itself can open it, and raw, as somebody with the files would find it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

_OPEN = """async (raw) => {
  const open = indexedDB.open('zhudian');
  const db = await new Promise((done, failed) => { open.onsuccess = () => done(open.result); open.onerror = failed; });
  const read = (store) => new Promise((done) => { const all = db.transaction(store).objectStore(store).getAll(); all.onsuccess = () => done(all.result); });
  const bytes = (name, value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value);
  if (raw) {
    const stores = await Promise.all([...db.objectStoreNames].filter((name) => name !== 'keys').map(read));
    db.close();
    return JSON.stringify(stores, bytes);
  }
  const [records, keys] = [await read('records'), await read('keys')];
  db.close();
  return Promise.all(records.map(async ({kept}) => {
    if ('plain' in kept) return kept.plain;
    const {key} = keys.find((one) => one.id === kept.ref);
    const text = await crypto.subtle.decrypt({name: 'AES-GCM', iv: kept.iv}, key, kept.box);
    return JSON.parse(new TextDecoder().decode(text));
  }));
}"""


def on_phone(page: Page) -> list[dict[str, Any]]:
    """The records on this phone, opened with the keys that lie there."""
    found: list[dict[str, Any]] = page.evaluate(_OPEN, False)
    return found


def raw(page: Page) -> str:
    """Everything but the keys, as text."""
    return str(page.evaluate(_OPEN, True))
