// Which calendar day and wall-clock time is an instant in the account's time zone, and back?

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
/** Offsets change at most at quarter hours, so one look-up per quarter hour is enough. */
const quarterMs = 15 * 60_000;

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Milliseconds that the zone is ahead of UTC at an instant. */
export function offsetMs(zone: string, utcMs: number): number {
  const quarter = Math.floor(utcMs / quarterMs);
  const key = `${zone}/${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const at = quarter * quarterMs;
  const parts: Record<string, number> = {};
  for (const part of formatOf(zone).formatToParts(at)) parts[part.type] = Number(part.value);
  const wall = Date.UTC(
    parts['year']!,
    parts['month']! - 1,
    parts['day']!,
    parts['hour']!,
    parts['minute']!,
    parts['second']!,
  );
  const offset = wall - at;
  if (offsets.size > 50_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** Milliseconds since 1970 of the wall clock, read as if it were UTC. */
export const toWallMs = (zone: string, utcMs: number): number => utcMs + offsetMs(zone, utcMs);

/** The instant of a wall-clock time; of the two in an autumn hour it takes the first. */
export function fromWallMs(zone: string, wallMs: number): number {
  const before = wallMs - offsetMs(zone, wallMs - 86_400_000);
  if (toWallMs(zone, before) === wallMs) return before;
  return wallMs - offsetMs(zone, wallMs - offsetMs(zone, wallMs));
}

/** `YYYY-MM-DD` in the zone. */
export const dayOf = (zone: string, utcMs: number): string =>
  new Date(toWallMs(zone, utcMs)).toISOString().slice(0, 10);
