// Which standing conditions are problems of their own? Opened while they hold, resolved by themselves when they end.

import { type WatchSettings, watchDefaults } from '../../alerts/settings.ts';
import { endingTokens, readSilences, type Silence } from '../../alerts/watch/store.ts';
import type { Clock } from '../../core/clock.ts';
import { RecordError } from '../../core/errors.ts';
import type { Db } from '../../db/pool.ts';
import { readHouse } from '../../house/store.ts';
import { restateProblem } from '../../problems/store.ts';

/** With five orders expected, none at all happens by chance less than once in a hundred times (e⁻⁵). */
const expectedMin = 5;
const comparedDays = 14;

export const isSilent = ({ hours, normal }: Silence, settings: WatchSettings): boolean =>
  hours >= settings.silenceHours && normal >= expectedMin;

export async function watchHouse({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const now = clock.now();
  const settings = { ...watchDefaults, ...(await readHouse<Partial<WatchSettings>>(db, 'watch')) };
  for (const silence of await readSilences(db, now, comparedDays))
    await restateProblem(
      db,
      { flowId: silence.flowId, connectionId: silence.connectionId, kind: 'task', subject: 'silence' },
      'ORDERS_SILENT',
      isSilent(silence, settings) ? silent(silence) : undefined,
      now,
    );
  const ending = await endingTokens(db, now, settings.tokenDays);
  await restateProblem(
    db,
    { flowId: null, connectionId: null, kind: 'task', subject: 'tokens' },
    'TOKEN_ENDS',
    ending.length > 0 ? ends(ending) : undefined,
    now,
  );
}

function silent({ hours, normal }: Silence): RecordError {
  const [past, usual] = [Math.floor(hours), Math.round(normal)];
  return new RecordError(
    'ORDERS_SILENT',
    `No order for ${past} hours; normally about ${usual} come in that time.`,
    {
      nextSteps: [
        'Look at the marketplace: are listings active, and do orders arrive there?',
        'Test the connection; if orders are there and not here, run the flow for the last hours.',
      ],
      facts: { hours: past, normal: usual, cause: 'silence' },
    },
  );
}

function ends(tokens: readonly { readonly name: string; readonly expiresAt: Date }[]): RecordError {
  const [first] = tokens;
  const on = first!.expiresAt.toISOString().slice(0, 10);
  return new RecordError(
    'TOKEN_ENDS',
    tokens.length === 1
      ? `The token “${first!.name}” ends on ${on}.`
      : `${tokens.length} tokens end soon, “${first!.name}” on ${on} first.`,
    {
      nextSteps: ['Make a new token for the program that uses it, then revoke this one.'],
      facts: { tokens: tokens.map((token) => token.name), endsOn: on, cause: 'tokens' },
    },
  );
}
