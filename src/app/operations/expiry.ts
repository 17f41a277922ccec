// Which secrets and certificates end soon? Told a month before, as a task of the connection, until they are renewed.
import { listConnections, type SecretDates } from '../../connections/store.ts';
import { RecordError } from '../../core/errors.ts';
import type { Db } from '../../db/pool.ts';
import { expiryCode, noteProblem } from '../../problems/store.ts';

const dayMs = 24 * 60 * 60_000;
/** People need days to renew a secret in another system: a month is a warning, a week is urgent. */
export const warnDays = 30;
export const urgentDays = 7;

export interface Expiry {
  readonly secret: string;
  readonly since: string;
  readonly expiresAt: string | null;
  readonly level: 'fine' | 'soon' | 'urgent' | 'over';
}

export function expiriesOf(dates: SecretDates, now: Date): readonly Expiry[] {
  return Object.entries(dates).map(([secret, { since, expiresAt }]) => {
    const days = expiresAt === undefined ? Infinity : (Date.parse(expiresAt) - now.getTime()) / dayMs;
    return {
      secret,
      since,
      expiresAt: expiresAt ?? null,
      level: days <= 0 ? 'over' : days <= urgentDays ? 'urgent' : days <= warnDays ? 'soon' : 'fine',
    };
  });
}

const names: Readonly<Record<string, string>> = {
  privateKeyPem: 'certificate',
  clientSecret: 'LWA client secret',
  refreshToken: 'authorisation',
};

/** Notes one task per secret that ends soon. */
export async function warnOfExpiries(db: Db, now: Date): Promise<void> {
  for (const connection of await listConnections(db))
    for (const { secret, expiresAt, level } of expiriesOf(connection.secretDates, now)) {
      if (level === 'fine' || expiresAt === null) continue;
      const name = names[secret] ?? secret;
      await noteProblem(
        db,
        { flowId: null, connectionId: connection.id, kind: 'task', subject: secret },
        new RecordError(
          expiryCode,
          `The ${name} of “${connection.title}” ${level === 'over' ? 'has ended' : 'ends'} on ${expiresAt.slice(0, 10)}.`,
          {
            nextSteps: [`Renew the ${name} under Connections → ${connection.title}.`],
            facts: { connection: connection.id, secret, expiresAt, cause: `${secret}/${expiresAt}` },
          },
        ),
        now,
      );
    }
}
