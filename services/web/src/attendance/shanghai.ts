/** Wall clock of Asia/Shanghai (UTC+8, no summer time) from milliseconds since 1970, whatever the phone's zone is. */
export interface Wall {
  date: string;
  year: number;
  month: number;
  day: number;
  weekday: number;
  minutes: number;
  hm: string;
  hms: string;
}

export function shanghai(ms: number): Wall {
  const text = new Date(ms + 8 * 3600_000).toISOString();
  const shifted = new Date(ms + 8 * 3600_000);
  return {
    date: text.slice(0, 10),
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    minutes: shifted.getUTCHours() * 60 + shifted.getUTCMinutes(),
    hm: text.slice(11, 16),
    hms: text.slice(11, 19),
  };
}
