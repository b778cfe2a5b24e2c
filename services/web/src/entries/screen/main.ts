/** The clinic screen: a code per slot from the server, drawn here; the clock shown is the server's (KS-01). */
import { shanghai } from '../../attendance/shanghai';
import { qrSvg } from '../../ui/qr';
import { screen } from '../../words/screen';

interface Code {
  url: string;
  typed: string;
  expires_in_ms: number;
  server_time: string | number;
}

const RETRY_MS = 3_000;
const SKEW_SHOWN_S = 5;
const GRACE_MS = 15_000; // the server takes the slot before as well

const byId = (id: string) => document.getElementById(id);

function start(root: HTMLElement): void {
  const url = root.dataset.codeUrl ?? '';
  let offset = Number(root.dataset.serverTime) - Date.now() || 0;
  let expires = 0;
  let asking = false;

  function note(text: string): void {
    const shown = byId('note');
    if (!shown) return;
    shown.hidden = text === '';
    if (shown.textContent !== text) shown.textContent = text;
  }

  function draw(code: Code): void {
    const [qr, typed] = [byId('qr'), byId('typed')];
    if (qr) {
      qr.textContent = '';
      qr.append(qrSvg(code.url));
    }
    if (typed) typed.textContent = screen.typed(code.typed);
    const time = typeof code.server_time === 'number' ? code.server_time : Date.parse(code.server_time);
    offset = time - Date.now();
    expires = Date.now() + code.expires_in_ms;
    const seconds = Math.round(Math.abs(offset) / 1000);
    note(seconds > SKEW_SHOWN_S ? screen.skew(seconds) : '');
  }

  function clear(): void {
    for (const name of ['qr', 'typed']) {
      const shown = byId(name);
      if (shown) shown.textContent = '';
    }
  }

  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      const response = await fetch(url, { cache: 'no-store', headers: { Accept: 'application/json' } });
      if (response.status === 404) {
        clear();
        note(screen.revoked);
        setTimeout(() => (asking = false), 60_000);
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      draw((await response.json()) as Code);
      asking = false;
    } catch {
      note(screen.offline);
      if (Date.now() > expires + GRACE_MS) clear();
      setTimeout(() => (asking = false), RETRY_MS);
    }
  }

  function tick(): void {
    const left = expires - Date.now();
    const [shownLeft, clock] = [byId('left'), byId('clock')];
    if (shownLeft) shownLeft.textContent = left > 0 ? screen.left(Math.ceil(left / 1000)) : screen.renewing;
    const wall = shanghai(Date.now() + offset);
    if (clock) clock.textContent = screen.clock(wall.date, wall.hms);
    if (left <= 0) void ask();
  }

  setInterval(tick, 250);
  tick();
}

const root = byId('screen');
if (root) start(root);
