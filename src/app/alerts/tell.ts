// What is told to whom, and when? Every quarter of an hour a digest of what is new and what is over; what is urgent at once;
// nothing in quiet hours; nothing twice. Next: deliver.ts, which sends what is queued here.

import { queueMessage } from '../../alerts/outbox/store.ts';
import { isQuiet } from '../../alerts/quiet.ts';
import {
  endsUntold,
  holdsAlertLock,
  listSubscribers,
  markDigest,
  markEndsTold,
  markTold,
  openFor,
  type Subscriber,
  untold,
} from '../../alerts/store.ts';
import {
  type AlertProblem,
  digestMessage,
  type Message,
  tongueOf,
  urgentMessage,
} from '../../alerts/words.ts';
import type { Clock } from '../../core/clock.ts';
import { type Db, inTransaction } from '../../db/pool.ts';
import type { Vault } from '../../vault/vault.ts';

export interface TellParts {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: Clock;
  /** The installation's name in subjects, and its address in links. */
  readonly place: string;
  readonly url: string;
}

export const digestEveryMs = 15 * 60_000;

/** Queues what is due for every subscriber; returns how many messages. */
export async function tellSubscribers(parts: TellParts): Promise<number> {
  let queued = 0;
  for (const subscriber of await listSubscribers(parts.db))
    queued += await inTransaction(parts.db, async (tx) =>
      (await holdsAlertLock(tx)) ? tellOne(parts, tx, subscriber) : 0,
    );
  return queued;
}

async function tellOne(parts: TellParts, tx: Db, subscriber: Subscriber): Promise<number> {
  const now = parts.clock.now();
  const quiet = isQuiet(subscriber, now);
  let queued = 0;
  if (subscriber.urgent && (!quiet || subscriber.urgentInQuiet))
    for (const problem of await untold(tx, subscriber, true)) {
      const message = urgentMessage(problem, tongueOf(subscriber.locale), parts.place, parts.url);
      await queue(parts, tx, subscriber, { kind: 'urgent', message, opened: [problem], resolved: [] });
      await markTold(tx, subscriber.key, [problem.id], now);
      queued++;
    }
  const due = !subscriber.digestAt || now.getTime() - subscriber.digestAt.getTime() >= digestEveryMs;
  if (!subscriber.digest || quiet || !due) return queued;
  const [opened, resolved] = [await untold(tx, subscriber, false), await endsUntold(tx, subscriber)];
  await markDigest(tx, subscriber.key, now);
  if (opened.length + resolved.length === 0) return queued;
  const open = await openFor(tx, subscriber);
  const message = digestMessage(
    { opened, resolved, open },
    tongueOf(subscriber.locale),
    parts.place,
    parts.url,
  );
  await queue(parts, tx, subscriber, { kind: 'digest', message, opened, resolved, open });
  await markTold(
    tx,
    subscriber.key,
    opened.map((problem) => problem.id),
    now,
  );
  await markEndsTold(
    tx,
    subscriber.key,
    resolved.map((problem) => problem.id),
    now,
  );
  return queued + 1;
}

interface Told {
  readonly kind: 'digest' | 'urgent';
  readonly message: Message;
  readonly opened: readonly AlertProblem[];
  readonly resolved: readonly AlertProblem[];
  readonly open?: number;
}

async function queue(
  { vault, clock, place, url }: TellParts,
  tx: Db,
  subscriber: Subscriber,
  told: Told,
): Promise<void> {
  const plain = (problem: AlertProblem) => ({
    id: problem.id.toString(),
    code: problem.code,
    urgent: problem.urgent,
    records: problem.records.toString(),
    flow: problem.flowId,
    connection: problem.connectionId,
    firstSeenAt: problem.firstSeenAt.toISOString(),
    url: `${url}/problems/${problem.id}`,
  });
  const body =
    subscriber.channel === 'mail'
      ? told.message.text
      : JSON.stringify({
          kind: told.kind,
          place,
          text: told.message.subject,
          opened: told.opened.map(plain),
          resolved: told.resolved.map(plain),
          ...(told.open === undefined ? {} : { open: told.open }),
        });
  await queueMessage(
    tx,
    vault,
    {
      kind: told.kind,
      channel: subscriber.channel,
      target: subscriber.target,
      subject: told.message.subject,
      body,
    },
    clock.now(),
  );
}
