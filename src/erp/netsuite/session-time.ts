// In which time zone does NetSuite read our moments? The session's: asked once, then UTC moments are written in it (netsuite.md §2.6).
import type { NetSuiteClient } from './client.ts';
import type { NetSuiteSettings } from './settings.ts';
import { suiteql } from './suiteql.ts';

export interface SessionTime {
  /** IANA name of the session's zone. */
  zone(): Promise<string>;
  /** `YYYY-MM-DD HH:MM:SS` in the session's zone, a little earlier than asked: around a clock change one hour is ambiguous. */
  literal(moment: Date): Promise<string>;
}

export function sessionTime(client: NetSuiteClient, settings: NetSuiteSettings): SessionTime {
  let asked: Promise<string> | undefined;
  const zone = () => {
    asked ??= settings.timeZone
      ? Promise.resolve(settings.timeZone)
      : suiteql(client, 'SELECT SESSIONTIMEZONE AS timezone FROM DUAL', [], 'the session time zone').then(
          ([row]) => normalZone(row?.['timezone'] ?? row?.['expr1']),
        );
    asked.catch(() => (asked = undefined));
    return asked;
  };
  return {
    zone,
    async literal(moment) {
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone: await zone(),
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      const text = format.format(moment);
      const hourBefore = format.format(new Date(moment.getTime() - 3_600_000));
      // In the hour that happens twice both readings print alike: the earlier one is meant, so nothing is missed.
      return hourBefore.slice(0, 13) === text.slice(0, 13) ? hourBefore : text;
    },
  };
}

/** Some sessions answer with an offset (`-08:00`) instead of a name. */
function normalZone(answer: string | undefined): string {
  if (answer === undefined) return 'America/Los_Angeles';
  const offset = /^([+-])(\d{2}):?00$/.exec(answer);
  if (!offset) return answer;
  // The signs of Etc zones are reversed by definition.
  return Number(offset[2]) === 0 ? 'UTC' : `Etc/GMT${offset[1] === '-' ? '+' : '-'}${Number(offset[2])}`;
}
