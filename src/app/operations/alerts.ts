// What may be done with alerts: set the mail server, send a test, mail a one-time link; and the regular work of telling.
import { randomBytes } from 'node:crypto';
import { deliveryById, forgetSent, queueMessage } from '../../alerts/outbox/store.ts';
import type { MailSettings, WatchSettings } from '../../alerts/settings.ts';
import { createWebhook, removeWebhook } from '../../alerts/store.ts';
import { linkMessage, testMessage, tongueOf } from '../../alerts/words.ts';
import { writeAudit } from '../../audit/store.ts';
import { inTransaction } from '../../db/pool.ts';
import { readHouse, saveHouse } from '../../house/store.ts';
import { deliverMessages, webhookContext } from '../alerts/deliver.ts';
import { tellSubscribers } from '../alerts/tell.ts';
import { watchHouse } from '../alerts/watch.ts';
import { type OperateParts, refuse } from './parts.ts';

export interface AlertOperations {
  saveMail(settings: MailSettings, password: string | null | undefined, actor: string): Promise<void>;
  saveWatch(settings: WatchSettings, actor: string): Promise<void>;
  /** Queues a test message and says what became of it. */
  testMail(to: string, locale: string): Promise<{ readonly sent: boolean; readonly error: string | null }>;
  testWebhook(id: string): Promise<{ readonly sent: boolean; readonly error: string | null }>;
  /** The secret to check signatures with; shown once. */
  addWebhook(
    hook: { readonly name: string; readonly url: string; readonly digest: boolean; readonly urgent: boolean },
    actor: string,
  ): Promise<string>;
  removeWebhook(id: string, actor: string): Promise<void>;
  /** False when no mail server is set. */
  mailLink(link: {
    readonly purpose: 'invite' | 'reset';
    readonly email: string;
    readonly name: string;
    readonly url: string;
    readonly by: string;
  }): Promise<boolean>;
  /** Looks, tells and sends; called every few seconds. */
  alertUpkeep(): Promise<void>;
}

const dayMs = 24 * 3_600_000;
const keptDays = 30;
const watchEveryMs = 60_000;

export function alertOperations(parts: OperateParts): AlertOperations {
  const { db, vault, clock } = parts;
  const url = parts.publicUrl ?? 'http://localhost:4380';
  const place = new URL(url).hostname;
  let watchedAt = Number.NEGATIVE_INFINITY;
  const test = async (message: Parameters<typeof queueMessage>[2]) => {
    const id = await queueMessage(db, vault, message, clock.now());
    await deliverMessages(parts);
    return outcomeOf(parts, id);
  };
  return {
    saveMail: (settings, password, actor) =>
      inTransaction(db, async (tx) => {
        const { host } = settings;
        if (settings.security === 'none' && settings.user !== '' && !isLocal(host))
          throw refuse(
            'MAIL_UNSAFE',
            'Without encryption a password would cross the network in the clear.',
            ['Choose TLS or STARTTLS, or leave user and password empty.'],
            'security',
          );
        await saveHouse(tx, vault, 'mail', {
          value: settings,
          ...(password === undefined ? {} : { secret: password === null ? null : { password } }),
          by: actor,
          now: clock.now(),
        });
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'house.mail',
          subject: 'mail',
          detail: { host, port: settings.port, passwordChanged: password !== undefined },
        });
      }),
    saveWatch: (settings, actor) =>
      inTransaction(db, async (tx) => {
        await saveHouse(tx, vault, 'watch', { value: settings, by: actor, now: clock.now() });
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'house.watch',
          subject: 'watch',
          detail: { ...settings },
        });
      }),
    testMail: (to, locale) => {
      const { subject, text } = testMessage(tongueOf(locale), place);
      return test({ kind: 'test', channel: 'mail', target: to, subject, body: text });
    },
    testWebhook: (id) => {
      const { subject } = testMessage('en', place);
      return test({
        kind: 'test',
        channel: 'webhook',
        target: id,
        subject,
        body: JSON.stringify({ kind: 'test', place, text: subject, opened: [], resolved: [] }),
      });
    },
    async addWebhook(hook, actor) {
      const secret = `whsec_${randomBytes(24).toString('base64url')}`;
      await inTransaction(db, async (tx) => {
        const id = await createWebhook(tx, { ...hook, by: actor, now: clock.now() }, (made) =>
          vault.seal(secret, webhookContext(made)),
        );
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'webhook.made',
          subject: `webhook:${id}`,
          detail: { name: hook.name, host: new URL(hook.url).host },
        });
      });
      return secret;
    },
    async removeWebhook(id, actor) {
      if (!(await removeWebhook(db, id, clock.now())))
        throw refuse('WEBHOOK_UNKNOWN', `There is no webhook ${id}.`, ['Reload the list.']);
      await writeAudit(db, { at: clock.now(), actor, action: 'webhook.removed', subject: `webhook:${id}` });
    },
    async mailLink(link) {
      if (!(await readHouse(db, 'mail'))) return false;
      const { subject, text } = linkMessage(link, place);
      await queueMessage(
        db,
        vault,
        { kind: 'link', channel: 'mail', target: link.email, subject, body: text },
        clock.now(),
      );
      return true;
    },
    async alertUpkeep() {
      const now = clock.now().getTime();
      if (now - watchedAt >= watchEveryMs) {
        watchedAt = now;
        await watchHouse(parts);
        await forgetSent(db, new Date(now - keptDays * dayMs));
      }
      await tellSubscribers({ ...parts, place, url });
      await deliverMessages(parts);
    },
  };
}

const isLocal = (host: string): boolean => /^(localhost|127\.|::1$|\[::1\]$)/.test(host);

async function outcomeOf({ db }: OperateParts, id: bigint) {
  const row = await deliveryById(db, id);
  return { sent: row?.state === 'sent', error: row?.error ?? null };
}
